use super::{TestStore, consultation, hours, noon, rows, tag, under_key};
use crate::{
    chat::{Consent, Language},
    store::{AgeBand, Person},
};

#[tokio::test]
async fn a_stranger_is_unknown_and_a_consent_is_the_persons_own() {
    let store = TestStore::open().await;
    let (minsu, jiyoung) = (tag(1), tag(2));
    assert_eq!(store.person(&minsu).await.unwrap(), None);

    store.set_consent(std::slice::from_ref(&minsu), Consent::Memory, true).await.unwrap();
    store.set_consent(std::slice::from_ref(&minsu), Consent::Fandom, true).await.unwrap();
    store.set_consent(std::slice::from_ref(&jiyoung), Consent::Consultation, false).await.unwrap();
    assert_eq!(store.person(&minsu).await.unwrap().unwrap().consents, [Consent::Fandom, Consent::Memory]);
    assert_eq!(store.person(&jiyoung).await.unwrap(), Some(Person::default()));

    store.set_consent(std::slice::from_ref(&minsu), Consent::Memory, false).await.unwrap();
    let known = store.person(&minsu).await.unwrap().unwrap();
    assert!(known.allows(Consent::Fandom) && !known.allows(Consent::Memory) && !known.allows(Consent::Consultation));
}

#[tokio::test]
async fn language_and_notice_are_kept_and_a_notice_never_goes_back() {
    let store = TestStore::open().await;
    store.set_language(&tag(1), Language::Ja).await.unwrap();
    store.noticed(&tag(1), noon()).await.unwrap();
    store.noticed(&tag(1), noon() - hours(1)).await.unwrap();
    let known = store.person(&tag(1)).await.unwrap().unwrap();
    assert_eq!((known.language, known.last_notice_at), (Some(Language::Ja), Some(noon())));
    assert_eq!(rows(&store, "select count(*) from person").await, 1);
}

#[tokio::test]
async fn a_consent_taken_back_takes_what_was_kept_under_it() {
    let store = TestStore::open().await;
    store.set_consent(&[tag(1)], Consent::Consultation, true).await.unwrap();
    store.set_consent(&[tag(2)], Consent::Consultation, true).await.unwrap();
    assert!(store.keep_consultation(&consultation(1, "첫 이야기")).await.unwrap());
    assert!(store.keep_consultation(&consultation(2, "둘째 이야기")).await.unwrap());
    store.set_consent(&[tag(1)], Consent::Consultation, false).await.unwrap();
    assert_eq!(rows(&store, "select count(*) from consultation").await, 1);
    assert_eq!(rows(&store, "select count(*) from answer").await, 4);
    assert!(!store.keep_consultation(&consultation(1, "셋째 이야기")).await.unwrap());
}

#[tokio::test]
async fn of_a_child_only_the_age_band_is_kept() {
    let store = TestStore::open().await;
    store.set_consent(&[tag(1)], Consent::Consultation, true).await.unwrap();
    store.set_language(&tag(1), Language::Ko).await.unwrap();
    store.keep_consultation(&consultation(1, "이야기")).await.unwrap();
    store.set_age_band(&tag(1), AgeBand::Under18, noon()).await.unwrap();
    assert!(store.person(&tag(1)).await.unwrap().unwrap().allows(Consent::Consultation));

    store.set_age_band(&tag(1), AgeBand::Under14, noon()).await.unwrap();
    store.set_consent(&[tag(1)], Consent::Consultation, true).await.unwrap();
    store.set_language(&tag(1), Language::Ko).await.unwrap();
    assert!(!store.keep_consultation(&consultation(1, "이야기")).await.unwrap());
    let child = Person { age_band: Some(AgeBand::Under14), ..Person::default() };
    assert_eq!(store.person(&tag(1)).await.unwrap(), Some(child));
    assert_eq!(rows(&store, "select count(*) from consultation").await, 0);
}

#[tokio::test]
async fn a_consent_is_taken_back_under_every_key_and_given_under_the_newest() {
    let store = TestStore::open().await;
    let (old, new) = (tag(1), under_key(2, 1));
    store.set_consent(std::slice::from_ref(&old), Consent::Consultation, true).await.unwrap();
    store.set_consent(std::slice::from_ref(&old), Consent::Fandom, true).await.unwrap();
    store.keep_consultation(&consultation(1, "이야기")).await.unwrap();
    store.set_consent(&[new.clone(), old.clone()], Consent::Consultation, false).await.unwrap();
    assert_eq!(rows(&store, "select count(*) from consultation").await, 0);
    assert_eq!(store.person(&old).await.unwrap().unwrap().consents, [Consent::Fandom]);
    assert!(!store.keep_consultation(&consultation(1, "이야기")).await.unwrap());
    store.set_consent(&[new.clone(), old.clone()], Consent::Memory, true).await.unwrap();
    assert_eq!(store.person(&new).await.unwrap().unwrap().consents, [Consent::Memory]);
}
