//! The program itself, as a process with a folder of its own. Every wait has an end, and nothing outlives its test.

use std::{
    ffi::OsStr,
    fs::{self, Permissions},
    os::unix::{fs::PermissionsExt as _, process::ExitStatusExt as _},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    task::JoinHandle,
};

/// How long a process may take. Only a fault takes as long.
const PATIENCE: Duration = Duration::from_mins(3);

/// Where a program keeps its files. When it is dropped, whatever Postgres still runs in it is ended.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Default for Folder {
    fn default() -> Self {
        // Postgres runs as a user of its own, who has to pass through.
        let folder = tempfile::Builder::new().prefix("lovelm-").permissions(Permissions::from_mode(0o711)).tempdir();
        Self(folder.expect("a temporary folder"))
    }
}

impl Folder {
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, and gives its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("the file can be written");
        path
    }

    /// Processes that have this folder in their command line.
    pub fn processes(&self) -> Vec<i32> {
        let folder = self.0.path().to_string_lossy().into_owned();
        let running = fs::read_dir("/proc").expect("/proc").flatten().filter_map(|entry| {
            let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
            let command = fs::read(entry.path().join("cmdline")).ok()?;
            String::from_utf8_lossy(&command).contains(&folder).then_some(pid)
        });
        running.collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        for _ in 0..50 {
            let left = self.processes();
            if left.is_empty() {
                return;
            }
            for pid in left.into_iter().filter_map(Pid::from_raw) {
                let _ = kill_process(pid, Signal::QUIT);
            }
            thread::sleep(Duration::from_millis(100));
        }
        for pid in self.processes().into_iter().filter_map(Pid::from_raw) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// The root of this repository, where the personas lie.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository")
}

/// The program, which the same build has made: it lies above the folder of this test.
fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("this test is a file");
    let folder = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
    let binary = folder.join("lovelm");
    assert!(binary.is_file(), "{} is missing: run `cargo build --workspace --all-targets`", binary.display());
    binary
}

/// A program that is about to start.
#[derive(Debug)]
pub struct Program(Command);

/// What is left of a program.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Program {
    /// With these arguments, its files in `folder`, and nothing of this machine's settings.
    pub fn new<A: AsRef<OsStr>>(folder: &Folder, arguments: impl IntoIterator<Item = A>) -> Self {
        let mut command = Command::new(binary());
        let ours = |name: &str| name.starts_with("LOVELM_") || ["DATABASE_URL", "REDIS_URL"].contains(&name);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(ours)) {
            command.env_remove(name);
        }
        command.args(arguments).current_dir(repository()).kill_on_drop(true).stdin(Stdio::piped());
        command.env("LOVELM_DATA_DIR", folder.path("data")).env("LOVELM_CACHE_DIR", folder.path("cache"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(command)
    }

    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.env_remove(name);
        self
    }

    /// From another working folder.
    #[must_use]
    pub fn at(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    /// Without the right of a superuser to read what nobody may read.
    #[must_use]
    pub fn obeying_permissions(self) -> Self {
        if !rustix::process::geteuid().is_root() {
            return self;
        }
        self.within(&["setpriv", "--bounding-set=-dac_override,-dac_read_search"])
    }

    /// With a disk of its own at this folder, which holds no more than these MiB. Nobody else sees it.
    ///
    /// # Errors
    /// This machine lets nobody mount anything.
    pub async fn with_disk_of(self, mib: u32, folder: &Path) -> Result<Self, String> {
        let may = Command::new("unshare").args(["--mount", "true"]).output().await;
        match may {
            Ok(may) if may.status.success() => {}
            Ok(may) => return Err(String::from_utf8_lossy(&may.stderr).into_owned()),
            Err(error) => return Err(error.to_string()),
        }
        fs::create_dir_all(folder).expect("a folder");
        let mount = format!("mount -t tmpfs -o size={mib}m,mode=711 tmpfs \"$0\" && exec \"$@\"");
        Ok(self.within(&["unshare", "--mount", "sh", "-c", &mount, folder.to_str().expect("UTF-8")]))
    }

    /// The same program, started by another.
    fn within(self, starter: &[&str]) -> Self {
        let ours = self.0.as_std();
        let mut command = Command::new(starter[0]);
        command.args(&starter[1..]).arg(ours.get_program()).args(ours.get_args());
        for (name, value) in ours.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.current_dir(ours.get_current_dir().expect("set at the start")).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(command)
    }

    /// Runs to the end on this input.
    pub async fn run(self, input: impl AsRef<[u8]>) -> Ended {
        let mut running = self.start();
        running.write(input).await;
        running.end().await
    }

    /// Starts it, its input left open.
    pub fn start(mut self) -> Running {
        let mut child = self.0.spawn().expect("the program starts");
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().expect("piped"));
        let mut stderr = child.stderr.take().expect("piped");
        let stderr = tokio::spawn(async move {
            let mut text = Vec::new();
            let _ = stderr.read_to_end(&mut text).await;
            String::from_utf8_lossy(&text).into_owned()
        });
        Running { child, stdin, stdout: Some(BufReader::new(stdout).lines()), read: String::new(), stderr }
    }
}

