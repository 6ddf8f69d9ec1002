//! Takes the locale files, gives the commands as Discord is to know them; takes a used command, gives what it means. Knows nothing
//! of what commands do.
//!
//! poise knows a command by what it runs. Ours run nothing here: what was asked goes the way of every message, so each is
//! declared with an action that does nothing, and read in [`read`].

mod read;

use std::{borrow::Cow, convert::Infallible};

use futures::future::BoxFuture;
use lovelm::{chat::Language, locale::Locale};
use poise::{ApplicationContext, CommandParameter, CommandParameterChoice, FrameworkError};
use serde_json::Value;
use serenity::{
    builder::{CreateCommand, CreateCommandOption},
    model::{
        Permissions,
        application::{CommandOptionType, CommandType},
    },
};

pub(crate) use self::read::{Read, personas_like, read};

/// The form of a story, and its only field.
pub(crate) const STORY: &str = "story";
/// What the longest story may have: Discord's own rule for a field.
pub(crate) const LONGEST_STORY: u16 = 4_000;
/// What a question in a command may have.
const LONGEST_QUESTION: u16 = 2_000;

/// Discord's names of our languages. English has two, and each falls back to the default alone.
const LOCALES: [(&str, Language); 4] =
    [("ko", Language::Ko), ("ja", Language::Ja), ("en-US", Language::En), ("en-GB", Language::En)];

/// Choices: what each means, and the key of its name. They are known by their place: new ones come last.
pub(crate) const LANGUAGES: [(&str, &str); 3] =
    [("ko", "choice-korean"), ("en", "choice-english"), ("ja", "choice-japanese")];
pub(crate) const CONSENTS: [(&str, &str); 3] =
    [("all", "choice-all"), ("consultation", "choice-consultation"), ("fandom", "choice-fandom")];
pub(crate) const CHANNELS: [(&str, &str); 2] = [("allow", "choice-allow"), ("deny", "choice-deny")];
pub(crate) const ALERTS: [(&str, &str); 3] = [("here", "choice-here"), ("off", "choice-off"), ("pair", "choice-pair")];

type Declared = poise::Command<(), Infallible>;
type Parameter = CommandParameter<(), Infallible>;
type Setter = fn(CreateCommandOption) -> CreateCommandOption;

/// All commands, as they are sent to Discord.
pub(crate) fn declared(locale: &Locale) -> Value {
    let words = Words(locale);
    let mut commands = fans(&words);
    commands.push(moderators(&words));
    let mut all = poise::builtins::create_application_commands(&commands);
    all.push(words.quote());
    serde_json::to_value(all).expect("commands are JSON")
}

/// The form in which a story is written.
pub(crate) fn form(locale: &Locale, language: Language, persona: &str) -> Value {
    let say = |key: &str| locale.say(language, key, &[]);
    let field = serde_json::json!({
        "type": 4, "custom_id": STORY, "style": 2, "label": say("story-label"), "placeholder": say("story-hint"),
        "min_length": 1, "max_length": LONGEST_STORY, "required": true,
    });
    serde_json::json!({
        "custom_id": format!("{STORY}:{persona}"), "title": say("story-title"),
        "components": [{ "type": 1, "components": [field] }],
    })
}

fn fans(words: &Words<'_>) -> Vec<Declared> {
    let question = || words.option("question", "option-question", true, question_text);
    let persona = || Parameter {
        autocomplete_callback: Some(suggested),
        ..words.option("persona", "option-persona", false, text)
    };
    vec![
        words.command("ask", "command-ask", vec![question(), persona()]),
        words.command("panel", "command-panel", vec![question()]),
        words.command("story", "command-story", vec![persona()]),
        words.command("answer", "command-answer", Vec::new()),
        words.command("more", "command-more", Vec::new()),
        words.command("queue", "command-queue", Vec::new()),
        words.command("persona", "command-persona", vec![persona()]),
        words.command(
            "language",
            "command-language",
            vec![words.choices("language", "option-language", false, &LANGUAGES)],
        ),
        words.command(
            "privacy",
            "command-privacy",
            vec![
                words.choices("consent", "option-consent", false, &CONSENTS),
                words.option("allowed", "option-allowed", false, flag),
            ],
        ),
        words.command("mydata", "command-mydata", Vec::new()),
        words.command("forget", "command-forget", Vec::new()),
        words.command("about", "command-about", Vec::new()),
    ]
}

