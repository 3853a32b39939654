//! Weights that are revealed: what the guard looks for among the commits of all, and what the call asks.

use super::row::{Row, Table, fails};
use super::weights::{NOWHERE, free, params, permit, threshold, two_mechanisms};
use crate::world::{NET, VALI, World, id};
use chain::call::subtensor::Call;
use chain::crypto::blake2_256;
use chain::error::SubtensorModuleError as E;
use chain::units::{NetUid, NetUidStorageIndex};
use parity_scale_codec::Encode as _;

const SALT: [u16; 2] = [4, 7];
/// Hotkeys that repeat the validator's hash; the guard finds one of theirs first.
const COPIERS: std::ops::Range<u64> = 200..232;

/// What is revealed, by one of three calls.
#[derive(Clone)]
struct Revealed {
    netuid: NetUid,
    mecid: u8,
    uids: Vec<u16>,
    values: Vec<u16>,
    key: u64,
}

fn to(uids: &[u16]) -> Revealed {
    Revealed { netuid: NET, mecid: 0, uids: uids.to_vec(), values: vec![1; uids.len()], key: 0 }
}

impl Revealed {
    fn hash(&self) -> [u8; 32] {
        let index = NetUidStorageIndex::new(self.netuid, self.mecid);
        blake2_256(&(id(VALI), index, &self.uids, &self.values, &SALT[..], self.key).encode())
    }
    /// Stands among a hotkey's commits of an epoch.
    fn commit_of(&self, world: &mut World, who: u64, epoch: u64) {
        let mechanism = world.state.subnet_mut(self.netuid).mechanism_mut(self.mecid);
        mechanism.weight_commits.entry(id(who)).or_default().push_back((self.hash(), epoch, 1, 0));
    }
    /// A change of the world: the validator committed it in an epoch.
    fn committed(&self, epoch: u64) -> impl Fn(&mut World) + 'static {
        let this = self.clone();
        move |world: &mut World| this.commit_of(world, VALI, epoch)
    }
    /// A change of the world: others committed the same hash in an epoch.
    fn copied(&self, epoch: u64) -> impl Fn(&mut World) + 'static {
        let this = self.clone();
        move |world: &mut World| COPIERS.for_each(|who| this.commit_of(world, who, epoch))
    }
}

type Reveal = fn(&Revealed) -> Call;

fn reveal(what: &Revealed) -> Call {
    let Revealed { netuid, uids, values, key, .. } = what.clone();
    Call::RevealWeights { netuid, uids, values, salt: SALT.to_vec(), version_key: key }
}

fn reveal_of(what: &Revealed) -> Call {
    let Revealed { netuid, mecid, uids, values, key } = what.clone();
    Call::RevealMechanismWeights { netuid, mecid, uids, values, salt: SALT.to_vec(), version_key: key }
}

fn batch(what: &Revealed) -> Call {
    let Revealed { netuid, uids, values, key, .. } = what.clone();
    Call::BatchRevealWeights {
        netuid,
        uids_list: vec![uids],
        values_list: vec![values],
        salts_list: vec![SALT.to_vec()],
        version_keys: vec![key],
    }
}

/// The subnet hides weights and is in its epoch 1.
fn epoch_one(world: &mut World) {
    params(world).commit_reveal_weights_enabled = true;
    free(world);
    world.state.subnet_mut(NET).schedule.epoch_index = 1;
}

fn epoch_two(world: &mut World) {
    world.state.subnet_mut(NET).schedule.epoch_index = 2;
}

fn commits(reveal: Reveal) -> Vec<Row> {
    let what = to(&[1]);
    let good = || reveal(&what);
    let elsewhere = Revealed { netuid: NOWHERE, ..what.clone() };
    vec![
        fails(E::NotEnoughStakeToSetWeights, VALI, good())
            .given(what.committed(0))
            .at_the_door(1)
            .when(threshold),
        fails(E::NoWeightsCommitFound, VALI, good()).at_the_door(16).but_when(what.committed(0)),
        fails(E::RevealTooEarly, VALI, good()).given(what.committed(1)).at_the_door(17).but_when(epoch_two),
        // So is too late.
        fails(E::RevealTooEarly, VALI, good()).given(what.committed(0)).at_the_door(17).when(epoch_two),
        fails(E::CommitRevealDisabled, VALI, good())
            .given(what.committed(0))
            .when(|w| params(w).commit_reveal_weights_enabled = false),
        fails(E::NoWeightsCommitFound, VALI, reveal(&elsewhere))
            .given(what.committed(0))
            .given(elsewhere.copied(0))
            .given(|w| w.state.subnet_mut(NOWHERE).schedule.epoch_index = 1)
            .but_call(good()),
        // From here on the guard is content with the commit of another hotkey.
        fails(E::NoWeightsCommitFound, VALI, good()).given(what.copied(0)).but_when(what.committed(0)),
        fails(E::InvalidRevealCommitHashNotMatch, VALI, good())
            .given(what.copied(0))
            .given(to(&[0]).committed(0))
            .but_when(what.committed(0)),
        fails(E::ExpiredWeightCommit, VALI, good())
            .given(epoch_two)
            .given(what.copied(1))
            .given(what.committed(0))
            .but_when(what.committed(1)),
    ]
}