/// A program that runs. Dropped, it is killed.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Option<Lines<BufReader<ChildStdout>>>,
    read: String,
    stderr: JoinHandle<String>,
}

impl Running {
    /// Types something. A program that does not listen any more is no fault here.
    pub async fn write(&mut self, input: impl AsRef<[u8]>) {
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(input.as_ref()).await;
            let _ = stdin.flush().await;
        }
    }

    /// Reads lines until one holds these words.
    pub async fn line_with(&mut self, words: &str) -> String {
        let reading = async {
            let stdout = self.stdout.as_mut()?;
            while let Some(line) = stdout.next_line().await.expect("UTF-8") {
                self.read += &line;
                self.read.push('\n');
                if line.contains(words) {
                    return Some(line);
                }
            }
            None
        };
        let line = tokio::time::timeout(PATIENCE, reading).await.expect("no such line in time");
        line.unwrap_or_else(|| panic!("it ended without `{words}`"))
    }

    pub fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        kill_process(pid.expect("it runs"), signal).expect("it can be signalled");
    }

    /// The process, as the machine numbers it, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends the input and waits for the end.
    pub async fn end(mut self) -> Ended {
        drop(self.stdin.take());
        self.wait().await
    }

    /// Reads no more: what is written from now on meets a closed pipe.
    pub fn stop_reading(&mut self) {
        self.stdout = None;
    }

    /// Waits for the end, the input left open.
    pub async fn wait(mut self) -> Ended {
        let rest = async {
            while let Some(stdout) = &mut self.stdout
                && let Ok(Some(line)) = stdout.next_line().await
            {
                self.read += &line;
                self.read.push('\n');
            }
            self.child.wait().await.expect("it can be waited for")
        };
        let ended = tokio::time::timeout(PATIENCE, rest).await;
        let Ok(status) = ended else {
            let _ = self.child.kill().await;
            panic!("it did not end; it said so far: {}", self.read);
        };
        let stderr = tokio::time::timeout(PATIENCE, self.stderr).await.expect("its log ends").expect("its log is read");
        Ended { status, stdout: self.read, stderr }
    }
}

impl Ended {
    /// Says all, where the exit is not 0.
    #[must_use]
    pub fn fine(self) -> Self {
        assert!(
            self.status.success(),
            "{:?} {:?}\n{}\n{}",
            self.status,
            self.status.signal(),
            self.stdout,
            self.stderr
        );
        self
    }

    /// What was logged, without what was said of the input.
    pub fn log(&self) -> String {
        self.stderr.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).collect()
    }

    /// The one line on standard error of a program that could not run.
    pub fn fault(&self) -> &str {
        assert_eq!(self.status.code(), Some(1), "{}\n{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "", "nothing is answered");
        let lines: Vec<_> = self.stderr.lines().filter(|line| line.starts_with("lovelm: ")).collect();
        assert_eq!(lines.len(), 1, "one clear line: {}", self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "and nothing beside it: {}", self.stderr);
        lines[0]
    }

    /// The same for a program that logged before it found that it could not run.
    pub fn fault_in_log(&self) -> &str {
        assert_eq!(self.status.code(), Some(1), "{}\n{}", self.stdout, self.stderr);
        let lines: Vec<_> = self.stderr.lines().filter(|line| line.starts_with("lovelm: ")).collect();
        assert_eq!(lines.len(), 1, "one clear line: {}", self.stderr);
        lines[0]
    }
}
