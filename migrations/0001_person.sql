-- What is known of a person before any consent: this row and no other. Deleted by forget.
-- Consents are false until their person says otherwise.
create table person (
    key_version smallint not null,
    tag bytea not null,
    consent_consultation boolean not null default false,
    consent_fandom boolean not null default false,
    consent_memory boolean not null default false,
    language text,
    age_band text,
    -- When the person was last told that an AI answers.
    last_notice_at timestamptz,
    constraint person_pkey primary key (key_version, tag),
    constraint person_tag_is_hmac check (octet_length(tag) = 32),
    constraint person_language_known check (language in ('ko', 'en', 'ja')),
    constraint person_age_band_known check (age_band in ('under_14', 'under_18', 'adult')),
    -- Of a child nothing is kept but the age band, so that nothing else is ever asked.
    constraint person_child_keeps_nothing check (
        age_band is distinct from 'under_14'
        or not (consent_consultation or consent_fandom or consent_memory) and language is null
    )
);
