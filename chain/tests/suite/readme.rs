use chain::call::subtensor::Call;
use chain::units::{NetUid, Rao, TAO};
use chain::{Chain, block::Failure};

#[test]
fn what_a_staker_buys_moves_the_price() -> Result<(), Failure> {
    let mut chain = Chain::new();
    chain.fund("olga", Rao(5_000 * TAO));
    let (hotkey, netuid) = (Chain::account("olga-hotkey"), NetUid(2));
    chain.call("olga", Call::RegisterNetwork { hotkey })?;
    chain.call("olga", Call::StartCall { netuid })?;
    let before = chain.metagraph(netuid).unwrap().tao_in.0;
    chain.call("olga", Call::AddStake { hotkey, netuid, amount_staked: Rao(100 * TAO) })?;
    assert!(chain.metagraph(netuid).unwrap().tao_in.0 > before);
    assert!(!chain.stake("olga", &hotkey, netuid).is_zero());
    Ok(())
}
