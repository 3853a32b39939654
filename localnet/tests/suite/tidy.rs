//! Style as an ordinary test: what the architecture says about the tree, read from the tree.

use proc_macro2::Span;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

const LINES_PER_FILE_MAX: usize = 500;
const LINES_PER_FUNCTION_MAX: usize = 80;

/// Lists that are one idea: the chain's own tables of names.
const TABLES: &[&str] = &[
    "chain/src/call/admin_utils.rs",
    "chain/src/call/subtensor.rs",
    "chain/src/error/module.rs",
    "chain/src/event/pallets.rs",
];

type Rooms = &'static [(&'static str, &'static [&'static str])];

/// Crates that may be used only in certain places.
const CRATES: Rooms = &[
    ("sled", &["chain/src/ledger/"]),
    (
        "actix",
        &[
            "actors/src/drivers/actix.rs",
            "actors/src/drivers/actix/",
            "actors/src/chain_actor.rs",
            "localnet/src/launch.rs",
        ],
    ),
    ("tokio", &["localnet/"]),
];

/// Names that may stand only in certain places.
const ROOMS: Rooms = &[
    ("Instant", &["localnet/src/pace.rs", "localnet/src/telemetry.rs", "benches/"]),
    ("SystemTime", &["localnet/src/pace.rs", "localnet/src/telemetry.rs", "benches/"]),
    ("HashMap", &["localnet/", "actors/tests/"]),
    ("HashSet", &["localnet/"]),
    ("getrandom", &["localnet/"]),
    ("OsRng", &["localnet/"]),
];

/// Folders that nothing may depend on floats in.
const NO_FLOATS: &[&str] = &["chain/src/"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn sources() -> Vec<(String, String)> {
    fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = root();
    let mut found = Vec::new();
    for folder in ["localnet", "actors", "chain", "fixtures", "benches"] {
        walk(&root.join(folder), &mut found);
    }
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn expect_none(what: &str, offences: Vec<String>) {
    assert!(offences.is_empty(), "{what}:\n  {}", offences.join("\n  "));
}

struct Names<'a> {
    file: &'a str,
    offences: Vec<String>,
}

impl Names<'_> {
    fn check(&mut self, rooms: Rooms, name: &str, span: Span) {
        for (word, rooms) in rooms {
            if name == *word && !rooms.iter().any(|room| self.file.starts_with(room)) {
                self.offences.push(format!(
                    "{}:{}: `{word}` belongs in {rooms:?}",
                    self.file,
                    span.start().line
                ));
            }
        }
    }

    fn name(&mut self, name: &str, span: Span) {
        self.check(ROOMS, name, span);
        if (name == "f32" || name == "f64") && NO_FLOATS.iter().any(|folder| self.file.starts_with(folder)) {
            self.offences.push(format!("{}:{}: `{name}`: no floats here", self.file, span.start().line));
        }
    }

    fn function(&mut self, name: &syn::Ident, span: Span) {
        let lines = span.end().line + 1 - span.start().line;
        if lines > LINES_PER_FUNCTION_MAX {
            self.offences.push(format!(
                "{}:{}: fn {name} has {lines} lines, at most {LINES_PER_FUNCTION_MAX}",
                self.file,
                span.start().line
            ));
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.name(&ident.to_string(), ident.span());
    }
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(root) = path.segments.first().filter(|_| path.segments.len() > 1) {
            self.check(CRATES, &root.ident.to_string(), root.ident.span());
        }
        visit::visit_path(self, path);
    }
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let root = match &item.tree {
            syn::UseTree::Path(path) => Some(&path.ident),
            syn::UseTree::Name(name) => Some(&name.ident),
            syn::UseTree::Rename(rename) => Some(&rename.ident),
            syn::UseTree::Glob(_) | syn::UseTree::Group(_) => None,
        };
        if let Some(root) = root {
            self.check(CRATES, &root.to_string(), root.span());
        }
        visit::visit_item_use(self, item);
    }
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig.ident, item.block.span());
        visit::visit_item_fn(self, item);
    }
    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig.ident, item.block.span());
        visit::visit_impl_item_fn(self, item);
    }
}

#[test]
fn every_word_is_in_its_room_and_every_function_is_short() {
    let mut offences = Vec::new();
    for (file, text) in sources() {
        let mut names = Names { file: &file, offences: Vec::new() };
        names.visit_file(&syn::parse_file(&text).unwrap());
        offences.extend(names.offences);
    }
    expect_none("names and lengths", offences);
}

