//! Weights that nobody reads before their time, as the SDK sends them.

use crate::participant::{Outbox, Step};
use crate::streams::Purpose;
use chain::call::subtensor::Call;
use chain::drand::seal;
use chain::state::Subnet;
use chain::units::{BlockNumber, NetUid, Uid};
use parity_scale_codec::Encode as _;

/// Weights become readable so many blocks into their epoch, so that no epoch that comes late meets them early.
const MARGIN: u64 = 3;

/// The round to which weights committed in a block are locked: one that is known to the chain early in the epoch in
/// which it reveals them. Rounds of the run's own beacon are numbers of blocks.
fn round(subnet: &Subnet, block: BlockNumber) -> u64 {
    let tempo = u64::from(subnet.params.tempo);
    let due = subnet.schedule.last_epoch_block.saturating_add(tempo);
    let wait = subnet.params.reveal_period_epochs.saturating_sub(1).saturating_mul(tempo);
    let margin = MARGIN.min(tempo.saturating_sub(2));
    due.saturating_add(wait).saturating_add(margin).max(block.saturating_add(1))
}

/// The call that commits timelocked weights; `None` when the chain listens to a beacon without a key.
pub(super) fn commit(
    step: &Step<'_>,
    out: &mut Outbox<'_>,
    netuid: NetUid,
    (uids, values): (&[Uid], &[u16]),
) -> Option<Call> {
    let state = step.view.state();
    let subnet = state.subnet(netuid)?;
    let reveal_round = round(subnet, step.block);
    let version_key = subnet.params.weights_version_key;
    let payload = (step.keys.hot.bytes().to_vec(), uids, values, version_key).encode();
    let draws: Vec<u64> = (0..4).map(|_| out.streams.draw(Purpose::Salt)).collect();
    let entropy = *blake3::hash(&draws.encode()).as_bytes();
    let commit = seal(&state.drand.config.public_key, reveal_round, &payload, &entropy)?;
    let commit_reveal_version = state.globals.commit_reveal_weights_version;
    Some(Call::CommitTimelockedWeights { netuid, commit, reveal_round, commit_reveal_version })
}
