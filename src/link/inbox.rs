//! A stream that one process reads: letters in order, none lost while the server keeps them.

use std::{collections::HashMap, time::Duration};

use redis::{Client, Cmd, Pipeline, aio::MultiplexedConnection};

use super::{Link, LinkError, connect, fault};

/// Letters read at once.
const BATCH: usize = 512;
/// Letters of one stream that may lie unread; the oldest go first.
const MOST_UNREAD: usize = 20_000;
/// How long a stream outlives its last letter.
const KEPT: Duration = Duration::from_secs(30);
/// The one field of a letter.
const FIELD: &str = "e";
/// Before everything in a stream.
const BEGINNING: &str = "0-0";

/// What lay in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// In the stream that nobody else reads.
    Own(Vec<u8>),
    /// Somebody rang.
    Bell,
}

/// The reading end of a stream, with a connection of its own. May also listen to a bell that others hear as well.
#[derive(Debug)]
pub struct Inbox {
    client: Client,
    timeout: Duration,
    connection: Option<MultiplexedConnection>,
    own: String,
    bell: Option<String>,
    /// The last letter read of each stream.
    read: HashMap<String, String>,
}

impl Inbox {
    /// Reads the stream `own`.
    #[must_use]
    pub fn of(link: &Link, own: String) -> Self {
        let (client, timeout) = (link.client.clone(), link.timeout);
        Self { client, timeout, connection: None, own, bell: None, read: HashMap::new() }
    }

    /// Listens to the stream `bell` besides.
    #[must_use]
    pub fn hearing(self, bell: String) -> Self {
        Self { bell: Some(bell), ..self }
    }

    /// What came since the last time; waits for it, but not much longer than `wait`. Letters may come twice after a trouble.
    ///
    /// # Errors
    /// See [`LinkError`]. The next call connects again.
    pub async fn next(&mut self, wait: Duration) -> Result<Vec<Letter>, LinkError> {
        let read = self.read_on(wait).await;
        if read.is_err() {
            // Who knows what became of the server: everything that still lies there is read again.
            self.connection = None;
            self.read.clear();
        }
        read
    }

    async fn read_on(&mut self, wait: Duration) -> Result<Vec<Letter>, LinkError> {
        let mut connection = match self.connection.take() {
            Some(open) => open,
            None => connect(&self.client, self.timeout, wait + self.timeout).await?,
        };
        let streams: Streams = self.reading(wait).query_async(&mut connection).await.map_err(|error| fault(&error))?;
        let mut letters = Vec::new();
        for (stream, entries) in streams.unwrap_or_default() {
            let Some((last, _)) = entries.last() else { continue };
            self.read.insert(stream.clone(), last.clone());
            if stream == self.own {
                let trimming = trim(&stream, last);
                letters.extend(entries.into_iter().filter_map(|(_, mut fields)| fields.pop()).map(Letter::Own));
                trimming.exec_async(&mut connection).await.map_err(|error| fault(&error))?;
            } else {
                letters.push(Letter::Bell);
            }
        }
        self.connection = Some(connection);
        Ok(letters)
    }

    fn reading(&self, wait: Duration) -> Cmd {
        let mut command = redis::cmd("XREAD");
        let wait = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
        command.arg("COUNT").arg(BATCH).arg("BLOCK").arg(wait).arg("STREAMS");
        let streams: Vec<_> = [Some(&self.own), self.bell.as_ref()].into_iter().flatten().collect();
        command.arg(&streams);
        for stream in streams {
            command.arg(self.read.get(stream).map_or(BEGINNING, String::as_str));
        }
        command
    }
}

/// Name, then entries: id, then field and value.
type Streams = Option<Vec<(String, Vec<(String, Vec<Vec<u8>>)>)>>;

/// Lets go of everything up to this entry.
fn trim(stream: &str, last: &str) -> Cmd {
    let mut command = redis::cmd("XTRIM");
    let (time, number) = last.split_once('-').unwrap_or((last, "0"));
    let next = number.parse::<u64>().unwrap_or(0).saturating_add(1);
    command.arg(stream).arg("MINID").arg(format!("{time}-{next}"));
    command
}

impl Link {
    /// Puts a letter into a stream. It goes with the stream, some seconds after nobody wrote there any more.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn send(&self, stream: &str, letter: &[u8]) -> Result<(), LinkError> {
        let mut commands = Pipeline::new();
        commands.cmd("XADD").arg(stream).arg("MAXLEN").arg("~").arg(MOST_UNREAD).arg("*").arg(FIELD).arg(letter);
        commands.cmd("EXPIRE").arg(stream).arg(KEPT.as_secs());
        self.post(&commands).await
    }
}
