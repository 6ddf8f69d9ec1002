//! Who was forgotten, in a file outside the database: a backup that is brought back knows these people again.
//!
//! An entry is a line: its day, a number that nobody else drew, and the pseudonyms, such as `2026-11-22 9f.. 2:ab.. 1:cd..`. The
//! database remembers which entries are done (`forgotten`), so that an entry is done once, and not to somebody who came back.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rand::{TryRngCore as _, rngs::OsRng};
use sqlx::PgConnection;

use super::{Store, StoreError, register, tags::Tags};
use crate::privacy::Pseudonym;

/// How much longer the database remembers that an entry is done than the journal has it.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// Stands in the place of pseudonyms where the database did not do it.
const STRUCK: &str = "-";

/// The file. Several programs may write to it.
#[derive(Clone, Debug)]
pub struct Journal {
    file: PathBuf,
    kept: TimeDelta,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    day: NaiveDate,
    number: [u8; 16],
    /// Nobody where the entry is struck.
    who: Vec<Pseudonym>,
}

impl Journal {
    /// The journal beside a keyring, and so as far from the backups as that: `keys.forgotten` beside `keys`. No backup that is
    /// older than `kept` may be brought back.
    #[must_use]
    pub fn beside(keys: &Path, kept: Duration) -> Self {
        let mut file = keys.as_os_str().to_owned();
        file.push(".forgotten");
        Self { file: file.into(), kept: TimeDelta::from_std(kept).unwrap_or(TimeDelta::MAX) }
    }

    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Adds an entry, whole and on the disk, behind whatever a crash may have left.
    fn add(&self, entry: &Entry) -> io::Result<()> {
        let _alone = self.alone()?;
        let mut file = self.open()?;
        let mut line = entry.line();
        if !ends_a_line(&mut file)? {
            line.insert(0, '\n');
        }
        file.write_all(line.as_bytes())?;
        file.sync_data()
    }

    /// The entries that count, the oldest first. What was kept for long enough is dropped from the file.
    fn entries(&self, today: NaiveDate) -> io::Result<Vec<Entry>> {
        let _alone = self.alone()?;
        let text = match fs::read_to_string(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text?,
        };
        let all: Vec<Entry> = text.lines().filter_map(Entry::read).collect();
        let first = today.checked_sub_signed(self.kept).unwrap_or(NaiveDate::MIN);
        let (kept, old): (Vec<_>, Vec<_>) = all.into_iter().partition(|entry| entry.day > first);
        if !old.is_empty() {
            self.replace(&kept)?;
        }
        let struck: HashSet<_> = kept.iter().filter(|entry| entry.who.is_empty()).map(|entry| entry.number).collect();
        Ok(kept.into_iter().filter(|entry| !struck.contains(&entry.number)).collect())
    }

    fn replace(&self, entries: &[Entry]) -> io::Result<()> {
        let draft = self.file.with_extension(format!("new-{}", std::process::id()));
        let _ = fs::remove_file(&draft);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(entries.iter().map(Entry::line).collect::<String>().as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, &self.file)
    }

    fn open(&self) -> io::Result<File> {
        OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(&self.file)
    }

    /// Held while the file is read or written: of several programs one at a time.
    fn alone(&self) -> io::Result<File> {
        let parent = self.file.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = File::open(parent.unwrap_or(Path::new(".")))?;
        folder.lock()?;
        Ok(folder)
    }
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

impl Entry {
    fn new(day: NaiveDate, who: &[Pseudonym]) -> io::Result<Self> {
        let mut number = [0; 16];
        OsRng.try_fill_bytes(&mut number).map_err(|_| io::Error::other("the operating system gave no randomness"))?;
        Ok(Self { day, number, who: who.to_vec() })
    }

    fn line(&self) -> String {
        let who = self.who.iter().map(|one| format!("{}:{}", one.key_version, hex(one.as_bytes())));
        let who = if self.who.is_empty() { STRUCK.to_owned() } else { who.collect::<Vec<_>>().join(" ") };
        format!("{} {} {who}\n", self.day, hex(&self.number))
    }

