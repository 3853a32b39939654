//! Values that the recorded chain computes from its storage: prices, issuance, the worth of stake.

use super::difference::{Difference, Kind};
use chain::account::AccountId;
use chain::runtime::calls::networks;
use chain::runtime::{shares, step, swap};
use chain::schema;
use chain::state::State;
use chain::units::NetUid;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// Every derived value in which we differ from the recorded ones, in either direction.
pub(super) fn compare(expected: &Map<String, Json>, state: &State) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut seen = BTreeSet::new();
    let mut check = |name: String, got: Json| {
        let recorded = expected.get(&name).unwrap_or(&Json::Null);
        if *recorded != got {
            differences.push(Difference::new(Kind::Derived, &name, recorded, &got));
        }
        seen.insert(name);
    };
    each(state, &mut check);
    for (name, value) in expected {
        if !value.is_null() && !seen.contains(name) {
            differences.push(Difference::new(Kind::Derived, name, value, "nothing"));
        }
    }
    differences
}

/// Calls back with every derived value of ours.
fn each(state: &State, check: &mut dyn FnMut(String, Json)) {
    check("network_lock_cost".to_owned(), json!(networks::lock_cost(state, state.block)));
    for (netuid, subnet) in state.subnets.iter().filter(|(_, subnet)| subnet.added) {
        let issuance = subnet.pool.alpha_in.saturating_add(subnet.pool.alpha_out);
        check(format!("alpha_issuance[{netuid}]"), json!(issuance));
        check(format!("burn[{netuid}]"), json!(subnet.registration.burn));
        check(format!("price_u64f64[{netuid}]"), json!(swap::price(state, *netuid)));
        check(format!("moving_price_u64f64[{netuid}]"), json!(swap::moving_price(state, *netuid)));
        check(format!("root_proportion_u96f32[{netuid}]"), json!(step::root_proportion(state, *netuid)));
    }
    for ((hotkey, coldkey, netuid), ()) in state.alpha_index.iter() {
        check(stake_name(hotkey, coldkey, *netuid), json!(shares::stake(state, hotkey, coldkey, *netuid)));
    }
}

fn stake_name(hotkey: &AccountId, coldkey: &AccountId, netuid: NetUid) -> String {
    let text = |account: &AccountId| {
        let json = schema::with_vector_accounts(json!(account));
        json.as_str().map_or_else(|| json.to_string(), str::to_owned)
    };
    format!("alpha[{};{};{netuid}]", text(hotkey), text(coldkey))
}
