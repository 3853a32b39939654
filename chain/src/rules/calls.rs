//! The calls of the chain by pallet and call index: what each weighs, its class, and whether it pays.
//!
//! **Source**: dispatch information of 2,968 calls recorded from the runtime of spec version 425; weights include its
//! dispatch extension. `faucet` exists in development builds only.

use crate::call::{DispatchClass, RuntimeCall, Weight};
use parity_scale_codec::{Encode as _, Output};

/// What is known of a call without looking at the calls that it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// Index of the pallet.
    pub pallet: u8,
    /// Index of the call in the pallet.
    pub call: u8,
    /// `Pallet.call`.
    pub name: &'static str,
    /// Weight with empty lists; without the calls that it carries.
    pub weight: Weight,
    /// How the weight grows with the arguments.
    pub growth: Growth,
    /// Dispatch class.
    pub class: DispatchClass,
    /// Whether it pays a fee.
    pub pays: bool,
}

/// How the weight of a call grows with its arguments, those that are calls aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// It does not.
    Fixed,
    /// With each element of a list that starts `at` bytes after the indices.
    List {
        /// Bytes of arguments before the list.
        at: usize,
        /// Weight of an element.
        each: Weight,
    },
    /// With the `u32` that stands last, plus one.
    LastNumber {
        /// Weight of a unit.
        each: Weight,
    },
    /// When the `bool` that stands last is true.
    LastFlag {
        /// Weight added.
        more: Weight,
    },
}

/// First and last bytes of an encoded call; encoding into it allocates nothing.
#[derive(Debug, Default)]
struct Ends {
    head: [u8; 12],
    tail: [u8; 4],
    length: usize,
}

impl Output for Ends {
    fn write(&mut self, bytes: &[u8]) {
        for (to, from) in self.head.iter_mut().skip(self.length).zip(bytes) {
            *to = *from;
        }
        for byte in bytes.iter().skip(bytes.len().saturating_sub(self.tail.len())) {
            self.tail.rotate_left(1);
            if let Some(last) = self.tail.last_mut() {
                *last = *byte;
            }
        }
        self.length = self.length.saturating_add(bytes.len());
    }
}

impl Ends {
    /// The number at the front of a list.
    fn count(&self, at: usize) -> u64 {
        let mut bytes = self.head.get(at.saturating_add(2)..).unwrap_or_default();
        let count: Result<parity_scale_codec::Compact<u32>, _> =
            parity_scale_codec::Decode::decode(&mut bytes);
        count.map_or(0, |count| count.0.into())
    }

    fn row(&self) -> Option<(&'static CallRow, Weight)> {
        let [pallet, call, ..] = self.head;
        let row = row(pallet, call).filter(|_| self.length >= 2)?;
        let weight = row.weight;
        let weight = match row.growth {
            Growth::Fixed => weight,
            Growth::List { at, each } => weight.plus(each.times(self.count(at))),
            Growth::LastNumber { each } => {
                let last = u32::from_le_bytes(self.tail).saturating_add(1);
                weight.plus(each.times(last.into()))
            }
            Growth::LastFlag { more } => match self.tail {
                [.., 1] => weight.plus(more),
                _ => weight,
            },
        };
        Some((row, weight))
    }
}

/// The row of a call by its indices.
#[must_use]
pub fn row(pallet: u8, call: u8) -> Option<&'static CallRow> {
    let at = CALLS.binary_search_by_key(&(pallet, call), |row| (row.pallet, row.call)).ok()?;
    CALLS.get(at)
}

/// The row of a call, and its weight without the calls that it carries.
#[must_use]
pub fn row_of(call: &RuntimeCall) -> Option<(&'static CallRow, Weight)> {
    let mut ends = Ends::default();
    call.encode_to(&mut ends);
    ends.row()
}

/// The same of an encoded call, which need not be one that this chain can decode.
#[must_use]
pub fn row_of_bytes(bytes: &[u8]) -> Option<(&'static CallRow, Weight)> {
    let mut ends = Ends::default();
    ends.write(bytes);
    ends.row()
}

