//! Amounts as people read them.

use chain::units::{Rao, TAO};

/// TAO with as many decimals as it takes: `1,234.5`.
pub fn tao(amount: Rao) -> String {
    let (whole, part) = (amount.get() / TAO, amount.get() % TAO);
    let part = format!("{part:09}");
    let part = part.trim_end_matches('0');
    let dot = if part.is_empty() { "" } else { "." };
    format!("{}{dot}{part}", grouped(whole.into()))
}

/// A number in nine decimals of one, cut to four: for tables, where columns matter more than rao.
pub fn short(amount: u64) -> String {
    let (whole, part) = (amount / TAO, amount % TAO);
    format!("{}.{:04}", grouped(whole.into()), part / 100_000)
}

/// Thousands set apart: `12,345`.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A share of 65,535 as a fraction of one, four decimals.
pub fn share(share: u16) -> String {
    let tenthousandths = (u32::from(share) * 10_000 + 32_767) / 65_535;
    format!("{}.{:04}", tenthousandths / 10_000, tenthousandths % 10_000)
}
