//! Takes the words of `engine.model`, gives the kind of model that they name. Knows nothing of loading.

use std::path::{Path, PathBuf};

use reqwest::Url;

use crate::OpenError;

/// What `engine.model` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The model that comes with the program.
    Default,
    /// A `.gguf` file.
    Gguf(PathBuf),
    /// A folder of safetensors.
    Folder(PathBuf),
    /// `owner/name` on the hub.
    Hub(String),
    /// A server that speaks the OpenAI API.
    Server(Url),
}

impl Source {
    /// Looks at the file system where a path could be meant.
    ///
    /// # Errors
    /// What is named does not exist, or is no model.
    pub fn parse(model: &str) -> Result<Self, OpenError> {
        let model = model.trim();
        if model.is_empty() {
            return Ok(Self::Default);
        }
        if model.contains("://") {
            return server(model).map(Self::Server);
        }
        let path = Path::new(model);
        match path.metadata() {
            Ok(found) if found.is_dir() => folder(path),
            Ok(_) if is_gguf(path) => Ok(Self::Gguf(path.to_owned())),
            Ok(_) => Err(OpenError::NotAModel { path: path.to_owned(), why: "a model file ends in .gguf".into() }),
            Err(_) if is_hub_id(model) && !is_gguf(path) => Ok(Self::Hub(model.to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(OpenError::Missing(path.to_owned())),
            Err(error) => Err(OpenError::Unreadable { path: path.to_owned(), error }),
        }
    }
}

fn server(address: &str) -> Result<Url, OpenError> {
    let fault = |why: String| OpenError::Address { address: address.to_owned(), why };
    let url = Url::parse(address).map_err(|error| fault(error.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err(fault("it must begin with http:// or https://".into())),
    }
}

fn folder(path: &Path) -> Result<Source, OpenError> {
    let unreadable = |error| OpenError::Unreadable { path: path.to_owned(), error };
    let lacks = |why: &str| OpenError::NotAModel { path: path.to_owned(), why: why.to_owned() };
    let names: Vec<PathBuf> = path
        .read_dir()
        .map_err(unreadable)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()
        .map_err(unreadable)?;
    if !names.iter().any(|name| name.extension().is_some_and(|e| e == "safetensors")) {
        return Err(lacks("the folder has no .safetensors file"));
    }
    for needed in ["config.json", "tokenizer.json"] {
        if !path.join(needed).is_file() {
            return Err(lacks(&format!("the folder has no {needed}")));
        }
    }
    Ok(Source::Folder(path.to_owned()))
}

fn is_gguf(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf"))
}

/// `owner/name` in the hub's alphabet.
fn is_hub_id(model: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with(['.', '-'])
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
    };
    model.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}
