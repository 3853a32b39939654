//! Whether the parts of a plan fit together.

use super::{Change, FaultRule, MechanismPlan, MinerTactic, Plan, Role, Setting};
use crate::settings::{self, SettingError};
use chain::units::NetUid;
use std::collections::BTreeSet;

/// Why a plan cannot be played.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No subnet.
    #[error("there is no subnet")]
    NoSubnet,
    /// Netuids are not 1, 2, 3, ...
    #[error("netuid {found} where {expected} is expected: subnets count 1, 2, 3, ... without gaps")]
    Netuid {
        /// The netuid that stands there.
        found: NetUid,
        /// The one that should.
        expected: u16,
    },
    /// Two participants of one name.
    #[error("two participants are named `{0}`")]
    NameTwice(String),
    /// A participant without a name.
    #[error("a participant has an empty name")]
    NameEmpty,
    /// A name that nobody in the cast has.
    #[error("nobody in the cast is named `{name}` ({place})")]
    Nobody {
        /// The name.
        name: String,
        /// Where it is used.
        place: String,
    },
    /// A participant of the wrong role for what is asked.
    #[error("`{name}` is not a {expected} ({place})")]
    WrongRole {
        /// The participant.
        name: String,
        /// The role it should have.
        expected: &'static str,
        /// Where it is used.
        place: String,
    },
    /// A subnet that is not in the plan.
    #[error("there is no subnet {netuid} ({place})")]
    NoSuchSubnet {
        /// The subnet.
        netuid: NetUid,
        /// Where it is used.
        place: String,
    },
    /// A subnet needs exactly one owner.
    #[error("subnet {netuid} has {found} owners, it needs one")]
    Owners {
        /// The subnet.
        netuid: NetUid,
        /// How many it has.
        found: usize,
    },
    /// A subnet without a validator that works.
    #[error("subnet {netuid} has no validator in the cast")]
    NoValidator {
        /// The subnet.
        netuid: NetUid,
    },
    /// A number outside its limits.
    #[error("{place}: {value} is outside {min}..={max}")]
    Range {
        /// Where.
        place: String,
        /// The number.
        value: u64,
        /// Smallest allowed.
        min: u64,
        /// Largest allowed.
        max: u64,
    },
    /// A setting that is unknown or out of range.
    #[error("{place}: {error}")]
    Setting {
        /// Where.
        place: String,
        /// What is wrong with it.
        error: SettingError,
    },
    /// A rule on nobody.
    #[error("{0}: it names nobody")]
    NobodyNamed(String),
}

