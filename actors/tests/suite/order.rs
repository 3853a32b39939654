use actors::context::Keys;
use actors::order::canonical;
use chain::block::SignedExtrinsic;
use chain::call::BalancesCall;
use chain::units::Rao;
use proptest::prelude::*;

fn extrinsics(counts: &[u32]) -> Vec<SignedExtrinsic> {
    let sign = |signer: usize, nonce: u32| {
        let keys = Keys::derive(1, &format!("signer {signer}"));
        let call = BalancesCall::TransferKeepAlive { dest: keys.hot.into(), value: Rao(u64::from(nonce)) };
        SignedExtrinsic::sign(&keys.coldkey, call.into(), nonce, &[0; 32])
    };
    let of = |(signer, count): (usize, &u32)| (0..*count).map(move |nonce| sign(signer, nonce));
    counts.iter().enumerate().flat_map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_arrival_does_not_matter(
        counts in prop::collection::vec(0u32..4, 1..6), lottery in any::<[u8; 32]>(), seed in any::<u64>(),
    ) {
        let sorted = canonical(extrinsics(&counts), &lottery);
        let mut shuffled = extrinsics(&counts);
        let mut state = seed | 1;
        for index in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(index, (state >> 33) as usize % (index + 1));
        }
        prop_assert_eq!(&sorted, &canonical(shuffled, &lottery));
        for (index, extrinsic) in sorted.iter().enumerate() {
            let earlier = sorted[..index].iter().filter(|other| other.signer == extrinsic.signer).count();
            prop_assert_eq!(extrinsic.nonce as usize, earlier);
        }
        prop_assert_eq!(sorted.len(), counts.iter().sum::<u32>() as usize);
    }
}

#[test]
fn the_lottery_draws_who_goes_first() {
    let first = |lottery: u8| canonical(extrinsics(&[1, 1, 1, 1]), &[lottery; 32])[0].signer;
    let winners: std::collections::BTreeSet<_> = (0..40).map(first).collect();
    assert_eq!(winners.len(), 4);
}

#[test]
fn two_extrinsics_of_one_nonce_have_an_order_of_their_own() {
    let mut pair = extrinsics(&[1]);
    let keys = Keys::derive(1, "signer 0");
    let call = BalancesCall::TransferKeepAlive { dest: keys.hot.into(), value: Rao(99) };
    pair.push(SignedExtrinsic::sign(&keys.coldkey, call.into(), 0, &[0; 32]));
    let forwards = canonical(pair.clone(), &[3; 32]);
    pair.reverse();
    assert_eq!(forwards, canonical(pair, &[3; 32]));
}
