//! What is known of a person: consents, language, age band, last notice.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Store, StoreError, register, tags::Tags};
use crate::{
    chat::{Consent, Language},
    privacy::Pseudonym,
};

/// All that is known of a person who consented to nothing, and what they consented to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub consents: Vec<Consent>,
    pub language: Option<Language>,
    pub age_band: Option<AgeBand>,
    /// When the person was last told that an AI answers.
    pub last_notice_at: Option<DateTime<Utc>>,
}

/// An age as coarse as the rules that hang on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeBand {
    /// Consents to nothing, and nothing is kept.
    Under14,
    Under18,
    Adult,
}

impl AgeBand {
    /// The band of an age in years.
    #[must_use]
    pub fn of(years: u8) -> Self {
        match years {
            ..14 => Self::Under14,
            14..18 => Self::Under18,
            18.. => Self::Adult,
        }
    }

    /// Under 18.
    #[must_use]
    pub fn is_young(self) -> bool {
        self != Self::Adult
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Under14 => "under_14",
            Self::Under18 => "under_18",
            Self::Adult => "adult",
        }
    }

    fn read(name: &str) -> Option<Self> {
        [Self::Under14, Self::Under18, Self::Adult].into_iter().find(|band| band.as_str() == name)
    }
}

impl Person {
    #[must_use]
    pub fn allows(&self, consent: Consent) -> bool {
        self.consents.contains(&consent)
    }
}

impl Store {
    /// What is known of a person; nothing of a stranger.
    pub async fn person(&self, who: &Pseudonym) -> Result<Option<Person>, StoreError> {
        self.ask(async {
            let row = sqlx::query_as!(
                Row,
                "select consent_consultation, consent_fandom, consent_memory, language, age_band, last_notice_at
             from person
             where key_version = $1 and tag = $2",
                who.key_version,
                who.as_bytes()
            )
            .fetch_optional(&self.pool)
            .await?;
            Ok(row.map(Person::from))
        })
        .await
    }

    /// Gives a consent, or takes it back under every live key, of which the newest comes first. What was kept under one that is
    /// taken back goes with it. A child's consent changes nothing.
    pub async fn set_consent(&self, who: &[Pseudonym], consent: Consent, allowed: bool) -> Result<(), StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            let tags = Tags::of(who);
            if !allowed {
                take_back_consent(&mut transaction, &tags, consent).await?;
            }
            if let Some(newest) = who.first() {
                write_consent(&mut transaction, newest, consent, allowed).await?;
            }
            match consent {
                Consent::Consultation if !allowed => drop(super::consultations::forget(&mut transaction, &tags).await?),
                Consent::Fandom if !allowed => drop(super::fandom::forget(&mut transaction, &tags).await?),
                _ => {}
            }
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// The language in which a person wants to be answered.
    pub async fn set_language(&self, who: &Pseudonym, language: Language) -> Result<(), StoreError> {
        self.ask(async {
            sqlx::query!(
                "insert into person as known (key_version, tag, language) values ($1, $2, $3)
             on conflict on constraint person_pkey do update set language = excluded.language
             where known.age_band is distinct from 'under_14'",
                who.key_version,
                who.as_bytes(),
                language.as_str()
            )
            .execute(&self.pool)
            .await?;
            Ok(())
        })
        .await
    }

    /// The age that a person stated. Of a child, everything else goes.
    pub async fn set_age_band(&self, who: &Pseudonym, band: AgeBand, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.ask(async {
            let mut transaction = self.pool.begin().await?;
            if band == AgeBand::Under14 {
                register::forget(&mut transaction, &Tags::of([who]), at).await?;
            }
            write_age_band(&mut transaction, who, band).await?;
            transaction.commit().await?;
            Ok(())
        })
        .await
    }

    /// Notes that the person was told that an AI answers.
    pub async fn noticed(&self, who: &Pseudonym, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.ask(async {
            sqlx::query!(
                "insert into person as known (key_version, tag, last_notice_at) values ($1, $2, $3)
             on conflict on constraint person_pkey
             do update set last_notice_at = greatest(known.last_notice_at, excluded.last_notice_at)",
                who.key_version,
                who.as_bytes(),
                at
            )
            .execute(&self.pool)
            .await?;
            Ok(())
        })
        .await
    }
}

