//! The scenarios that come with the program.

/// A scenario embedded in the binary.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Name on the command line.
    pub name: &'static str,
    /// Its file.
    pub text: &'static str,
}

macro_rules! builtins {
    ($($name:literal),* $(,)?) => {
        /// All of them, the first is what plain `localnet` runs.
        pub const BUILTINS: &[Builtin] = &[$(Builtin {
            name: $name,
            text: include_str!(concat!("../../../fixtures/scenarios/", $name, ".toml")),
        },)*];
    };
}

builtins!("hello-market", "commit-reveal", "timelock", "liquid-alpha", "eras", "dummy");

/// The built-in of a name.
pub fn find(name: &str) -> Option<Builtin> {
    BUILTINS.iter().copied().find(|builtin| builtin.name == name)
}