#[test]
fn the_reader_of_names_sees_an_offence() {
    let text = format!(
        "use std::collections::HashMap; use actix::Actor; fn long() {{ {} let x = 1.0 as f32; sled::open(x); }}",
        "\n".repeat(90)
    );
    let mut names = Names { file: "chain/src/planted.rs", offences: Vec::new() };
    names.visit_file(&syn::parse_file(&text).unwrap());
    assert_eq!(names.offences.len(), 5, "{:?}", names.offences);
}

#[test]
fn files_are_short() {
    let offences = sources()
        .into_iter()
        .filter(|(file, _)| !TABLES.contains(&file.as_str()))
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_PER_FILE_MAX)
        .map(|(file, lines)| format!("{file}: {lines} lines, at most {LINES_PER_FILE_MAX}: split it by idea"))
        .collect();
    expect_none("long files", offences);
}

#[test]
fn the_top_level_is_what_the_architecture_says() {
    let allowed: BTreeSet<&str> = [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "actors",
        "benches",
        "chain",
        "fixtures",
        "localnet",
        "target",
    ]
    .into();
    let offences = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && !allowed.contains(name.as_str()))
        .collect();
    expect_none("entries that do not belong at the top", offences);
}

/// Links of Markdown files lead to files of the project. Those to the web are not followed.
#[test]
fn links_lead_somewhere() {
    let mut offences = Vec::new();
    let mut links = 0;
    for file in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"]
        .map(PathBuf::from)
        .into_iter()
        .chain(
            ["fixtures/clients/TABLE.md", "fixtures/clients/UPSTREAM.md", "benches/LATEST.md"]
                .map(PathBuf::from),
        )
    {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        let targets =
            text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
        for target in targets.filter(|target| !target.starts_with("http")) {
            links += 1;
            let (path, _) = target.split_once('#').unwrap_or((target, ""));
            let at = root().join(file.parent().unwrap()).join(path);
            if !at.exists() {
                offences.push(format!("{}: {target}", file.display()));
            }
        }
    }
    assert!(links > 0);
    expect_none("links that lead nowhere", offences);
}

/// Paths in back quotes are files of the project, where documents describe its layout.
#[test]
fn paths_in_the_guide_exist() {
    let guide = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let quoted = guide.split('`').skip(1).step_by(2);
    let paths: Vec<&str> = quoted
        .filter(|word| {
            ["chain/", "actors/", "localnet/", "fixtures/"].iter().any(|top| word.starts_with(top))
        })
        .filter(|path| !path.contains(['<', '*', ' ']))
        .collect();
    assert!(paths.len() > 10, "{paths:?}");
    let missing = paths.into_iter().filter(|path| !root().join(path).exists()).map(str::to_owned).collect();
    expect_none("paths that do not exist", missing);
}

/// The Rust that the README shows is a test that runs.
#[test]
fn the_test_in_the_readme_is_one_of_ours() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let shown = readme.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(shown, fs::read_to_string(root().join("chain/tests/suite/readme.rs")).unwrap());
}

#[test]
fn no_loose_ends() {
    let loose = ["todo!", "unimplemented!", "dbg!", "FIXME", "XXX", "#[ignore"];
    let mut offences = Vec::new();
    for (file, text) in sources().into_iter().filter(|(file, _)| !file.ends_with("suite/tidy.rs")) {
        for (index, line) in text.lines().enumerate() {
            // A slow test is run by CI; any other that is not run is a loose end.
            let line = line.replace("#[ignore = \"slow: ", "");
            for word in loose.iter().filter(|word| line.contains(**word)) {
                offences.push(format!("{file}:{}: `{word}`", index + 1));
            }
        }
    }
    expect_none("loose ends", offences);
}

#[test]
fn every_lint_exception_gives_its_reason() {
    let mut offences = Vec::new();
    for (file, text) in sources().into_iter().filter(|(file, _)| file.contains("/src/")) {
        let attributes = text.match_indices("#[allow(").chain(text.match_indices("#![allow("));
        for (at, _) in
            attributes.chain(text.match_indices("#[expect(")).chain(text.match_indices("#![expect("))
        {
            let end = text[at..].find(")]").map_or(text.len(), |end| at + end);
            if !text[at..end].contains("reason") {
                let line = text[..at].lines().count();
                offences.push(format!("{file}:{line}: a lint is switched off without a reason"));
            }
        }
    }
    expect_none("lint exceptions", offences);
}