/// Under whichever key it was given.
async fn take_back_consent(connection: &mut PgConnection, who: &Tags, consent: Consent) -> Result<(), StoreError> {
    sqlx::query!(
        "update person set
             consent_consultation = consent_consultation and $3 <> 'consultation',
             consent_fandom = consent_fandom and $3 <> 'fandom',
             consent_memory = consent_memory and $3 <> 'memory'
         where (key_version, tag) in (select * from unnest($1::smallint[], $2::bytea[]))",
        &who.keys,
        &who.tags,
        name(consent)
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn write_consent(
    connection: &mut PgConnection,
    who: &Pseudonym,
    consent: Consent,
    given: bool,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into person as known (key_version, tag, consent_consultation, consent_fandom, consent_memory)
         values ($1, $2, $4 and $3 = 'consultation', $4 and $3 = 'fandom', $4 and $3 = 'memory')
         on conflict on constraint person_pkey do update set
             consent_consultation = case when $3 = 'consultation' then $4 else known.consent_consultation end,
             consent_fandom = case when $3 = 'fandom' then $4 else known.consent_fandom end,
             consent_memory = case when $3 = 'memory' then $4 else known.consent_memory end
         where known.age_band is distinct from 'under_14'",
        who.key_version,
        who.as_bytes(),
        name(consent),
        given
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes one row of a person's rows under several keys: consents that all of them gave, the youngest age that was stated.
pub(super) async fn merge(connection: &mut PgConnection, older: &Tags, newest: &Pseudonym) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "with old as (
             delete from person
             where (key_version, tag) in (select * from unnest($1::smallint[], $2::bytea[]))
             returning *
         ), every as (
             select * from old
             union all
             select * from person where key_version = $3 and tag = $4
         ), one as (
             select bool_and(consent_consultation) as consultation, bool_and(consent_fandom) as fandom,
                    bool_and(consent_memory) as memory,
                    (array_agg(language order by key_version desc) filter (where language is not null))[1] as language,
                    case when bool_or(age_band = 'under_14') then 'under_14'
                         when bool_or(age_band = 'under_18') then 'under_18'
                         else max(age_band) end as age_band,
                    max(last_notice_at) as last_notice_at
             from every
             where exists (select from old)
             having count(*) > 0
         )
         insert into person (
             key_version, tag, consent_consultation, consent_fandom, consent_memory, language, age_band, last_notice_at
         )
         select $3, $4, consultation and adult, fandom and adult, memory and adult, case when adult then language end,
                age_band, last_notice_at
         from (select *, age_band is distinct from 'under_14' as adult from one) as one
         on conflict on constraint person_pkey do update set
             consent_consultation = excluded.consent_consultation, consent_fandom = excluded.consent_fandom,
             consent_memory = excluded.consent_memory, language = excluded.language, age_band = excluded.age_band,
             last_notice_at = excluded.last_notice_at",
        &older.keys,
        &older.tags,
        newest.key_version,
        newest.as_bytes()
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

async fn write_age_band(connection: &mut PgConnection, who: &Pseudonym, band: AgeBand) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into person (key_version, tag, age_band) values ($1, $2, $3)
         on conflict on constraint person_pkey do update set age_band = excluded.age_band",
        who.key_version,
        who.as_bytes(),
        band.as_str()
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct Row {
    pub(super) consent_consultation: bool,
    pub(super) consent_fandom: bool,
    pub(super) consent_memory: bool,
    pub(super) language: Option<String>,
    pub(super) age_band: Option<String>,
    pub(super) last_notice_at: Option<DateTime<Utc>>,
}

impl From<Row> for Person {
    fn from(row: Row) -> Self {
        let all = [
            (Consent::Consultation, row.consent_consultation),
            (Consent::Fandom, row.consent_fandom),
            (Consent::Memory, row.consent_memory),
        ];
        Self {
            consents: all.into_iter().filter_map(|(consent, given)| given.then_some(consent)).collect(),
            language: row.language.and_then(|code| code.parse().ok()),
            age_band: row.age_band.and_then(|band| AgeBand::read(&band)),
            last_notice_at: row.last_notice_at,
        }
    }
}

fn name(consent: Consent) -> &'static str {
    match consent {
        Consent::Consultation => "consultation",
        Consent::Fandom => "fandom",
        Consent::Memory => "memory",
    }
}
