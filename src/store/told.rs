//! What programs on one database tell each other at once: whom one of them forgot.

use sqlx::{
    PgConnection,
    postgres::{PgListener, PgPoolOptions},
};

use super::{
    Store, StoreError,
    hold::Hold,
    journal::{hex, pseudonym},
};
use crate::privacy::Pseudonym;

/// The name under which it is told. A word is the teller's number, the others are pseudonyms. Nothing of it is written to disk.
const FORGOTTEN: &str = "lovelm_forgotten";

/// The ear of one program.
#[derive(Debug)]
pub struct ForgottenElsewhere {
    listener: PgListener,
    own: i32,
}

impl Hold {
    /// Tells the other programs, when the transaction is committed, whom this one forgot.
    pub(super) async fn tell_of(&self, connection: &mut PgConnection, who: &[Pseudonym]) -> Result<(), StoreError> {
        let words = who.iter().map(|one| format!(" {}:{}", one.key_version, hex(one.as_bytes())));
        let told = format!("{}{}", self.number, words.collect::<String>());
        sqlx::query!("select pg_notify($1, $2)", FORGOTTEN, told).execute(connection).await?;
        Ok(())
    }
}

impl Store {
    /// Begins to hear whom other programs forget, on a connection of its own.
    pub async fn forgotten_elsewhere(&self) -> Result<ForgottenElsewhere, StoreError> {
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(super::reach::ANSWER_WITHIN);
        let pool = pool.connect_lazy_with(self.hold.options.clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(FORGOTTEN).await?;
        Ok(ForgottenElsewhere { listener, own: self.hold.number })
    }
}

impl ForgottenElsewhere {
    /// Waits until another program forgets somebody.
    ///
    /// # Errors
    /// When the connection is lost. Whoever was forgotten meanwhile is not heard of.
    pub async fn next(&mut self) -> Result<Vec<Pseudonym>, StoreError> {
        loop {
            let told = self.listener.recv().await?;
            let mut words = told.payload().split(' ');
            let is_own = words.next().is_some_and(|number| number == self.own.to_string());
            if !is_own {
                return Ok(words.filter_map(pseudonym).collect());
            }
        }
    }
}
