//! Every documented error of every call has a row that triggers exactly it, and a neighbour that passes.
//!
//! A table per subject. Each row runs as a signed extrinsic, or as root's, through `execute_block`: its receipt has the
//! error, and the failed call leaves its fee and its nonce only. What a guard refuses before dispatch leaves nothing;
//! it gives its error inside a batch. **Source**: spec/chain.md 6 to 10, spec/tables/errors.md and extrinsics.md.

mod admin;
mod balances;
mod bounds;
mod children;
mod documented;
mod epochs;
mod identity;
mod keys;
mod moves;
mod names;
mod pallets;
mod registration;
mod reveals;
mod root;
mod row;
mod serving;
mod staking;
mod takes;
mod untriggered;
mod weights;

use crate::world::{STAKER, World, id};
use chain::call::BalancesCall;
use chain::units::{Rao, TAO};

/// All tables.
fn tables() -> Vec<row::Table> {
    vec![
        admin::table(),
        balances::table(),
        bounds::table(),
        children::table(),
        epochs::table(),
        identity::table(),
        keys::table(),
        moves::table(),
        pallets::faucet(),
        pallets::no_faucet(),
        pallets::table(),
        registration::table(),
        reveals::table(),
        root::table(),
        serving::table(),
        staking::table(),
        takes::table(),
        weights::table(),
    ]
}

/// The market of the other tables, in which the hotkeys can pay a fee too.
fn world() -> World {
    with_fees(World::new())
}

/// The same, with 100 TAO of the staker's on the validator.
fn staked() -> World {
    with_fees(crate::world::staked())
}

fn with_fees(mut world: World) -> World {
    for hotkey in [crate::world::OWNER_HOT, crate::world::VALI] {
        world.ok(STAKER, BalancesCall::TransferKeepAlive { dest: id(hotkey).into(), value: Rao(TAO) });
    }
    world
}
