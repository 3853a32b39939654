//! The limits that the chain sets to a parameter, found by trying.

use super::Founder;
use super::error::RefusedValue;
use crate::plan::{Setting, Value};
use crate::settings::{Kind, Parameter};
use chain::call::RuntimeCall;
use chain::error::DispatchError;
use chain::runtime::{Origin, dispatch};

impl Founder<'_> {
    /// Tries a setting without keeping it. `None` when the chain accepts it, or has no call for it.
    pub(super) fn probe(
        &mut self,
        known: &[Parameter],
        setting: &Setting,
        call: impl Fn(&Setting) -> Option<RuntimeCall>,
    ) -> Option<RefusedValue> {
        let parameter = known.iter().find(|parameter| parameter.name == setting.name)?;
        let error = self.simulate(&call(setting)?).err()?.to_string();
        let allowed = match (parameter.kind, setting.value) {
            (Kind::Number { min, max }, Value::Number(_)) => {
                let mut accepts = |number: u64| {
                    let other = Setting { name: setting.name.clone(), value: Value::Number(number) };
                    call(&other).is_some_and(|call| self.simulate(&call).is_ok())
                };
                interval(min, max, &mut accepts)
            }
            _ => None,
        };
        let (name, value, unit) = (setting.name.clone(), setting.value, parameter.about);
        Some(RefusedValue { name, value, unit, error, allowed })
    }

    fn simulate(&mut self, call: &RuntimeCall) -> Result<(), DispatchError> {
        self.exec(|exec| exec.simulate(|exec| dispatch(exec, Origin::Root, call)))
    }
}

/// The interval of accepted numbers; `None` when no number that is tried is accepted.
fn interval(min: u64, max: u64, accepts: &mut impl FnMut(u64) -> bool) -> Option<(u64, u64)> {
    let powers = (0..u64::BITS).filter_map(|bit| 1_u64.checked_shl(bit));
    let tried = powers.filter(|number| (min..=max).contains(number)).chain([max, min]);
    let good = tried.into_iter().find(|number| accepts(*number))?;
    // Between a number that is accepted and the end of the range: the last one that is.
    let mut edge = |end: u64| {
        if accepts(end) {
            return end;
        }
        let (mut inside, mut outside) = (good, end);
        while inside.abs_diff(outside) > 1 {
            let middle = inside.midpoint(outside);
            match accepts(middle) {
                true => inside = middle,
                false => outside = middle,
            }
        }
        inside
    };
    Some((edge(min), edge(max)))
}
