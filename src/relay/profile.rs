//! What workers say of their engines, and what all of them can.

use serde::{Deserialize, Serialize};

use crate::engine::Profile;

/// What a worker publishes with every heartbeat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Published {
    pub profile: Profile,
    /// Measured over its last answers; 0 before the first.
    pub tokens_per_second: f64,
}

impl Published {
    /// As it was read from the line. What another version wrote is left out.
    #[must_use]
    pub fn of(texts: &[String]) -> Vec<Self> {
        texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
    }

    pub(super) fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What every one of these engines can: the smallest context, the languages of all, all slots. `None` of none.
#[must_use]
pub fn common(published: &[Published]) -> Option<Profile> {
    let mut profiles = published.iter().map(|published| &published.profile);
    let mut common = profiles.next()?.clone();
    for other in profiles {
        common.slots += other.slots;
        common.context = common.context.min(other.context);
        common.can_continue &= other.can_continue;
        // Where nothing is left, the first one's stay: some language has to be answered in.
        if common.languages.iter().any(|language| other.languages.contains(language)) {
            common.languages.retain(|language| other.languages.contains(language));
        }
        if common.name != other.name {
            "workers of several kinds".clone_into(&mut common.name);
        }
    }
    Some(common)
}
