//! Which run a ledger belongs to.

use std::path::Path;

use parity_scale_codec::{Decode, Encode};

use super::Error;

/// What makes a ledger the ledger of one run. Two runs with equal identities produce equal blocks.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Identity {
    /// Genesis digest: the parent digest of the first frame.
    pub genesis: [u8; 32],
    /// Digest of the scenario and all it embeds.
    pub scenario_digest: [u8; 32],
    /// Seed of the run.
    pub seed: u64,
    /// All that is needed to build the run again (scenario text and the like), opaque to the ledger.
    pub scenario: Vec<u8>,
}

impl Identity {
    /// Refuses an identity other than `expected`, naming the first part that differs.
    ///
    /// # Errors
    /// [`Error::OtherIdentity`].
    pub(super) fn expect(&self, expected: &Self, path: &Path) -> Result<(), Error> {
        let differs = |field, found: String, expected: String| Error::OtherIdentity {
            path: path.to_path_buf(),
            field,
            found,
            expected,
        };
        if self.scenario_digest != expected.scenario_digest {
            let (found, wanted) = (hex::encode(self.scenario_digest), hex::encode(expected.scenario_digest));
            return Err(differs("scenario digest", found, wanted));
        }
        if self.seed != expected.seed {
            return Err(differs("seed", self.seed.to_string(), expected.seed.to_string()));
        }
        if self.genesis != expected.genesis {
            let (found, wanted) = (hex::encode(self.genesis), hex::encode(expected.genesis));
            return Err(differs("genesis", found, wanted));
        }
        Ok(())
    }
}
