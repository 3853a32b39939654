//! The sign of each subnet's token.
//!
//! The order is that of the reference chain, as far as its first 167 of 439 signs: more subnets than its limit of 128
//! allows. The first eight are seen in the reference data.

use crate::state::State;
use crate::units::NetUid;

/// The signs by netuid, one character each; the first is that of TAO itself.
const SYMBOLS: &str = "\
    Ταβγδεζηθικλμνξοπρσtυφχψω\u{5d0}\u{5d1}\u{5d2}\u{5d3}\u{5d4}\u{5d5}\u{5d6}\u{5d7}\u{5d8}\
    \u{5d9}\u{5da}\u{5db}\u{5dc}\u{5dd}\u{5de}\u{5df}\u{5e0}\u{5e1}\u{5e2}\u{5e3}\u{5e4}\u{5e5}\
    \u{5e6}\u{5e7}\u{5e8}\u{5e9}\u{5ea}\u{627}\u{628}\u{62a}\u{62b}\u{62c}\u{62d}\u{62e}\u{62f}\
    \u{630}\u{631}\u{632}\u{633}\u{634}\u{635}\u{636}\u{637}\u{638}\u{639}\u{63a}\u{641}\u{642}\
    \u{643}\u{644}\u{645}\u{646}\u{647}\u{648}\u{64a}\u{649}\u{16a0}\u{16a2}\u{16a6}\u{16a8}\
    \u{16b1}\u{16b3}Ы\u{16c9}\u{16d2}\u{1680}\u{1681}\u{1682}\u{1683}\u{1684}\u{1685}\u{169b}\
    \u{10d0}\u{10d1}\u{10d2}\u{10d3}\u{10d4}\u{10d5}\u{531}\u{532}\u{533}\u{534}\u{535}\u{536}\
    \u{55e}ЀЁЂЃЄЅъ\u{2c80}\u{2c81}\u{2c82}\u{2c83}\u{2c84}\u{2c85}\u{11000}\u{11001}\u{11002}\
    \u{11003}\u{11005}\u{db1}\u{db3}\u{db4}\u{db5}\u{db6}\u{db7}\u{2c00}\u{2c01}\u{2c02}\u{2c03}\
    \u{2c04}\u{2c05}\u{2c06}\u{2c07}\u{2c08}\u{2c09}\u{2c0a}\u{2c0b}\u{2c0c}\u{2c0d}\u{2c0e}\
    \u{2c0f}\u{2c10}\u{2c11}\u{2c12}\u{2c13}\u{2c14}\u{2c15}\u{2c16}\u{2c17}\u{2c18}\u{2c19}\
    \u{2c1a}\u{2c1b}\u{2c1c}\u{2c1d}\u{2c1e}\u{2c1f}\u{2c20}\
";

/// The sign of a subnet that is registered now: its own if free, else the first free one, else that of TAO.
pub fn next(state: &State, netuid: NetUid) -> Vec<u8> {
    let taken = |symbol: char| {
        let mut buffer = [0; 4];
        let bytes = symbol.encode_utf8(&mut buffer).as_bytes();
        state.subnets.values().any(|subnet| subnet.added && subnet.symbol == bytes)
    };
    let own = SYMBOLS.chars().nth(usize::from(netuid.number())).filter(|symbol| !taken(*symbol));
    let symbol = own.or_else(|| SYMBOLS.chars().skip(1).find(|symbol| !taken(*symbol)));
    symbol.unwrap_or('Τ').to_string().into_bytes()
}

/// Whether the chain knows the sign.
pub fn is_known(symbol: &[u8]) -> bool {
    std::str::from_utf8(symbol).is_ok_and(|text| text.chars().count() == 1 && SYMBOLS.contains(text))
}
