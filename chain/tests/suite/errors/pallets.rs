//! Commitments, the beacon, and the faucet.

use super::row::{NOBODY, Row, Table, fails};
use crate::world::{NET, OWNER, ROOT, STAKER, VALI, World, id};
use chain::call::{RuntimeCall, commitments, drand, subtensor};
use chain::crypto::Keypair;
use chain::drand::Beacon;
use chain::error::{CommitmentsError as C, DispatchError, DrandError as D, SubtensorModuleError as E};
use chain::runtime::Rules;
use chain::runtime::calls::faucet::{meets_difficulty, work_of};
use chain::types::{
    BeaconConfiguration, BeaconConfigurationPayload, CommitmentInfo, Data, MultiSigner, Pulse, PulsesPayload,
    UsageTracker,
};
use chain::units::NetUid;
use parity_scale_codec::Encode as _;

fn published() -> Vec<Row> {
    let commit = |netuid, fields: Vec<Data>| {
        RuntimeCall::from(commitments::Call::SetCommitment { netuid, info: CommitmentInfo { fields } })
    };
    let raw = |length| Data::Raw(vec![7; length]);
    let good = || commit(NET, vec![raw(1)]);
    let used = |used_space| {
        move |w: &mut World| {
            let row = w.state.commitments_mut().row_mut(NET, &id(VALI));
            row.used_space = Some(UsageTracker { last_epoch: 0, used_space });
        }
    };
    let space = || commitments::Call::SetMaxSpace { new_limit: 1 };
    vec![
        fails(C::AccountNotAllowedCommit, STAKER, good()).but_by(VALI),
        fails(C::AccountNotAllowedCommit, VALI, commit(NetUid(9), vec![raw(1)])).but_call(good()),
        fails(C::TooManyFieldsInCommitmentInfo, VALI, commit(NET, vec![raw(1); 4]))
            .but_call(commit(NET, vec![raw(1); 3])),
        // On chain so long a field is no call at all.
        fails(C::TooManyFieldsInCommitmentInfo, VALI, commit(NET, vec![raw(129)]))
            .but_call(commit(NET, vec![raw(128)])),
        // What is small counts a hundred.
        fails(C::SpaceLimitExceeded, VALI, good()).given(used(3_001)).but_when(used(3_000)),
        fails(C::SpaceLimitExceeded, VALI, commit(NET, vec![raw(101)])).given(used(3_000)).but_call(good()),
        fails(DispatchError::BadOrigin, VALI, space()).but_by(ROOT),
    ]
}

fn beacon() -> Beacon {
    Beacon::from_seed(&[3; 32])
}

fn pulses() -> Vec<Row> {
    let node = Keypair::ed25519(&[4; 32]);
    let public = MultiSigner::Ed25519(*node.account().bytes());
    let write = |pulse: Pulse| {
        let pulses_payload = PulsesPayload { block_number: 1, pulses: vec![pulse], public: public.clone() };
        let signature = Some(node.sign(&pulses_payload.encode(), [0; 32]));
        RuntimeCall::from(drand::Call::WritePulse { pulses_payload, signature })
    };
    let good = || write(beacon().pulse(40));
    let config_payload = BeaconConfigurationPayload {
        block_number: 1,
        config: BeaconConfiguration::default(),
        public: public.clone(),
    };
    let config = drand::Call::SetBeaconConfig { config_payload, signature: None };
    let oldest = drand::Call::SetOldestStoredRound { oldest_round: 17 };
    vec![
        fails(DispatchError::BadOrigin, STAKER, good()).but_by(NOBODY),
        fails(DispatchError::BadOrigin, ROOT, good()).but_by(NOBODY),
        fails(
            D::PulseVerificationError,
            NOBODY,
            write(Pulse { signature: vec![1; 48], ..beacon().pulse(40) }),
        )
        .but_call(good()),
        fails(DispatchError::BadOrigin, OWNER, config).but_by(ROOT),
        fails(DispatchError::BadOrigin, OWNER, oldest).but_by(ROOT),
    ]
}

pub(super) fn table() -> Table {
    let mut world = super::world();
    world.state.drand_mut().config.public_key = beacon().public_key().to_vec();
    Table { world, rows: [published(), pulses()].concat() }
}

/// The nonce whose work the staker shows for a block with the hash below; found by trying from zero.
const NONCE: u64 = 880_158;
const HASH: [u8; 32] = [7; 32];

/// The faucet, on a chain that has one, two blocks after that block.
pub(super) fn faucet() -> Table {
    let mut world = super::world();
    let number = world.state.block - 1;
    world.state.recent_hashes.insert(number, HASH);
    let nonce = (NONCE..).find(|nonce| meets_difficulty(&work_of(&world.state, number, &id(STAKER), *nonce)));
    let nonce = nonce.unwrap();
    let work = work_of(&world.state, number, &id(STAKER), nonce);
    let show = |block_number, nonce, work: &[u8]| subtensor::Call::Faucet {
        block_number,
        nonce,
        work: work.to_vec(),
    };
    let good = || show(number, nonce, &work);
    let rows = vec![
        fails(E::InvalidWorkBlock, STAKER, show(number - 1, nonce, &work)).but_call(good()),
        fails(E::InvalidWorkBlock, STAKER, show(number + 3, nonce, &work)).but_call(good()),
        fails(E::InvalidDifficulty, STAKER, show(number, nonce, &[0xff; 32])).but_call(good()),
        fails(E::InvalidSeal, STAKER, show(number, nonce + 1, &work)).but_call(good()),
        fails(E::InvalidSeal, OWNER, good()).but_by(STAKER),
    ];
    Table { world, rows }
}

/// The same on a chain that has none.
pub(super) fn no_faucet() -> Table {
    let mut table = faucet();
    let good = table.rows[0].neighbours_call();
    table.rows = vec![fails(E::FaucetDisabled, STAKER, good).but_under(with_faucet())];
    table
}

pub(super) fn with_faucet() -> Rules {
    Rules { pow_faucet: true, ..Rules::default() }
}

#[test]
fn commitments_and_pulses() {
    table().check();
}

#[test]
fn work_for_the_faucet() {
    faucet().check_under(&with_faucet());
    no_faucet().check();
}
