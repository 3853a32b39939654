//! Three small APIs: which runtime this is, nonces, and what a subnet costs.

use super::runtime_api;
use crate::account::AccountId;
use crate::runtime::calls::networks;
use crate::units::Rao;
use crate::wire::RuntimeVersion;

runtime_api! { VERSION of Core:
    /// Which runtime this is.
    version() -> RuntimeVersion = |_| RuntimeVersion::current();
}

runtime_api! { NONCE of AccountNonceApi:
    /// The nonce that the next extrinsic of an account must have, those that wait left out.
    account_nonce(account: AccountId) -> u32 = |view, account| {
        view.state().balances.accounts.get(&account).map_or(0, |row| row.nonce)
    };
}

runtime_api! { REGISTRATION of SubnetRegistrationRuntimeApi:
    /// What registering a network costs now, rao.
    get_network_registration_cost() -> Rao = |view| networks::lock_cost(view.state(), view.now());
}
