//! Starts and stops the server's first process.

use std::{
    fs::{self, OpenOptions},
    io,
    os::unix::{ffi::OsStrExt, fs::OpenOptionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};

use super::{ClusterError, folder::Folder, init::Made, installation::Installation};

/// A fleet's load is a few short queries an answer: memory belongs to the model. Statements and row contents stay out of
/// the log.
const SETTINGS: [&str; 12] = [
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "shared_buffers=32MB",
    "max_wal_size=256MB",
    "max_connections=50",
    "fsync=on",
    "logging_collector=off",
    "log_checkpoints=off",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "cluster_name=lovelm",
];

/// A log larger than this starts anew with the server.
const LONGEST_LOG: u64 = 1 << 20;

const PAUSE: Duration = Duration::from_millis(50);

/// Recovery after a crash takes its time.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// What a running server is asked to do, and how many pauses it is given: a fast shutdown, an immediate one, none. An
/// immediate one costs the next start a recovery.
const FAREWELL: [(Signal, u32); 3] =
    [(Signal::INT, 20_000 / 50), (Signal::QUIT, 5_000 / 50), (Signal::KILL, 2_000 / 50)];

/// The server's first process.
#[derive(Debug)]
pub(super) struct Postmaster {
    pid: Pid,
    data: PathBuf,
    /// `None` when another program started it.
    child: Option<Child>,
    log: PathBuf,
    /// Where its own part of the log begins.
    log_start: u64,
}

impl Postmaster {
    /// The server that runs in the folder, whoever started it.
    pub(super) fn find(folder: &Folder) -> Option<Self> {
        let data = folder.data();
        let pid = recorded(&data).filter(|pid| serves(*pid, &data))?;
        Some(Self { pid, data, child: None, log: folder.log(), log_start: 0 })
    }

    #[cfg(test)]
    pub(super) fn pid(&self) -> Pid {
        self.pid
    }

    /// Starts the server of a cluster that was made and in which none runs. It is no member of our process group: Ctrl-C
    /// in a terminal is for us, the server is needed until the last answer is out.
    pub(super) fn spawn(installation: &Installation, folder: &Folder, _: Made) -> Result<Self, ClusterError> {
        let failed = |error: io::Error| folder.not_started(&error.to_string());
        let (data, log) = (folder.data(), folder.log());
        clear_leftovers(&data, folder.socket()).map_err(failed)?;
        let log_start = log_length(&log);
        let mut command = installation.command("postgres", folder);
        configure(&mut command, folder);
        let output = OpenOptions::new().create(true).append(true).mode(0o600).open(&log).map_err(failed)?;
        command.stdin(Stdio::null()).stdout(output.try_clone().map_err(failed)?).stderr(output).process_group(0);
        let child = command.spawn().map_err(failed)?;
        let pid = Pid::from_child(&child);
        Ok(Self { pid, data, child: Some(child), log, log_start })
    }

    /// A connection, as soon as the server takes one.
    pub(super) async fn answers(
        &mut self,
        folder: &Folder,
        options: &PgConnectOptions,
    ) -> Result<PgConnection, ClusterError> {
        let answer = tokio::time::timeout(ANSWER_WITHIN, self.answers_or_ends(options)).await;
        answer.unwrap_or_else(|_| Err("it does not answer".to_owned())).map_err(|reason| folder.not_started(&reason))
    }

    async fn answers_or_ends(&mut self, options: &PgConnectOptions) -> Result<PgConnection, String> {
        loop {
            if is_ready(&self.data)
                && let Ok(connection) = options.connect().await
            {
                return Ok(connection);
            }
            if self.is_gone() {
                return Err(self.last_words());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Ends the server and waits for its end.
    pub(super) async fn stop(&mut self) {
        for (signal, pauses) in FAREWELL {
            self.signal(signal);
            for _ in 0..pauses {
                if self.is_gone() {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// The same for where nothing can be awaited.
    pub(super) fn stop_blocking(&mut self) {
        for (signal, pauses) in FAREWELL {
            self.signal(signal);
            for _ in 0..pauses {
                if self.is_gone() {
                    return;
                }
                thread::sleep(PAUSE);
            }
        }
    }

    fn signal(&mut self, signal: Signal) {
        if !self.is_gone() {
            // It may end between the two lines; then there is nobody to hear it.
            let _ = kill_process(self.pid, signal);
        }
    }

    /// Whether the process has ended. A server that is no child of ours may leave its number to a stranger.
    fn is_gone(&mut self) -> bool {
        match &mut self.child {
            Some(child) => !matches!(child.try_wait(), Ok(None)),
            None => !serves(self.pid, &self.data),
        }
    }

    /// Why the server ended, as its log says.
    fn last_words(&self) -> String {
        if self.child.is_none() {
            return "it was shutting down".to_owned();
        }
        let log = fs::read(&self.log).unwrap_or_default();
        let start = usize::try_from(self.log_start).unwrap_or(0).min(log.len());
        let log = String::from_utf8_lossy(&log[start..]);
        let fatal = log.lines().rev().find_map(|line| {
            ["FATAL:  ", "PANIC:  "].iter().find_map(|mark| line.split_once(mark).map(|(_, reason)| reason))
        });
        fatal.or(log.lines().last()).unwrap_or("it ended without a word").trim().to_owned()
    }
}

/// Whether this end of a server passes by itself: something of the server before it is still going away.
pub(super) fn passes(reason: &str) -> bool {
    reason.contains("is still in use") || reason.contains("already exists") || reason.contains("shutting down")
}

fn configure(command: &mut Command, folder: &Folder) {
    command.arg("-D").arg(folder.data());
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    // The setting is a list: quotes keep a comma in the path from ending it.
    let socket = folder.socket().to_string_lossy().replace('"', "\"\"");
    command.arg("-c").arg(format!("unix_socket_directories=\"{socket}\""));
}

/// The process that wrote the cluster's lock file.
fn recorded(data: &Path) -> Option<Pid> {
    let file = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    Pid::from_raw(file.lines().next()?.trim().parse().ok()?)
}

/// Whether the server says that it takes connections: the eighth line of its lock file, which `pg_ctl` reads, too.
fn is_ready(data: &Path) -> bool {
    let file = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    file.lines().nth(7).is_some_and(|status| status.trim() == "ready")
}

/// Whether the process is alive and the server of this cluster, as the folder in its command line says: in a container not
/// even root may ask where another user's process works. Where the system tells nothing, any living process counts.
fn serves(pid: Pid, data: &Path) -> bool {
    if !Path::new("/proc/self/cmdline").exists() {
        return test_kill_process(pid).is_ok();
    }
    let command = fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).unwrap_or_default();
    command.split(|&byte| byte == 0).any(|argument| argument == data.as_os_str().as_bytes())
}

/// Removes lock files of a server that was killed. Postgres itself would do so, except where a stranger has its number by
/// now, as happens in containers. It guards the data by its shared memory as well, so this cannot bring two servers to it.
fn clear_leftovers(data: &Path, socket: &Path) -> io::Result<()> {
    let taken_by_a_stranger = recorded(data).is_some_and(|pid| test_kill_process(pid).is_ok());
    let locks = taken_by_a_stranger.then(|| data.join("postmaster.pid"));
    for lock in locks.into_iter().chain([socket.join(".s.PGSQL.5432.lock"), socket.join(".s.PGSQL.5432")]) {
        match fs::remove_file(lock) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The length of the log so far; a long one is dropped.
fn log_length(log: &Path) -> u64 {
    match fs::metadata(log).map(|log| log.len()) {
        Ok(length) if length > LONGEST_LOG => {
            let _ = fs::remove_file(log);
            0
        }
        Ok(length) => length,
        Err(_) => 0,
    }
}