const fn new(
    index: (u8, u8),
    name: &'static str,
    weight: (u64, u64),
    class: DispatchClass,
    pays: bool,
) -> CallRow {
    let weight = Weight { ref_time: weight.0, proof_size: weight.1 };
    CallRow { pallet: index.0, call: index.1, name, weight, growth: Growth::Fixed, class, pays }
}
const fn paid(pallet: u8, call: u8, name: &'static str, ref_time: u64, proof_size: u64) -> CallRow {
    new((pallet, call), name, (ref_time, proof_size), DispatchClass::Normal, true)
}
const fn free(pallet: u8, call: u8, name: &'static str, ref_time: u64, proof_size: u64) -> CallRow {
    new((pallet, call), name, (ref_time, proof_size), DispatchClass::Normal, false)
}
const fn operational(pallet: u8, call: u8, name: &'static str, ref_time: u64, proof_size: u64) -> CallRow {
    new((pallet, call), name, (ref_time, proof_size), DispatchClass::Operational, true)
}
const fn mandatory(pallet: u8, call: u8, name: &'static str, ref_time: u64, proof_size: u64) -> CallRow {
    new((pallet, call), name, (ref_time, proof_size), DispatchClass::Mandatory, true)
}

impl CallRow {
    const fn growing(self, growth: Growth) -> Self {
        Self { growth, ..self }
    }
    const fn list(self, at: usize, ref_time: u64, proof_size: u64) -> Self {
        self.growing(Growth::List { at, each: Weight { ref_time, proof_size } })
    }
    const fn last(self, ref_time: u64, proof_size: u64) -> Self {
        self.growing(Growth::LastNumber { each: Weight { ref_time, proof_size } })
    }
    const fn flag(self, ref_time: u64, proof_size: u64) -> Self {
        self.growing(Growth::LastFlag { more: Weight { ref_time, proof_size } })
    }
}

