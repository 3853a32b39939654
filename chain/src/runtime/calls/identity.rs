//! What people call a subnet or a coldkey.
//!
//! **Source**: spec/chain.md 7.7.

use super::{not_modelled, owner, symbols};
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::Exec;
use crate::runtime::dispatch::Origin;
use crate::types::{ChainIdentityOfV2, SubnetIdentityOfV3};
use crate::units::NetUid;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::SetIdentity { name, url, github_repo, image, discord, description, additional } => {
            let identity = ChainIdentityOfV2 {
                name: name.clone(),
                url: url.clone(),
                github_repo: github_repo.clone(),
                image: image.clone(),
                discord: discord.clone(),
                description: description.clone(),
                additional: additional.clone(),
            };
            set_coldkey(exec, &origin.signed()?, identity)
        }
        Call::SetSubnetIdentity {
            netuid,
            subnet_name,
            github_repo,
            subnet_contact,
            subnet_url,
            discord,
            description,
            logo_url,
            additional,
        } => {
            let who = origin.signed()?;
            if exec.state.subnet(*netuid).is_none_or(|subnet| subnet.owner != who) {
                return Err(E::NotSubnetOwner.into());
            }
            let identity = SubnetIdentityOfV3 {
                subnet_name: subnet_name.clone(),
                github_repo: github_repo.clone(),
                subnet_contact: subnet_contact.clone(),
                subnet_url: subnet_url.clone(),
                discord: discord.clone(),
                description: description.clone(),
                logo_url: logo_url.clone(),
                additional: additional.clone(),
            };
            set_subnet(exec, *netuid, &identity)
        }
        Call::UpdateSymbol { netuid, symbol } => update_symbol(exec, origin, *netuid, symbol),
        _ => not_modelled("SubtensorModule", call),
    }
}

/// Stores the identity of a subnet.
///
/// # Errors
/// `InvalidIdentity` when a field is too long.
pub(crate) fn set_subnet(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    identity: &SubnetIdentityOfV3,
) -> DispatchOutcome {
    let fits = identity.subnet_name.len() <= 256
        && identity.github_repo.len() <= 1_024
        && identity.subnet_contact.len() <= 1_024
        && identity.subnet_url.len() <= 1_024
        && identity.discord.len() <= 256
        && identity.description.len() <= 1_024
        && identity.logo_url.len() <= 1_024
        && identity.additional.len() <= 1_024;
    if !fits {
        return Err(E::InvalidIdentity.into());
    }
    exec.state.subnet_mut(netuid).identity = Some(identity.clone());
    exec.emit(Event::SubnetIdentitySet(netuid));
    Ok(())
}

fn set_coldkey(exec: &mut Exec<'_>, who: &AccountId, identity: ChainIdentityOfV2) -> DispatchOutcome {
    let owned = exec.state.coldkey(who).map_or(&[][..], |row| row.owned_hotkeys.as_slice());
    let registered = |hotkey| {
        exec.state.subnets.values().any(|subnet| subnet.added && subnet.neurons.uid_of(hotkey).is_some())
    };
    if !owned.iter().any(registered) {
        return Err(E::HotKeyNotRegisteredInNetwork.into());
    }
    let fits = [&identity.name, &identity.url, &identity.github_repo, &identity.discord]
        .iter()
        .all(|field| field.len() <= 256)
        && [&identity.image, &identity.description, &identity.additional]
            .iter()
            .all(|field| field.len() <= 1_024);
    if !fits {
        return Err(E::InvalidIdentity.into());
    }
    exec.state.coldkey_mut(who).identity = Some(identity);
    exec.emit(Event::ChainIdentitySet(*who));
    Ok(())
}

fn update_symbol(exec: &mut Exec<'_>, origin: Origin, netuid: NetUid, symbol: &[u8]) -> DispatchOutcome {
    owner::check_owner_or_root(exec, origin, netuid, &[])?;
    if !symbols::is_known(symbol) {
        return Err(E::SymbolDoesNotExist.into());
    }
    if exec.state.subnets.values().any(|subnet| subnet.added && subnet.symbol == symbol) {
        return Err(E::SymbolAlreadyInUse.into());
    }
    exec.state.subnet_mut(netuid).symbol = symbol.to_vec();
    exec.emit(Event::SymbolUpdated { netuid, symbol: symbol.to_vec() });
    Ok(())
}