fn moderators(words: &Words<'_>) -> Declared {
    let user = || words.option("user", "option-user", true, user);
    let subcommands = vec![
        words.command("pause", "command-pause", Vec::new()),
        words.command("quiet", "command-quiet", Vec::new()),
        words.command("resume", "command-resume", Vec::new()),
        words.command("skip", "command-skip", vec![words.option("number", "option-number", false, number)]),
        words.command("clear", "command-clear", Vec::new()),
        words.command("queue", "command-mod-queue", Vec::new()),
        words.command("status", "command-status", Vec::new()),
        words.command("block", "command-block", vec![user()]),
        words.command("unblock", "command-unblock", vec![user()]),
        words.command(
            "limits",
            "command-limits",
            vec![
                words.option("minute", "option-minute", false, number),
                words.option("day", "option-day", false, number),
                words.option("reset", "option-reset", false, flag),
            ],
        ),
        words.command("channel", "command-channel", vec![words.choices("access", "option-access", true, &CHANNELS)]),
        words.command(
            "alerts",
            "command-alerts",
            vec![words.choices("to", "option-to", false, &ALERTS), words.option("code", "option-code", false, text)],
        ),
        words.command("hours", "command-hours", vec![words.option("hours", "option-hours", false, text)]),
        words.command("log", "command-log", Vec::new()),
        words.command("help", "command-help", Vec::new()),
    ];
    Declared {
        subcommands,
        default_member_permissions: Permissions::MANAGE_MESSAGES,
        guild_only: true,
        ..words.command("mod", "command-mod", Vec::new())
    }
}

/// The locale files, as declarations need them. A message there is a name and what it does: `name | what it does`.
struct Words<'a>(&'a Locale);

type Localized = Vec<(Cow<'static, str>, Cow<'static, str>)>;

impl Words<'_> {
    fn command(&self, name: &'static str, key: &str, parameters: Vec<Parameter>) -> Declared {
        let (names, texts) = self.both(key);
        Declared {
            name: name.into(),
            qualified_name: name.into(),
            identifying_name: name.into(),
            description: Some(self.parts(key, Language::En).1.into()),
            name_localizations: names.into(),
            description_localizations: texts.into(),
            parameters,
            slash_action: Some(nothing),
            ..Declared::default()
        }
    }

    fn option(&self, name: &'static str, key: &str, required: bool, setter: Setter) -> Parameter {
        let (names, texts) = self.both(key);
        Parameter {
            name: name.into(),
            name_localizations: names.into(),
            description: Some(self.parts(key, Language::En).1.into()),
            description_localizations: texts.into(),
            required,
            channel_types: None,
            choices: Cow::Borrowed(&[]),
            type_setter: Some(setter),
            autocomplete_callback: None,
            __non_exhaustive: (),
        }
    }

    fn choices(&self, name: &'static str, key: &str, required: bool, of: &[(&str, &str)]) -> Parameter {
        let choice = |(_, key): &(&str, &str)| {
            let said =
                |(code, language): (&'static str, Language)| (code.into(), self.0.say(language, key, &[]).into());
            let localizations: Localized = LOCALES.map(said).to_vec();
            CommandParameterChoice {
                name: self.0.say(Language::En, key, &[]).into(),
                localizations: localizations.into(),
                __non_exhaustive: (),
            }
        };
        let choices: Vec<_> = of.iter().map(choice).collect();
        Parameter { choices: choices.into(), ..self.option(name, key, required, number) }
    }

    /// poise gives the entries of a message's menu no names but one.
    fn quote(&self) -> CreateCommand {
        let name = |language| self.0.say(language, "menu-quote", &[]);
        LOCALES
            .iter()
            .fold(CreateCommand::new(name(Language::En)).kind(CommandType::Message), |command, (code, language)| {
                command.name_localized(*code, name(*language))
            })
    }

    fn both(&self, key: &str) -> (Localized, Localized) {
        let of = |(code, language): (&'static str, Language)| {
            let (name, text) = self.parts(key, language);
            ((code.into(), name.into()), (code.into(), text.into()))
        };
        LOCALES.map(of).into_iter().unzip()
    }

    fn parts(&self, key: &str, language: Language) -> (String, String) {
        let said = self.0.say(language, key, &[]);
        let (name, text) = said.split_once('|').unwrap_or((&said, &said));
        (name.trim().to_owned(), text.trim().to_owned())
    }
}

fn nothing(_: ApplicationContext<'_, (), Infallible>) -> BoxFuture<'_, Result<(), FrameworkError<'_, (), Infallible>>> {
    Box::pin(async { Ok(()) })
}

/// Suggestions come from [`personas_like`].
fn suggested<'a>(
    _: ApplicationContext<'a, (), Infallible>,
    _: &'a str,
) -> BoxFuture<'a, serenity::builder::CreateAutocompleteResponse> {
    Box::pin(async { serenity::builder::CreateAutocompleteResponse::new() })
}

fn text(option: CreateCommandOption) -> CreateCommandOption {
    option.kind(CommandOptionType::String)
}

fn question_text(option: CreateCommandOption) -> CreateCommandOption {
    option.kind(CommandOptionType::String).min_length(1).max_length(LONGEST_QUESTION)
}

fn number(option: CreateCommandOption) -> CreateCommandOption {
    option.kind(CommandOptionType::Integer)
}

fn flag(option: CreateCommandOption) -> CreateCommandOption {
    option.kind(CommandOptionType::Boolean)
}

fn user(option: CreateCommandOption) -> CreateCommandOption {
    option.kind(CommandOptionType::User)
}
