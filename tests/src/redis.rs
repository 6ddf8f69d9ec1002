//! A private Redis server for tests: on a free port, in a folder of its own, gone with its test. It can lose everything, stand
//! still, and come back.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// How often a server that starts is greeted, and how long is waited in between.
const GREETINGS: usize = 500;
const BETWEEN: Duration = Duration::from_millis(10);

/// The server. Dropped, it is killed.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    folder: TempDir,
    child: Child,
}

impl RedisServer {
    /// Starts one; another test may be faster to take a free port.
    #[must_use]
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder for Redis");
        for _ in 0..10 {
            let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
            if let Some(child) = serve(&folder, free.port()) {
                return Self { port: free.port(), folder, child };
            }
        }
        panic!("redis-server does not start: is it installed?");
    }

    /// For `REDIS_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Everything is lost, the functions included.
    pub fn flush(&self) {
        assert_eq!(self.say("FLUSHALL"), "+OK\r\n");
        assert_eq!(self.say("FUNCTION FLUSH"), "+OK\r\n");
    }

    /// Killed, and started again with nothing.
    pub fn restart(&mut self) {
        self.kill();
        self.child = serve(&self.folder, self.port).expect("it starts again on its port");
    }

    /// Killed, until [`RedisServer::restart`].
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// It stands still: connections stay, replies do not come.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    /// What the server answers to a line, as it comes over the wire.
    #[must_use]
    pub fn say(&self, line: &str) -> String {
        ask(self.port, line).expect("the server answers")
    }

    /// Everything that lies there, as far as it can be printed.
    #[must_use]
    pub fn dump(&self) -> String {
        let keys = self.say("KEYS *");
        let names = keys.lines().filter(|line| line.contains(':'));
        let dumped = names.map(|name| format!("{name} {}", self.say(&format!("DUMP {name}"))));
        dumped.collect::<Vec<_>>().join("\n")
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("a process");
        kill_process(pid, signal).expect("it can be signalled");
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn serve(folder: &TempDir, port: u16) -> Option<Child> {
    let mut command = Command::new("redis-server");
    command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()]);
    command.arg("--dir").arg(folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("redis-server is installed (deploy/prepare does it)");
    for _ in 0..GREETINGS {
        if ask(port, "PING").is_some_and(|reply| reply.starts_with("+PONG")) {
            return Some(child);
        }
        if child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return None;
        }
        thread::sleep(BETWEEN);
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// One line, and the reply to it up to the end of the connection.
fn ask(port: u16, line: &str) -> Option<String> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).ok()?;
    connection.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    connection.write_all(format!("{line}\r\nQUIT\r\n").as_bytes()).ok()?;
    let mut reply = Vec::new();
    connection.read_to_end(&mut reply).ok()?;
    let reply = String::from_utf8_lossy(&reply).into_owned();
    Some(reply.strip_suffix("+OK\r\n").unwrap_or(&reply).to_owned())
}
