//! Takes a model's place, gives it loaded into mistral.rs. Knows nothing of prompts.
//!
//! Measured are GGUF files on a CPU. A GPU, a folder and a hub id are written after mistral.rs's sources and unmeasured.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use mistralrs::{
    AnyModelBuilder, GgufModelBuilder, IsqBits, MemoryGpuConfig, Model, PagedAttentionConfig,
    PagedAttentionMetaBuilder, TextModelBuilder, TokenSource, core::Pipeline,
    model_builder_trait::build_model_from_pipeline,
};
use tokenizers::Tokenizer;

use super::prompt::ChatFormat;
use crate::{OpenError, error::one_line};

/// Everything needed to load a model, and to load it again after an accident.
#[derive(Clone, Debug)]
pub struct Plan {
    pub weights: Weights,
    pub name: String,
    pub slots: usize,
    pub context: usize,
    /// Whether the engine runs on a GPU, with paged attention: then it manages its prefix cache itself.
    pub paged: bool,
}

/// Where the weights are.
#[derive(Clone, Debug)]
pub enum Weights {
    /// A file, and a folder with its tokenizer unless mistral.rs is to convert the file's own.
    Gguf { file: PathBuf, tokenizer: Option<PathBuf> },
    /// A folder of safetensors, or a hub id.
    Safetensors { model: String, local: bool },
}

/// A model in memory.
pub struct Loaded {
    pub model: Model,
    pub traits: Traits,
}

/// What a model says of itself.
#[derive(Clone, Debug)]
pub struct Traits {
    pub tokenizer: Arc<Tokenizer>,
    pub format: ChatFormat,
    /// The tokens with which the model ends an answer.
    pub end: Arc<[u32]>,
    /// Its own context in tokens.
    pub context: usize,
    /// Memory of one token in the prefix cache.
    pub token_bytes: usize,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded").field("context", &self.traits.context).finish_non_exhaustive()
    }
}

/// Whether this build and this machine have a GPU that mistral.rs can use.
pub fn has_gpu() -> bool {
    cfg!(feature = "cuda")
        && mistralrs::paged_attn_supported()
        && mistralrs::best_device(false).is_ok_and(|d| !d.is_cpu())
}

/// Loads on a blocking thread: mistral.rs blocks while it loads, and panics on some faulty models.
///
/// # Errors
/// What mistral.rs says, in one line.
pub async fn load(plan: &Plan) -> Result<Loaded, OpenError> {
    let fault = |why: String| OpenError::Load { model: plan.name.clone(), why };
    tracing::info!(model = plan.name, slots = plan.slots, "loading the model");
    let runtime = tokio::runtime::Handle::current();
    let planned = plan.clone();
    let loading = tokio::task::spawn_blocking(move || runtime.block_on(build(&planned)));
    loading.await.map_err(|panic| fault(one_line(panic)))?.map_err(fault)
}

async fn build(plan: &Plan) -> Result<Loaded, String> {
    let built = builder(plan)?.build_pipeline().await;
    let (pipeline, scheduler, config) = built.map_err(|error| one_line(format!("{error:#}")))?;
    let traits = traits(&*pipeline.lock().await)?;
    let model = build_model_from_pipeline(pipeline, scheduler, config).await;
    Ok(Loaded { model, traits })
}

fn traits(pipeline: &dyn Pipeline) -> Result<Traits, String> {
    let metadata = pipeline.get_metadata();
    let shape = metadata.model_metadata.as_ref().ok_or("it does not say its shape")?;
    Ok(Traits {
        tokenizer: pipeline.tokenizer().ok_or("it has no tokenizer")?,
        format: format(pipeline).ok_or("it has no chat template; put a tokenizer_config.json beside it")?,
        end: Arc::from(metadata.eos_tok.as_slice()),
        context: metadata.max_seq_len,
        token_bytes: shape.kv_cache_elements_per_token()
            * shape.num_layers()
            * metadata.activation_dtype.size_in_bytes(),
    })
}

/// The chat template; where a model brings several, its default.
fn format(pipeline: &dyn Pipeline) -> Option<ChatFormat> {
    let found = pipeline.get_chat_template()?;
    let several = |list: &Vec<HashMap<String, String>>| {
        let default = list.iter().find(|template| template.get("name").is_some_and(|name| name == "default"));
        default.or(list.first()).and_then(|template| template.get("template")).cloned()
    };
    let template = found.chat_template.as_ref()?.0.as_ref().either(|one| Some(one.clone()), several)?;
    Some(ChatFormat { template, bos: found.bos_tok().unwrap_or_default(), eos: found.eos_tok().unwrap_or_default() })
}

fn builder(plan: &Plan) -> Result<AnyModelBuilder, String> {
    let paged = plan.paged.then(|| paged(plan)).transpose()?;
    match &plan.weights {
        Weights::Gguf { file, tokenizer } => {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let mut builder = GgufModelBuilder::new(folder.display(), vec![name])
                .with_token_source(TokenSource::None)
                .with_max_num_seqs(plan.slots);
            if let Some(tokenizer) = tokenizer {
                builder = builder.with_tok_model_id(tokenizer.display());
            }
            Ok(match paged {
                Some(paged) => builder.with_paged_attn(paged).into(),
                None => builder.with_force_cpu().into(),
            })
        }
        Weights::Safetensors { model, local } => {
            let token = if *local { TokenSource::None } else { TokenSource::CacheToken };
            let builder = TextModelBuilder::new(model).with_token_source(token).with_max_num_seqs(plan.slots);
            Ok(match paged {
                Some(paged) => builder.with_paged_attn(paged).into(),
                // Full weights on a CPU are slower by their size; eight bits lose next to nothing.
                None => builder.with_force_cpu().with_auto_isq(IsqBits::Eight).into(),
            })
        }
    }
}

/// The default would be room for 4,096 tokens in all.
fn paged(plan: &Plan) -> Result<PagedAttentionConfig, String> {
    PagedAttentionMetaBuilder::default()
        .with_gpu_memory(MemoryGpuConfig::ContextSize(plan.context * plan.slots))
        .build()
        .map_err(one_line)
}
