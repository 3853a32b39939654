//! What neurons publish about themselves.
//!
//! **Source**: spec/chain.md 10.7, 2.1 step 2.

use crate::account::AccountId;
use crate::call::commitments::Call;
use crate::drand;
use crate::error::{CommitmentsError as E, DispatchOutcome};
use crate::event::CommitmentsEvent as Event;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::state::State;
use crate::types::{CommitmentInfo, Data, Registration, UsageTracker};
use crate::units::{NetUid, Rao};
use std::sync::Arc;

/// Most fields of a commitment.
const FIELDS_MAX: usize = 3;
/// What a commitment counts at least, bytes.
const SPACE_MIN: u64 = 100;
/// Revealed plaintexts that are kept of a hotkey.
const REVEALS_MAX: usize = 10;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::SetCommitment { netuid, info } => set(exec, &origin.signed()?, *netuid, info),
        Call::SetMaxSpace { new_limit } => {
            origin.root()?;
            exec.state.commitments_mut().max_space = *new_limit;
            Ok(())
        }
    }
}

fn set(exec: &mut Exec<'_>, who: &AccountId, netuid: NetUid, info: &CommitmentInfo) -> DispatchOutcome {
    let subnet = exec.state.subnet(netuid);
    let epoch = subnet.filter(|subnet| subnet.neurons.uid_of(who).is_some());
    let epoch = epoch.ok_or(E::AccountNotAllowedCommit)?.schedule.epoch_index;
    // On chain a field that is too long is no call at all.
    if info.fields.len() > FIELDS_MAX || !info.fields.iter().all(Data::is_bounded) {
        return Err(E::TooManyFieldsInCommitmentInfo.into());
    }
    let block = u32::try_from(exec.now()).unwrap_or(u32::MAX);
    let required = info.fields.iter().map(Data::space).fold(0, u64::saturating_add).max(SPACE_MIN);
    let row = exec.state.commitments.rows.get(&(netuid, *who));
    let used = row.and_then(|row| row.used_space).filter(|used| used.last_epoch == epoch);
    let used_space = used.map_or(0, |used| used.used_space).saturating_add(required);
    if used_space > exec.state.commitments.max_space.into() {
        return Err(E::SpaceLimitExceeded.into());
    }
    let resets = info.fields.contains(&Data::ResetBondsFlag);
    if resets {
        reset_bonds(exec.state, netuid, who);
    }
    let round = info.fields.iter().find_map(|field| match field {
        Data::TimelockEncrypted { reveal_round, .. } => Some(*reveal_round),
        _ => None,
    });
    let commitments = exec.state.commitments_mut();
    let row = commitments.row_mut(netuid, who);
    row.used_space = Some(UsageTracker { last_epoch: epoch, used_space });
    row.registration = Some(Registration { deposit: Rao::ZERO, block, info: info.clone() });
    row.last = Some(block);
    if resets {
        row.last_bonds_reset = Some(block);
    }
    let key = (netuid.number(), *who.bytes());
    let (netuid, who) = (netuid, *who);
    if let Some(reveal_round) = round {
        commitments.timelocked.insert(key);
        exec.emit(Event::TimelockCommitment { netuid, who, reveal_round });
    } else {
        commitments.timelocked.remove(&key);
        exec.emit(Event::Commitment { netuid, who });
    }
    Ok(())
}

/// Forgets all bonds towards a neuron, where the subnet allows it.
fn reset_bonds(state: &mut State, netuid: NetUid, who: &AccountId) {
    let Some(subnet) = state.subnet(netuid).filter(|subnet| subnet.params.bonds_reset_on) else { return };
    let Some(uid) = subnet.neurons.uid_of(who) else { return };
    for mechid in 0..subnet.params.mechanism_count {
        for row in &mut state.subnet_mut(netuid).mechanism_mut(mechid).bonds {
            if row.iter().any(|(other, _)| *other == uid) {
                Arc::make_mut(row).retain(|(other, _)| *other != uid);
            }
        }
    }
}

/// Opens the timelocked fields whose round is known; part of the opening of each block.
pub(crate) fn reveal_timelocked(exec: &mut Exec<'_>) {
    if exec.state.commitments.timelocked.is_empty() {
        return;
    }
    for (number, bytes) in exec.state.commitments.timelocked.clone() {
        let (netuid, who) = (NetUid(number), AccountId::new(bytes));
        let row = exec.state.commitments.rows.get(&(netuid, who));
        let fields = row.and_then(|row| row.registration.as_ref()).map(|found| &found.info.fields);
        let is_timelocked = |field: &Data| matches!(field, Data::TimelockEncrypted { .. });
        let known = |field: &Data| match field {
            Data::TimelockEncrypted { reveal_round, .. } => exec.state.pulses.contains_key(reveal_round),
            _ => false,
        };
        match fields {
            Some(fields) if fields.iter().any(known) => reveal(exec, netuid, &who),
            Some(fields) if fields.iter().any(is_timelocked) => {}
            _ => {
                exec.state.commitments_mut().timelocked.remove(&(number, bytes));
            }
        }
    }
}

/// Takes the fields whose round is known out of a commitment. What cannot be opened is lost, as on chain.
fn reveal(exec: &mut Exec<'_>, netuid: NetUid, who: &AccountId) {
    let now = exec.now();
    let pulses = exec.state.pulses.clone();
    let commitments = exec.state.commitments_mut();
    let row = commitments.row_mut(netuid, who);
    let Some(mut registration) = row.registration.take() else { return };
    let mut opened = Vec::new();
    registration.info.fields.retain(|field| {
        let Data::TimelockEncrypted { encrypted, reveal_round } = field else { return true };
        let Some(pulse) = pulses.get(reveal_round) else { return true };
        opened.extend(drand::open(encrypted, &pulse.signature).filter(|plain| !plain.is_empty()));
        false
    });
    let events = opened.len();
    if !opened.is_empty() {
        let revealed = row.revealed.get_or_insert_default();
        revealed.extend(opened.into_iter().map(|plain| (plain, now)));
        let old = revealed.len().saturating_sub(REVEALS_MAX);
        revealed.drain(..old);
    }
    let fields = &registration.info.fields;
    let waits = fields.iter().any(|field| matches!(field, Data::TimelockEncrypted { .. }));
    row.registration = (!fields.is_empty()).then_some(registration);
    if !waits {
        commitments.timelocked.remove(&(netuid.number(), *who.bytes()));
    }
    for _ in 0..events {
        exec.emit(Event::CommitmentRevealed { netuid, who: *who });
    }
}