impl Plan {
    /// Whether the parts fit together. A run checks again, so a loader may use it for its own messages only.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn check(&self) -> Result<(), PlanError> {
        self.check_subnets()?;
        self.check_cast()?;
        self.check_events()?;
        self.check_faults()?;
        check_settings(&self.chain.settings, settings::CHAIN, "chain")
    }

    fn check_subnets(&self) -> Result<(), PlanError> {
        // With development accounts there is somebody outside who can make subnets.
        if self.subnets.is_empty() && self.chain.origin.is_none() && !self.chain.dev_accounts {
            return Err(PlanError::NoSubnet);
        }
        let taken: BTreeSet<_> = self.imported().collect();
        let free = (1..).filter(|number| !taken.contains(&NetUid(*number)));
        for (expected, subnet) in free.zip(&self.subnets) {
            if subnet.netuid.number() != expected {
                return Err(PlanError::Netuid { found: subnet.netuid, expected });
            }
            let place = format!("subnet {}", subnet.netuid);
            check_settings(&subnet.settings, settings::SUBNET, &place)?;
            check_mechanism(&place, &subnet.mechanism)?;
            let here = |role: &Role| role.netuid() == subnet.netuid;
            let owners =
                self.cast.iter().filter(|m| matches!(m.role, Role::Owner { .. }) && here(&m.role)).count();
            if owners != 1 {
                return Err(PlanError::Owners { netuid: subnet.netuid, found: owners });
            }
            if !self.cast.iter().any(|m| matches!(m.role, Role::Validator { .. }) && here(&m.role)) {
                return Err(PlanError::NoValidator { netuid: subnet.netuid });
            }
        }
        Ok(())
    }

    fn check_cast(&self) -> Result<(), PlanError> {
        let mut names = BTreeSet::new();
        for member in &self.cast {
            if member.name.is_empty() {
                return Err(PlanError::NameEmpty);
            }
            if !names.insert(&member.name) {
                return Err(PlanError::NameTwice(member.name.clone()));
            }
            let place = format!("cast `{}`", member.name);
            self.know_subnet(member.role.netuid(), &place)?;
            match &member.role {
                Role::Owner { .. } => {}
                Role::Validator { fee_permille, .. } => {
                    within(&place, "fee_permille", (*fee_permille).into(), 0, 1_000)?;
                }
                Role::Miner { tactic, .. } => check_tactic(&place, *tactic)?,
                Role::User { via, every, .. } => {
                    within(&place, "every", *every, 1, u64::MAX)?;
                    if let Some(via) = via {
                        self.know(via, &place, "validator", |role| matches!(role, Role::Validator { .. }))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn check_events(&self) -> Result<(), PlanError> {
        for (index, event) in self.events.iter().enumerate() {
            let place = format!("events[{index}]");
            within(&place, "block", event.block, 1, u64::MAX)?;
            let anyone = |name: &str| self.know(name, &place, "participant", |_| true);
            match &event.change {
                Change::Hyperparameter { netuid, setting } => {
                    self.know_subnet(*netuid, &place)?;
                    check_settings(std::slice::from_ref(setting), settings::SUBNET, &place)?;
                }
                Change::MinerTactic { who, tactic } => {
                    self.know(who, &place, "miner", |role| matches!(role, Role::Miner { .. }))?;
                    check_tactic(&place, *tactic)?;
                }
                Change::ValidatorTactic { who, .. } => {
                    self.know(who, &place, "validator", |role| matches!(role, Role::Validator { .. }))?;
                }
                Change::Transfer { from, to, .. } => {
                    anyone(from)?;
                    anyone(to)?;
                }
                Change::Stake { who, with, netuid, .. } => {
                    anyone(who)?;
                    anyone(with)?;
                    if !netuid.is_root() {
                        self.know_subnet(*netuid, &place)?;
                    }
                }
                Change::UnstakeAll { who, with } => {
                    anyone(who)?;
                    anyone(with)?;
                }
                Change::Vote { who, weights } => {
                    anyone(who)?;
                    weights.iter().try_for_each(|(netuid, _)| self.know_subnet(*netuid, &place))?;
                }
                Change::Root(_) | Change::Upgrade(_) => {}
                Change::Crash { who } | Change::Retire { who } => anyone(who)?,
            }
        }
        Ok(())
    }

    fn check_faults(&self) -> Result<(), PlanError> {
        for (index, fault) in self.faults.iter().enumerate() {
            let place = format!("faults[{index}]");
            let (names, others) = match &fault.rule {
                FaultRule::Offline { who } | FaultRule::Partition { left: who, .. } if who.is_empty() => {
                    return Err(PlanError::NobodyNamed(place));
                }
                FaultRule::Offline { who } => (who, None),
                FaultRule::Latency { who, blocks } => {
                    within(&place, "blocks", *blocks, 1, u64::MAX)?;
                    (who, None)
                }
                FaultRule::Loss { who, permille } => {
                    within(&place, "permille", (*permille).into(), 0, 1_000)?;
                    (who, None)
                }
                FaultRule::Partition { left, right } => (left, Some(right)),
            };
            for name in names.iter().chain(others.into_iter().flatten()) {
                self.know(name, &place, "participant", |_| true)?;
            }
        }
        Ok(())
    }

    fn know(
        &self,
        name: &str,
        place: &str,
        expected: &'static str,
        fits: impl Fn(&Role) -> bool,
    ) -> Result<(), PlanError> {
        let member = self.cast.iter().find(|member| member.name == name);
        let member =
            member.ok_or_else(|| PlanError::Nobody { name: name.to_owned(), place: place.to_owned() })?;
        if fits(&member.role) {
            return Ok(());
        }
        Err(PlanError::WrongRole { name: name.to_owned(), expected, place: place.to_owned() })
    }

    fn know_subnet(&self, netuid: NetUid, place: &str) -> Result<(), PlanError> {
        match self.subnet(netuid).is_some() || self.imported().any(|imported| imported == netuid) {
            true => Ok(()),
            false => Err(PlanError::NoSuchSubnet { netuid, place: place.to_owned() }),
        }
    }
}

fn check_mechanism(place: &str, mechanism: &MechanismPlan) -> Result<(), PlanError> {
    let (round_every, ema_permille) = match mechanism {
        MechanismPlan::Compression(market) => {
            within(place, "slice_bytes", market.slice_bytes.into(), 256, 65_536)?;
            within(place, "cost_ppm", market.cost_ppm.into(), 0, 1_000)?;
            within(place, "sharpness", market.sharpness.into(), 1, 16)?;
            (market.round_every, market.ema_permille)
        }
        MechanismPlan::Dummy(market) => (market.round_every, market.ema_permille),
    };
    within(place, "round_every", round_every, 1, u64::MAX)?;
    within(place, "ema_permille", ema_permille.into(), 1, 1_000)
}

fn check_tactic(place: &str, tactic: MinerTactic) -> Result<(), PlanError> {
    let MinerTactic::Honest { method, level } = tactic else { return Ok(()) };
    let (min, max) = method.levels();
    within(place, &format!("level of {}", method.name()), level.into(), min.into(), max.into())
}

fn check_settings(given: &[Setting], known: &[settings::Parameter], place: &str) -> Result<(), PlanError> {
    given.iter().try_for_each(|setting| {
        settings::check(known, setting).map_err(|error| PlanError::Setting { place: place.to_owned(), error })
    })
}

fn within(place: &str, key: &str, value: u64, min: u64, max: u64) -> Result<(), PlanError> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(PlanError::Range { place: format!("{place}.{key}"), value, min, max })
}
