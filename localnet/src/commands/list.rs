//! `localnet list`.

use crate::scenario::builtin::BUILTINS;
use crate::scenario::model::File;

/// Names and titles of the built-in scenarios, a line each.
pub(crate) fn list() -> String {
    let width = BUILTINS.iter().map(|builtin| builtin.name.len()).max().unwrap_or_default();
    let line = |builtin: &crate::scenario::builtin::Builtin| {
        let title = toml::from_str::<File>(builtin.text).map(|file| file.title).unwrap_or_default();
        format!("{:width$}  {title}\n", builtin.name)
    };
    BUILTINS.iter().map(line).collect()
}