/// Every call, in the order of its indices.
pub const CALLS: &[CallRow] = &[
    paid(0, 0, "System.remark", 69_169_000, 4_198).list(0, 10_920, 0),
    operational(0, 1, "System.set_heap_pages", 170_419_000, 4_198),
    operational(0, 2, "System.set_code", 164_440_393_000, 71_233),
    operational(0, 3, "System.set_code_without_checks", 164_440_393_000, 71_233),
    operational(0, 4, "System.set_storage", 69_148_000, 4_198).list(0, 100_733_648, 0),
    operational(0, 5, "System.kill_storage", 69_207_000, 4_198).list(0, 100_566_903, 0),
    operational(0, 6, "System.kill_prefix", 70_547_000, 4_198).last(126_340_742, 70),
    paid(0, 7, "System.remark_with_event", 72_308_000, 4_198).list(0, 12_386, 0),
    operational(0, 9, "System.authorize_upgrade", 183_153_000, 4_198),
    operational(0, 10, "System.authorize_upgrade_without_checks", 183_153_000, 4_198),
    operational(0, 11, "System.apply_authorized_upgrade", 167_175_741_000, 71_233),
    mandatory(2, 0, "Timestamp.set", 221_399_000, 5_691),
    paid(4, 2, "Grandpa.note_stalled", 170_583_000, 4_198),
    paid(5, 0, "Balances.transfer_allow_death", 241_417_000, 7_791),
    paid(5, 2, "Balances.force_transfer", 367_102_000, 10_394),
    paid(5, 3, "Balances.transfer_keep_alive", 231_634_000, 7_791),
    paid(5, 4, "Balances.transfer_all", 240_792_000, 7_791),
    paid(5, 5, "Balances.force_unreserve", 208_098_000, 7_791),
    paid(5, 6, "Balances.upgrade_accounts", 82_257_000, 5_188).list(0, 139_648_188, 2_603),
    paid(5, 8, "Balances.force_set_balance", 211_789_000, 7_791),
    paid(5, 9, "Balances.force_adjust_total_issuance", 72_934_000, 4_198),
    paid(5, 10, "Balances.burn", 88_303_000, 4_198).flag(9_499_000, 0),
    free(7, 0, "SubtensorModule.set_weights", 119_119_527_000, 10_343_763),
    paid(7, 2, "SubtensorModule.add_stake", 3_131_647_000, 12_925),
    paid(7, 3, "SubtensorModule.remove_stake", 2_636_781_000, 14_755),
    free(7, 4, "SubtensorModule.serve_axon", 367_896_000, 12_488),
    free(7, 5, "SubtensorModule.serve_prometheus", 365_912_000, 12_587),
    paid(7, 6, "SubtensorModule.register", 4_167_455_000, 10_346),
    paid(7, 7, "SubtensorModule.burned_register", 4_154_398_000, 10_346),
    free(7, 40, "SubtensorModule.serve_axon_tls", 367_235_000, 12_459),
    paid(7, 59, "SubtensorModule.register_network", 6_355_084_000, 18_629),
    free(7, 60, "SubtensorModule.faucet", 3_033_583_000, 4_198),
    paid(7, 61, "SubtensorModule.dissolve_network", 3_436_583_000, 4_198),
    paid(7, 62, "SubtensorModule.root_register", 2_246_517_000, 9_179),
    free(7, 65, "SubtensorModule.decrease_take", 462_856_000, 12_679),
    free(7, 66, "SubtensorModule.increase_take", 520_671_000, 12_772),
    paid(7, 67, "SubtensorModule.set_children", 3_436_583_000, 4_198),
    paid(7, 68, "SubtensorModule.set_identity", 274_623_000, 11_027),
    paid(7, 69, "SubtensorModule.sudo_set_tx_childkey_take_rate_limit", 173_343_000, 4_198),
    paid(7, 70, "SubtensorModule.swap_hotkey", 15_759_621_000, 33_110),
    paid(7, 71, "SubtensorModule.swap_coldkey", 3_204_884_000, 17_254),
    paid(7, 72, "SubtensorModule.swap_hotkey_v2", 5_142_883_000, 4_198),
    paid(7, 73, "SubtensorModule.schedule_swap_coldkey", 192_583_000, 4_198),
    paid(7, 75, "SubtensorModule.set_childkey_take", 496_453_000, 8_696),
    paid(7, 76, "SubtensorModule.sudo_set_min_childkey_take", 192_589_000, 4_198),
    paid(7, 77, "SubtensorModule.sudo_set_max_childkey_take", 192_589_000, 4_198),
    paid(7, 78, "SubtensorModule.set_subnet_identity", 210_096_000, 8_258),
    paid(7, 79, "SubtensorModule.register_network_with_identity", 6_017_624_000, 14_081),
    free(7, 80, "SubtensorModule.batch_set_weights", 1_098_633_000, 19_264),
    paid(7, 83, "SubtensorModule.unstake_all", 244_413_000, 13_387),
    paid(7, 84, "SubtensorModule.unstake_all_alpha", 4_343_456_000, 15_504),
    paid(7, 85, "SubtensorModule.move_stake", 1_458_644_000, 12_117),
    paid(7, 86, "SubtensorModule.transfer_stake", 1_401_124_000, 12_192),
    paid(7, 87, "SubtensorModule.swap_stake", 4_384_602_000, 15_118),
    paid(7, 88, "SubtensorModule.add_stake_limit", 3_320_588_000, 12_925),
    paid(7, 89, "SubtensorModule.remove_stake_limit", 2_783_279_000, 14_789),
    paid(7, 90, "SubtensorModule.swap_stake_limit", 4_587_098_000, 15_275),
    paid(7, 91, "SubtensorModule.try_associate_hotkey", 467_920_000, 8_481),
    paid(7, 92, "SubtensorModule.start_call", 432_037_000, 8_781),
    free(7, 93, "SubtensorModule.associate_evm_key", 992_273_000, 12_730),
    free(7, 96, "SubtensorModule.commit_weights", 1_199_966_000, 21_067),
    free(7, 97, "SubtensorModule.reveal_weights", 1_181_768_000, 19_459),
    free(7, 98, "SubtensorModule.batch_reveal_weights", 1_491_904_000, 19_964),
    free(7, 100, "SubtensorModule.batch_commit_weights", 1_117_765_000, 16_634),
    paid(7, 101, "SubtensorModule.recycle_alpha", 1_164_722_000, 9_417),
    paid(7, 102, "SubtensorModule.burn_alpha", 936_547_000, 9_417),
    paid(7, 103, "SubtensorModule.remove_stake_full_limit", 2_796_875_000, 14_789),
    paid(7, 109, "SubtensorModule.set_pending_childkey_cooldown", 170_583_000, 4_198),
    paid(7, 110, "SubtensorModule.register_leased_network", 154_915_694_986, 1_303_954),
    paid(7, 111, "SubtensorModule.terminate_lease", 64_297_251_779, 1_274_846),
    paid(7, 112, "SubtensorModule.update_symbol", 295_896_000, 13_272),
    free(7, 113, "SubtensorModule.commit_timelocked_weights", 1_032_492_000, 16_582),
    paid(7, 114, "SubtensorModule.set_coldkey_auto_stake_hotkey", 401_436_000, 8_472),
    free(7, 115, "SubtensorModule.commit_mechanism_weights", 1_036_047_000, 16_353),
    free(7, 116, "SubtensorModule.reveal_mechanism_weights", 1_117_541_000, 11_869),
    free(7, 117, "SubtensorModule.commit_crv3_mechanism_weights", 848_291_000, 11_869),
    free(7, 118, "SubtensorModule.commit_timelocked_mechanism_weights", 904_561_000, 11_869),
    free(7, 119, "SubtensorModule.set_mechanism_weights", 119_120_917_000, 16_353),
    paid(7, 120, "SubtensorModule.root_dissolve_network", 3_436_583_000, 4_198),
    paid(7, 121, "SubtensorModule.claim_root", 1_006_582_000, 12_073),
    paid(7, 122, "SubtensorModule.set_root_claim_type", 535_866_000, 8_139),
    paid(7, 123, "SubtensorModule.sudo_set_num_root_claims", 170_318_000, 4_198),
    paid(7, 124, "SubtensorModule.sudo_set_root_claim_threshold", 173_264_000, 4_198),
    paid(7, 125, "SubtensorModule.announce_coldkey_swap", 514_831_000, 8_357),
    paid(7, 126, "SubtensorModule.swap_coldkey_announced", 2_780_739_000, 17_198),
    paid(7, 127, "SubtensorModule.dispute_coldkey_swap", 240_876_000, 8_328),
    paid(7, 128, "SubtensorModule.reset_coldkey_swap", 276_440_000, 4_198),
    paid(7, 129, "SubtensorModule.enable_voting_power_tracking", 317_593_000, 4_198),
    paid(7, 130, "SubtensorModule.disable_voting_power_tracking", 217_593_000, 4_198),
    paid(7, 131, "SubtensorModule.sudo_set_voting_power_ema_alpha", 192_589_000, 4_198),
    paid(7, 132, "SubtensorModule.add_stake_burn", 3_559_891_000, 12_925),
    paid(7, 133, "SubtensorModule.clear_coldkey_swap_announcement", 235_473_000, 4_198),
    paid(7, 134, "SubtensorModule.register_limit", 5_596_783_000, 4_198),
    paid(7, 135, "SubtensorModule.set_auto_parent_delegation_enabled", 245_606_000, 8_562),
    paid(7, 136, "SubtensorModule.lock_stake", 908_578_000, 11_853),
    paid(7, 137, "SubtensorModule.move_lock", 1_167_402_000, 11_537),
    paid(7, 138, "SubtensorModule.set_perpetual_lock", 467_583_000, 4_198),
    paid(7, 139, "SubtensorModule.set_tempo", 563_990_000, 8_638),
    paid(7, 140, "SubtensorModule.set_activity_cutoff_factor", 481_776_000, 8_562),
    paid(7, 141, "SubtensorModule.trigger_epoch", 510_122_000, 8_645),
    paid(7, 142, "SubtensorModule.set_reject_locked_alpha", 192_583_000, 4_198),
    paid(11, 0, "Utility.batch", 137_029_696, 8_181),
    paid(11, 1, "Utility.as_derivative", 257_961_000, 8_181),
    paid(11, 2, "Utility.batch_all", 131_011_230, 8_181),
    paid(11, 3, "Utility.dispatch_as", 74_476_000, 4_198),
    paid(11, 4, "Utility.force_batch", 129_717_867, 8_181),
    paid(11, 5, "Utility.with_weight", 67_583_000, 4_198),
    paid(11, 6, "Utility.if_else", 139_414_000, 8_181),
    paid(11, 7, "Utility.dispatch_as_fallible", 74_696_000, 4_198),
    paid(12, 0, "Sudo.sudo", 100_522_000, 5_715),
    paid(12, 1, "Sudo.sudo_unchecked_weight", 67_583_000, 4_198),
    paid(12, 2, "Sudo.set_key", 199_820_000, 5_715),
    paid(12, 3, "Sudo.sudo_as", 100_453_000, 5_715),
    paid(12, 4, "Sudo.remove_key", 199_000_000, 5_715),
    paid(13, 0, "Multisig.as_multi_threshold_1", 263_053_382, 8_195),
    paid(13, 1, "Multisig.as_multi", 402_328_418, 11_009),
    paid(13, 2, "Multisig.approve_as_multi", 220_046_275, 11_009),
    paid(13, 3, "Multisig.cancel_as_multi", 221_206_566, 11_009),
    paid(13, 4, "Multisig.poke_deposit", 219_932_525, 11_009),
    paid(14, 0, "Preimage.note_preimage", 543_082_000, 32_782).list(0, 13_491, 0),
    paid(14, 1, "Preimage.unnote_preimage", 493_413_000, 8_090),
    paid(14, 2, "Preimage.request_preimage", 236_875_000, 7_754),
    paid(14, 3, "Preimage.unrequest_preimage", 337_792_000, 7_754),
    paid(14, 4, "Preimage.ensure_updated", 174_400_000, 32_782).list(0, 534_397_441, 2_902),
    paid(15, 0, "Scheduler.schedule", 223_319_084, 114_685),
    paid(15, 1, "Scheduler.cancel", 433_992_882, 114_685),
    paid(15, 2, "Scheduler.schedule_named", 354_546_187, 114_685),
    paid(15, 3, "Scheduler.cancel_named", 463_898_022, 114_685),
    paid(15, 4, "Scheduler.schedule_after", 223_319_084, 114_685),
    paid(15, 5, "Scheduler.schedule_named_after", 354_546_187, 114_685),
    paid(15, 6, "Scheduler.set_retry", 362_366_000, 114_685),
    paid(15, 7, "Scheduler.set_retry_named", 404_127_000, 114_685),
    paid(15, 8, "Scheduler.cancel_retry", 361_659_000, 114_685),
    paid(15, 9, "Scheduler.cancel_retry_named", 399_912_000, 114_685),
    paid(16, 0, "Proxy.proxy", 396_673_365, 9_192),
    paid(16, 1, "Proxy.add_proxy", 219_971_644, 8_452),
    paid(16, 2, "Proxy.remove_proxy", 321_691_129, 8_452),
    paid(16, 3, "Proxy.remove_proxies", 221_106_188, 8_452),
    paid(16, 4, "Proxy.create_pure", 220_839_636, 8_452),
    paid(16, 5, "Proxy.kill_pure", 220_072_367, 8_452),
    paid(16, 6, "Proxy.announce", 392_498_451, 12_813),
    paid(16, 7, "Proxy.remove_announcement", 359_370_991, 12_813),
    paid(16, 8, "Proxy.reject_announcement", 359_305_977, 12_813),
    paid(16, 9, "Proxy.proxy_announced", 689_060_572, 18_653),
    paid(16, 10, "Proxy.poke_deposit", 489_340_000, 12_813),
    paid(16, 11, "Proxy.set_real_pays_fee", 207_698_911, 8_452),
    free(18, 0, "Commitments.set_commitment", 626_063_000, 4_198),
    paid(18, 2, "Commitments.set_max_space", 170_439_000, 4_198),
    paid(19, 0, "AdminUtils.swap_authorities", 172_025_146, 4_198).list(0, 29_392, 0),
    paid(19, 1, "AdminUtils.sudo_set_default_take", 172_983_000, 4_198),
    paid(19, 2, "AdminUtils.sudo_set_tx_rate_limit", 173_023_000, 4_198),
    paid(19, 3, "AdminUtils.sudo_set_serving_rate_limit", 296_216_000, 8_410),
    paid(19, 4, "AdminUtils.sudo_set_min_difficulty", 327_137_000, 8_581),
    paid(19, 5, "AdminUtils.sudo_set_max_difficulty", 327_287_000, 8_581),
    paid(19, 6, "AdminUtils.sudo_set_weights_version_key", 326_787_000, 8_581),
    paid(19, 7, "AdminUtils.sudo_set_weights_set_rate_limit", 209_003_000, 8_282),
    paid(19, 8, "AdminUtils.sudo_set_adjustment_interval", 208_903_000, 8_282),
    paid(19, 9, "AdminUtils.sudo_set_adjustment_alpha", 206_583_000, 4_198),
    paid(19, 13, "AdminUtils.sudo_set_immunity_period", 326_997_000, 8_581),
    paid(19, 14, "AdminUtils.sudo_set_min_allowed_weights", 327_247_000, 8_581),
    paid(19, 15, "AdminUtils.sudo_set_max_allowed_uids", 410_964_000, 8_631),
    paid(19, 16, "AdminUtils.sudo_set_kappa", 208_884_000, 8_282),
    paid(19, 17, "AdminUtils.sudo_set_rho", 323_851_000, 8_581),
    paid(19, 18, "AdminUtils.sudo_set_activity_cutoff", 352_748_000, 8_581),
    paid(19, 19, "AdminUtils.sudo_set_network_registration_allowed", 174_696_000, 4_198),
    paid(19, 20, "AdminUtils.sudo_set_network_pow_registration_allowed", 181_583_000, 4_198),
    paid(19, 21, "AdminUtils.sudo_set_target_registrations_per_interval", 326_686_000, 8_581),
    paid(19, 22, "AdminUtils.sudo_set_min_burn", 355_363_000, 8_583),
    paid(19, 23, "AdminUtils.sudo_set_max_burn", 354_532_000, 8_608),
    paid(19, 24, "AdminUtils.sudo_set_difficulty", 327_017_000, 8_581),
    paid(19, 25, "AdminUtils.sudo_set_max_allowed_validators", 353_479_000, 8_581),
    paid(19, 26, "AdminUtils.sudo_set_bonds_moving_average", 327_078_000, 8_581),
    paid(19, 27, "AdminUtils.sudo_set_max_registrations_per_block", 327_187_000, 8_581),
    paid(19, 28, "AdminUtils.sudo_set_subnet_owner_cut", 181_583_000, 4_198),
    paid(19, 29, "AdminUtils.sudo_set_network_rate_limit", 181_583_000, 4_198),
    paid(19, 30, "AdminUtils.sudo_set_tempo", 428_881_000, 8_581),
    paid(19, 33, "AdminUtils.sudo_set_total_issuance", 73_514_000, 4_198),
    paid(19, 35, "AdminUtils.sudo_set_network_immunity_period", 181_583_000, 4_198),
    paid(19, 36, "AdminUtils.sudo_set_network_min_lock_cost", 181_583_000, 4_198),
    paid(19, 37, "AdminUtils.sudo_set_subnet_limit", 181_583_000, 4_198),
    paid(19, 38, "AdminUtils.sudo_set_lock_reduction_interval", 181_583_000, 4_198),
    paid(19, 39, "AdminUtils.sudo_set_rao_recycled", 209_124_000, 8_282),
    paid(19, 42, "AdminUtils.sudo_set_stake_threshold", 173_083_000, 4_198),
    paid(19, 43, "AdminUtils.sudo_set_nominator_min_required_stake", 323_280_000, 11_088),
    paid(19, 45, "AdminUtils.sudo_set_tx_delegate_take_rate_limit", 173_003_000, 4_198),
    paid(19, 46, "AdminUtils.sudo_set_min_delegate_take", 173_073_000, 4_198),
    paid(19, 49, "AdminUtils.sudo_set_commit_reveal_weights_enabled", 327_127_000, 8_581),
    paid(19, 50, "AdminUtils.sudo_set_liquid_alpha_enabled", 293_121_000, 8_478),
    paid(19, 51, "AdminUtils.sudo_set_alpha_values", 326_807_000, 8_625),
    paid(19, 55, "AdminUtils.sudo_set_dissolve_network_schedule_duration", 173_174_000, 4_198),
    paid(19, 57, "AdminUtils.sudo_set_commit_reveal_weights_interval", 327_237_000, 8_581),
    paid(19, 58, "AdminUtils.sudo_set_evm_chain_id", 219_782_000, 4_198),
    paid(19, 59, "AdminUtils.schedule_grandpa_change", 200_555_506, 6_977).list(0, 15_444, 0),
    paid(19, 60, "AdminUtils.sudo_set_bonds_penalty", 326_937_000, 8_581),
    paid(19, 61, "AdminUtils.sudo_set_toggle_transfer", 295_926_000, 8_478),
    paid(19, 62, "AdminUtils.sudo_toggle_evm_precompile", 98_745_000, 7_705),
    paid(19, 63, "AdminUtils.sudo_set_subnet_moving_alpha", 170_538_000, 4_198),
    paid(19, 64, "AdminUtils.sudo_set_subnet_owner_hotkey", 171_501_000, 4_198),
    paid(19, 65, "AdminUtils.sudo_set_ema_price_halving_period", 171_781_000, 4_198),
    paid(19, 66, "AdminUtils.sudo_set_subtoken_enabled", 293_050_000, 8_478),
    paid(19, 67, "AdminUtils.sudo_set_sn_owner_hotkey", 343_270_000, 8_375),
    paid(19, 68, "AdminUtils.sudo_set_alpha_sigmoid_steepness", 324_021_000, 8_581),
    paid(19, 69, "AdminUtils.sudo_set_yuma3_enabled", 296_166_000, 8_478),
    paid(19, 70, "AdminUtils.sudo_set_bonds_reset_enabled", 298_090_000, 8_478),
    paid(19, 71, "AdminUtils.sudo_set_commit_reveal_version", 173_635_000, 4_198),
    paid(19, 72, "AdminUtils.sudo_set_owner_immune_neuron_limit", 292_690_000, 8_478),
    paid(19, 73, "AdminUtils.sudo_set_ck_burn", 208_233_000, 4_198),
    paid(19, 74, "AdminUtils.sudo_set_admin_freeze_window", 173_033_000, 4_198),
    paid(19, 75, "AdminUtils.sudo_set_owner_hparam_rate_limit", 173_054_000, 4_198),
    paid(19, 76, "AdminUtils.sudo_set_mechanism_count", 207_583_000, 4_198),
    paid(19, 77, "AdminUtils.sudo_set_mechanism_emission_split", 207_583_000, 4_198),
    paid(19, 78, "AdminUtils.sudo_trim_to_max_allowed_uids", 405_885_000, 8_596),
    paid(19, 79, "AdminUtils.sudo_set_min_allowed_uids", 380_473_000, 8_581),
    paid(19, 80, "AdminUtils.sudo_set_recycle_or_burn", 337_583_000, 4_198),
    paid(19, 81, "AdminUtils.sudo_set_tao_flow_cutoff", 174_926_000, 4_198),
    paid(19, 82, "AdminUtils.sudo_set_tao_flow_normalization_exponent", 174_926_000, 4_198),
    paid(19, 83, "AdminUtils.sudo_set_tao_flow_smoothing_factor", 174_926_000, 4_198),
    paid(19, 84, "AdminUtils.sudo_set_min_non_immune_uids", 174_366_000, 4_198),
    paid(19, 85, "AdminUtils.sudo_set_start_call_delay", 181_583_000, 4_198),
    paid(19, 86, "AdminUtils.sudo_set_coldkey_swap_announcement_delay", 172_953_000, 4_198),
    paid(19, 87, "AdminUtils.sudo_set_coldkey_swap_reannouncement_delay", 172_943_000, 4_198),
    paid(19, 88, "AdminUtils.sudo_set_max_mechanism_count", 207_583_000, 4_198),
    operational(19, 89, "AdminUtils.sudo_set_burn_half_life", 292_583_000, 4_198),
    operational(19, 90, "AdminUtils.sudo_set_burn_increase_mult", 292_583_000, 4_198),
    paid(19, 91, "AdminUtils.sudo_set_net_tao_flow_enabled", 174_926_000, 4_198),
    operational(19, 92, "AdminUtils.sudo_set_owner_cut_enabled", 292_583_000, 4_198),
    paid(19, 93, "AdminUtils.sudo_set_min_childkey_take_per_subnet", 380_683_000, 8_617),
    paid(19, 94, "AdminUtils.sudo_set_subnet_emission_enabled", 208_934_000, 8_282),
    operational(19, 95, "AdminUtils.sudo_set_owner_cut_auto_lock_enabled", 292_583_000, 4_198),
    paid(19, 96, "AdminUtils.sudo_set_max_epochs_per_block", 173_113_000, 4_198),
    paid(20, 0, "SafeMode.enter", 462_054_000, 8_090),
    paid(20, 1, "SafeMode.force_enter", 197_783_000, 5_687),
    paid(20, 2, "SafeMode.extend", 463_994_000, 8_090),
    paid(20, 3, "SafeMode.force_extend", 199_594_000, 5_687),
    paid(20, 4, "SafeMode.force_exit", 198_763_000, 5_687),
    paid(20, 5, "SafeMode.force_slash_deposit", 346_488_000, 8_090),
    paid(20, 6, "SafeMode.release_deposit", 380_318_000, 8_090),
    paid(20, 7, "SafeMode.force_release_deposit", 354_037_000, 8_090),
    paid(25, 0, "BaseFee.set_base_fee_per_gas", 167_593_000, 4_198),
    paid(25, 1, "BaseFee.set_elasticity", 167_593_000, 4_198),
    paid(26, 0, "Drand.write_pulse", 4_836_583_000, 4_198),
    paid(26, 1, "Drand.set_beacon_config", 276_349_000, 4_198),
    paid(26, 2, "Drand.set_oldest_stored_round", 172_953_000, 4_198),
    paid(27, 0, "Crowdloan.create", 702_412_000, 10_346),
    paid(27, 1, "Crowdloan.contribute", 659_192_000, 10_346),
    paid(27, 2, "Crowdloan.withdraw", 627_842_000, 10_346),
    paid(27, 3, "Crowdloan.finalize", 399_090_000, 4_202_007),
    paid(27, 4, "Crowdloan.refund", 14_703_448_650, 136_895),
    paid(27, 5, "Crowdloan.dissolve", 734_522_000, 10_346),
    paid(27, 6, "Crowdloan.update_min_contribution", 230_842_000, 7_945),
    paid(27, 7, "Crowdloan.update_end", 204_631_000, 7_945),
    paid(27, 8, "Crowdloan.update_cap", 203_940_000, 7_945),
    paid(27, 9, "Crowdloan.set_max_contribution", 233_607_000, 7_945),
    paid(28, 0, "Swap.set_fee_rate", 207_646_000, 8_192),
    paid(28, 1, "Swap.add_liquidity", 82_583_000, 4_198),
    paid(28, 2, "Swap.remove_liquidity", 82_583_000, 4_198),
    paid(28, 3, "Swap.modify_position", 82_583_000, 4_198),
    paid(28, 4, "Swap.toggle_user_liquidity", 82_583_000, 4_198),
    paid(28, 5, "Swap.disable_lp", 82_583_000, 4_198),
    paid(30, 0, "MevShield.announce_next_key", 801_244_000, 9_753),
    paid(30, 1, "MevShield.submit_encrypted", 274_806_000, 4_198),
    paid(30, 2, "MevShield.store_encrypted", 20_067_583_000, 4_198),
    paid(30, 3, "MevShield.set_max_pending_extrinsics_number", 171_789_000, 4_198),
    paid(30, 4, "MevShield.set_on_initialize_weight", 171_910_000, 4_198),
    paid(30, 5, "MevShield.set_stored_extrinsic_lifetime", 171_699_000, 4_198),
    paid(30, 6, "MevShield.set_max_extrinsic_weight", 171_810_000, 4_198),
    paid(32, 0, "LimitOrders.execute_orders", 1_554_351_457, 10_346).list(0, 1_495_180_782, 5_158),
    paid(32, 1, "LimitOrders.execute_batched_orders", 2_692_301_496, 12_925).list(2, 1_209_134_004, 5_158),
    paid(32, 2, "LimitOrders.cancel_order", 207_405_000, 7_720),
    paid(32, 3, "LimitOrders.set_pallet_status", 171_849_000, 4_198),
];
