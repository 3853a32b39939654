//! Lists as results hold them.

use crate::units::Packed;
use parity_scale_codec::{Decode, Encode};
use scale_info::{Type, TypeInfo};
use std::collections::BTreeMap;

/// Numbers, each in its compact form.
pub(super) fn packed<T: Copy>(numbers: &[T]) -> Vec<Packed<T>> {
    numbers.iter().copied().map(Packed).collect()
}

/// Text as the older types hold it: a compact number for each byte.
pub(super) fn letters(text: &[u8]) -> Vec<Packed<u8>> {
    packed(text)
}

/// The element of a uid; nothing, zero or false where the list is shorter.
pub(super) fn at<T: Copy + Default>(list: &[T], uid: u16) -> T {
    list.get(usize::from(uid)).copied().unwrap_or_default()
}

/// A map as the chain encodes it: sorted by the chain's own order of keys, which need not be that of ours.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ByKey<K, V>(pub Vec<(K, V)>);

impl<K: TypeInfo + 'static, V: TypeInfo + 'static> TypeInfo for ByKey<K, V> {
    type Identity = BTreeMap<K, V>;
    fn type_info() -> Type {
        BTreeMap::<K, V>::type_info()
    }
}
