//! Accounts where the chain takes any kind of address.

use crate::account::AccountId;
use parity_scale_codec::{Decode, Encode, EncodeLike, Error, Input, Output};
use scale_info::build::{Fields, Variants};
use scale_info::{Path, Type, TypeInfo, TypeParameter, meta_type};
use serde::{Deserialize, Serialize};

/// An account as an argument of a call whose type on chain is `MultiAddress`.
///
/// SCALE-encodes as `MultiAddress::Id`: a zero byte and the account. The other kinds are refused, as the chain's
/// lookup refuses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lookup(pub AccountId);

impl From<AccountId> for Lookup {
    fn from(account: AccountId) -> Self {
        Self(account)
    }
}
impl std::ops::Deref for Lookup {
    type Target = AccountId;
    fn deref(&self) -> &AccountId {
        &self.0
    }
}
impl Encode for Lookup {
    fn size_hint(&self) -> usize {
        33
    }
    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        dest.push_byte(0);
        self.0.encode_to(dest);
    }
}
impl EncodeLike for Lookup {}
impl Decode for Lookup {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        match input.read_byte()? {
            0 => AccountId::decode(input).map(Self),
            _ => Err("only addresses of the kind Id are known".into()),
        }
    }
}

impl TypeInfo for Lookup {
    type Identity = Self;
    fn type_info() -> Type {
        Type::builder()
            .path(Path::new("MultiAddress", "sp_runtime::multiaddress"))
            .type_params([
                TypeParameter::new("AccountId", Some(meta_type::<AccountId>())),
                TypeParameter::new("AccountIndex", Some(meta_type::<()>())),
            ])
            .variant(
                Variants::new()
                    .variant("Id", |v| v.index(0).fields(Fields::unnamed().field(|f| f.ty::<AccountId>())))
                    .variant("Index", |v| v.index(1).fields(Fields::unnamed().field(|f| f.compact::<()>())))
                    .variant("Raw", |v| v.index(2).fields(Fields::unnamed().field(|f| f.ty::<Vec<u8>>())))
                    .variant("Address32", |v| {
                        v.index(3).fields(Fields::unnamed().field(|f| f.ty::<[u8; 32]>()))
                    })
                    .variant("Address20", |v| {
                        v.index(4).fields(Fields::unnamed().field(|f| f.ty::<[u8; 20]>()))
                    }),
            )
    }
}