    /// `None` of a line that was not written to its end.
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let (day, number) = (words.next()?.parse().ok()?, unhex(words.next()?)?);
        let rest: Vec<&str> = words.collect();
        let who = match rest.as_slice() {
            [] => return None,
            [STRUCK] => Vec::new(),
            some => some.iter().map(|word| pseudonym(word)).collect::<Option<_>>()?,
        };
        Some(Self { day, number, who })
    }
}

/// Such as `2:ab..`.
pub(super) fn pseudonym(word: &str) -> Option<Pseudonym> {
    let (version, tag) = word.split_once(':')?;
    Some(Pseudonym::from_row(version.parse().ok()?, unhex(tag)?))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

impl Store {
    /// The same store; who is forgotten from now on is remembered in this journal.
    #[must_use]
    pub fn with_journal(self, journal: Journal) -> Self {
        Self { journal: Some(journal), ..self }
    }

    /// Forgets again whom a database that was brought back from a backup knows again. To be called at the start. Gives how many
    /// entries of the journal were to be done.
    pub async fn replay_forgets(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let Some(journal) = self.journal.clone() else { return Ok(0) };
        let file = journal.file.clone();
        let entries = off_the_path(move || journal.entries(now.date_naive())).await;
        let entries = entries.map_err(|error| StoreError::Journal(format!("{}: {error}", file.display())))?;
        let mut replayed = 0;
        for entry in self.not_done(entries).await? {
            self.ask(async {
                let mut transaction = self.pool.begin().await?;
                register::forget(&mut transaction, &Tags::of(&entry.who), now).await?;
                done(&mut transaction, &entry, now).await?;
                transaction.commit().await?;
                Ok(())
            })
            .await?;
            replayed += 1;
        }
        Ok(replayed)
    }

    async fn not_done(&self, entries: Vec<Entry>) -> Result<Vec<Entry>, StoreError> {
        self.ask(async {
            let numbers: Vec<Vec<u8>> = entries.iter().map(|entry| entry.number.to_vec()).collect();
            let done = sqlx::query_scalar!("select entry from forgotten where entry = any($1)", &numbers);
            let done: HashSet<Vec<u8>> = done.fetch_all(&self.pool).await?.into_iter().collect();
            Ok(entries.into_iter().filter(|entry| !done.contains(entry.number.as_slice())).collect())
        })
        .await
    }

    /// Notes whom the database is about to forget. Without a journal, or without room for it, nothing keeps it from doing so.
    pub(super) async fn note_forget(&self, who: &[Pseudonym], at: DateTime<Utc>) -> Option<Entry> {
        let journal = self.journal.clone().filter(|_| !who.is_empty())?;
        let who = who.to_vec();
        let noted = off_the_path(move || {
            let entry = Entry::new(at.date_naive(), &who)?;
            journal.add(&entry).map(|()| entry)
        });
        match noted.await {
            Ok(entry) => Some(entry),
            Err(error) => {
                tracing::error!(%error, "a forget is not in the journal: a database from a backup would know the person");
                None
            }
        }
    }

    /// The database did not do it, and the person was told so.
    pub(super) async fn strike_forget(&self, entry: &Entry) {
        let Some(journal) = self.journal.clone() else { return };
        let struck = Entry { who: Vec::new(), ..entry.clone() };
        if let Err(error) = off_the_path(move || journal.add(&struck)).await {
            tracing::error!(%error, "a forget that was not done is not struck from the journal; the next start does it");
        }
    }

    /// Before which day the database need not remember any more that an entry is done.
    pub(super) fn forgets_done_before(&self, now: DateTime<Utc>) -> Option<NaiveDate> {
        let kept = self.journal.as_ref()?.kept.checked_add(&REMEMBERED)?;
        Some(now.checked_sub_signed(kept)?.date_naive())
    }
}

/// Remembers that an entry is done.
pub(super) async fn done(connection: &mut PgConnection, entry: &Entry, at: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into forgotten (entry, done_on) values ($1, $2) on conflict on constraint forgotten_pkey do nothing",
        entry.number.as_slice(),
        at.date_naive()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A disk may take its time.
async fn off_the_path<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(io::Error::other("it broke")))
}
