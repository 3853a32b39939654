//! Calls of the chain as a scenario writes them.

use chain::call::RuntimeCall;

/// Reads `{ Pallet = { call = { argument = value } } }`.
pub(super) fn resolve(call: &serde_json::Value) -> Result<RuntimeCall, String> {
    serde_json::from_value(call.clone()).map_err(|error| {
        format!(
            "{error}; a call is {{ Pallet = {{ call_name = {{ argument = value }} }} }} by the chain's names"
        )
    })
}