/// What was committed is checked as weights that are set.
fn weights(reveal: Reveal) -> Vec<Row> {
    let both = to(&[0, 1]);
    let instead = |error: E, wrong: Revealed, right: &Revealed| {
        fails(error, VALI, reveal(&wrong))
            .given(wrong.committed(0))
            .given(right.committed(0))
            .given(permit)
            .but_call(reveal(right))
    };
    let low = |w: &mut World| params(w).min_allowed_weights = 2;
    let root = Revealed { netuid: NetUid::ROOT, ..both.clone() };
    let gone = |w: &mut World| {
        w.state.subnet_mut(NET).neurons_mut().uids.remove(&id(VALI));
    };
    vec![
        instead(E::CanNotSetRootNetworkWeights, root, &both)
            .given(|w| w.state.subnet_mut(NetUid::ROOT).schedule.epoch_index = 1),
        instead(E::WeightVecNotEqualSize, Revealed { values: vec![1], ..both.clone() }, &both),
        instead(E::UidsLengthExceedUidsInSubNet, to(&[0, 1, 2]), &both),
        instead(E::DuplicateUids, to(&[0, 0]), &both),
        instead(E::UidVecContainInvalidOne, to(&[0, 9]), &both),
        instead(E::WeightVecLengthIsLow, to(&[0]), &both).given(low),
        instead(
            E::IncorrectWeightVersionKey,
            Revealed { key: 4, ..both.clone() },
            &Revealed { key: 5, ..both.clone() },
        )
        .given(|w| params(w).weights_version_key = 5),
        fails(E::NeuronNoValidatorPermit, VALI, reveal(&both)).given(both.committed(0)).but_when(permit),
        fails(E::HotKeyNotRegisteredInSubNet, VALI, reveal(&both))
            .given(both.committed(0))
            .given(permit)
            .when(gone),
    ]
}

fn mechanisms() -> Vec<Row> {
    let second = Revealed { mecid: 1, ..to(&[1]) };
    vec![
        fails(E::MechanismDoesNotExist, VALI, reveal_of(&second))
            .given(two_mechanisms)
            .given(second.committed(0))
            .when(|w| params(w).mechanism_count = 1),
    ]
}

fn batches() -> Vec<Row> {
    let what = to(&[1]);
    let mut uneven = batch(&what);
    if let Call::BatchRevealWeights { salts_list, .. } = &mut uneven {
        salts_list.clear();
    }
    let mut twice = batch(&what);
    if let Call::BatchRevealWeights { uids_list, values_list, salts_list, version_keys, .. } = &mut twice {
        uids_list.push(what.uids.clone());
        values_list.push(what.values.clone());
        salts_list.push(SALT.to_vec());
        version_keys.push(what.key);
    }
    vec![
        fails(E::InputLengthsUnequal, VALI, uneven)
            .given(what.committed(0))
            .at_the_door(18)
            .but_call(batch(&what)),
        // One commit, revealed twice.
        fails(E::InvalidRevealCommitHashNotMatch, VALI, twice)
            .given(what.committed(0))
            .but_when(what.committed(0)),
    ]
}

pub(super) fn table() -> Table {
    let mut world = super::world();
    epoch_one(&mut world);
    let rows = [
        commits(reveal),
        commits(reveal_of),
        commits(batch),
        weights(reveal),
        weights(reveal_of),
        weights(batch),
        mechanisms(),
        batches(),
    ];
    Table { world, rows: rows.concat() }
}

#[test]
fn reveals() {
    table().check();
}
