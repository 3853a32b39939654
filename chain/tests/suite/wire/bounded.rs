//! What bytes from outside may take while they are read.

use chain::call::{RuntimeCall, SystemCall, UtilityCall};
use chain::wire::{MEMORY_MAX, decode_all_bounded, decode_bounded};
use parity_scale_codec::{Compact, Encode as _};

fn remark() -> RuntimeCall {
    RuntimeCall::System(SystemCall::Remark { remark: Vec::new() })
}

#[test]
fn a_value_takes_no_more_memory_than_it_may() {
    let calls = |count: u32| [Compact(count).encode(), remark().encode().repeat(count as usize)].concat();
    let read =
        |bytes: &[u8], memory| decode_all_bounded::<Vec<RuntimeCall>>(bytes, memory).map(|calls| calls.len());
    assert_eq!(read(&calls(1_000), MEMORY_MAX).unwrap(), 1_000);
    let small = calls(1_000_000);
    assert!(small.len() < MEMORY_MAX / 4, "few bytes stand for many values");
    let error = read(&small, MEMORY_MAX).unwrap_err();
    assert!(error.to_string().contains("too much memory"), "{error}");
    assert_eq!(read(&small, usize::MAX).unwrap(), 1_000_000);
}

#[test]
fn a_value_nests_no_deeper_than_a_call_may() {
    let nested = (0..100).fold(remark(), |call, _| UtilityCall::Batch { calls: vec![call] }.into());
    assert!(decode_all_bounded::<RuntimeCall>(&nested.encode(), MEMORY_MAX).is_err());
    let flat: RuntimeCall = UtilityCall::Batch { calls: vec![remark()] }.into();
    assert_eq!(decode_all_bounded::<RuntimeCall>(&flat.encode(), MEMORY_MAX).unwrap(), flat);
}

#[test]
fn all_bytes_are_read_or_the_front_alone() {
    let bytes = [remark().encode(), vec![7]].concat();
    assert!(decode_all_bounded::<RuntimeCall>(&bytes, MEMORY_MAX).is_err());
    let mut rest = bytes.as_slice();
    assert_eq!(decode_bounded::<RuntimeCall>(&mut rest, MEMORY_MAX).unwrap(), remark());
    assert_eq!(rest, [7]);
}
