//! Real clients against the real program. Each script of `fixtures/clients` plays its flows on a chain of its own and
//! holds the values that it reads to what they must be; here it is held to its flows and to the table that tells of them.
//!
//! Slow, so ignored unless asked for (`-- --include-ignored`): it installs the pinned clients, which needs python3, node and
//! npm.
//! `LOCALNET_CLIENTS_DIR` names a directory to install them in, or where they are.

use crate::binary::localnet;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, mpsc};
use std::thread;
use std::time::Duration;

/// Longest that a script may take.
const LIMIT: Duration = Duration::from_secs(900);

pub(crate) static PYTHON_10: LazyLock<PathBuf> = LazyLock::new(|| python("v10", "requirements-10.txt"));
static PYTHON_10_2: LazyLock<PathBuf> = LazyLock::new(|| python("v10.2", "requirements-10.2.txt"));
static PYTHON_9: LazyLock<PathBuf> = LazyLock::new(|| python("v9", "requirements-9.txt"));
pub(crate) static PYTHON_11: LazyLock<PathBuf> = LazyLock::new(|| python("v11", "requirements-11.txt"));
static JS: LazyLock<PathBuf> = LazyLock::new(|| js("js"));
static PAPI_1: LazyLock<PathBuf> = LazyLock::new(|| js("papi1"));
static PAPI_2: LazyLock<PathBuf> = LazyLock::new(|| js("papi2"));

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("fixtures/clients")
}

fn home() -> PathBuf {
    let cache = || Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients");
    std::env::var_os("LOCALNET_CLIENTS_DIR").map_or_else(cache, PathBuf::from)
}

#[track_caller]
pub(crate) fn finish(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}{err}", output.status);
    out.into_owned()
}

/// The interpreter of an environment that has exactly what the pins say, made if it is not there.
fn python(name: &str, pins: &str) -> PathBuf {
    let (dir, pins) = (home().join(name), fixtures().join(pins));
    let interpreter = dir.join("bin/python");
    if !interpreter.is_file() {
        finish(Command::new("python3").args(["-m", "venv"]).arg(&dir));
        finish(Command::new(&interpreter).args(["-m", "pip", "install", "-q", "--no-deps", "-r"]).arg(&pins));
    }
    let there = finish(Command::new(&interpreter).args(["-m", "pip", "freeze"])).to_lowercase();
    let there: Vec<_> = there.lines().collect();
    for pin in fs::read_to_string(&pins).unwrap().to_lowercase().lines() {
        assert!(there.contains(&pin), "{}: {pin} is not installed", dir.display());
    }
    interpreter
}

/// The directory of the packages that the lock names.
fn js(name: &str) -> PathBuf {
    let (dir, pins) = (home().join(name), fixtures().join(name));
    if !dir.join("node_modules").is_dir() {
        fs::create_dir_all(&dir).unwrap();
        for file in ["package.json", "package-lock.json"] {
            fs::copy(pins.join(file), dir.join(file)).unwrap();
        }
        finish(
            Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&dir),
        );
    }
    let read = |path: &Path| -> Json { serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap() };
    let lock = read(&pins.join("package-lock.json"));
    for (place, package) in
        lock["packages"].as_object().unwrap().iter().filter(|(place, _)| !place.is_empty())
    {
        // Of those for other machines nothing is there.
        if package["optional"] == true && !dir.join(place).is_dir() {
            continue;
        }
        let there = read(&dir.join(place).join("package.json"));
        assert_eq!(there["version"], package["version"], "{}: {place}", dir.display());
    }
    dir
}

/// A chain of its own, ended when it is dropped.
struct Node {
    child: Child,
    url: String,
    // Held, so that the program never writes to a closed pipe.
    _output: BufReader<ChildStdout>,
}

impl Node {
    fn start(dir: &Path) -> Self {
        let mut child = localnet(dir)
            .args(["up", "--store", "memory", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("Listening on ") {
            line.clear();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "it ended before it listened");
        }
        let url = line.trim_start_matches("Listening on ").trim().to_owned();
        Self { child, url, _output: output }
    }

    /// Ends it and gives what it said.
    fn end(mut self) -> String {
        let mut said = String::new();
        let killed = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        self.child.wait().unwrap();
        said
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The table's flows in order, and a client's column by flow.
fn table(client: &str) -> (Vec<String>, BTreeMap<String, String>) {
    let text = fs::read_to_string(fixtures().join("TABLE.md")).unwrap();
    let mut rows = text
        .lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("|---"))
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
    let head = rows.next().unwrap();
    let column = head.iter().position(|name| name == client).unwrap_or_else(|| panic!("no column {client}"));
    let rows: Vec<_> = rows.collect();
    let cells = rows.iter().map(|row| (row[0].clone(), row[column].clone())).collect();
    (rows.into_iter().map(|row| row[0].clone()).collect(), cells)
}

/// Plays a script's flows and holds each to the table.
#[track_caller]
fn plays(client: &str, mut script: Command) {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::start(dir.path());
    script
        .arg(&node.url)
        .env("HOME", dir.path())
        .env("LOCALNET", env!("CARGO_BIN_EXE_localnet"))
        .current_dir(dir.path());
    let mut child = script.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (done, late) = mpsc::channel::<()>();
    let id = child.id().to_string();
    let watch = thread::spawn(move || {
        if late.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
        }
    });
    let mut errors = child.stderr.take().unwrap();
    let errors = thread::spawn(move || {
        let mut text = String::new();
        errors.read_to_string(&mut text).map(|_| text)
    });
    let lines: Vec<_> = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap).collect();
    let status = child.wait().unwrap();
    drop(done);
    watch.join().unwrap();
    let errors = errors.join().unwrap().unwrap();
    let said = node.end();

    // An SDK may print what it likes in between.
    let told: Vec<Json> = lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let told: Vec<_> = told.iter().filter(|line| line["flow"].is_string()).collect();
    let failed: Vec<_> = told.iter().filter(|line| line["ok"] != true).collect();
    assert!(
        failed.is_empty() && status.success(),
        "{status}, {failed:#?}\nthe client: {errors}\nlocalnet: {said}"
    );
    let (flows, cells) = table(client);
    let of_client = |flow: &&String| !cells[*flow].starts_with("no: ");
    let expected: Vec<_> =
        flows.iter().filter(of_client).map(|flow| (flow.as_str(), cells[flow].as_str())).collect();
    let played: Vec<_> =
        told.iter().map(|line| (line["flow"].as_str().unwrap(), line["how"].as_str().unwrap())).collect();
    assert_eq!(played, expected);
    assert!(told.iter().all(|line| line["client"] == client));
    assert!(!said.contains("panicked") && !said.contains("error:"), "{said}");
}

pub(crate) fn script(interpreter: &Path, name: &str) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(fixtures().join(name)).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

#[test]
#[ignore = "slow: installs the pinned client"]
fn bittensor_11() {
    plays("bittensor 11.3.0", script(&PYTHON_11, "flows_11.py"));
}

#[test]
#[ignore = "slow: installs the pinned client"]
fn bittensor_10() {
    plays("bittensor 10.5.0", script(&PYTHON_10, "flows_10.py"));
}

/// The last release of 10.x whose codec is that of async-substrate-interface 1.x, which knows accounts by type id 0.
#[test]
#[ignore = "slow: installs the pinned client"]
fn bittensor_10_2() {
    let mut command = script(&PYTHON_10_2, "flows_10.py");
    command.env("LOCALNET_SDK", "10.2.0");
    plays("bittensor 10.2.0", command);
}

#[test]
#[ignore = "slow: installs the pinned client"]
fn bittensor_9() {
    plays("bittensor 9.12.2", script(&PYTHON_9, "flows_9.py"));
}

#[test]
#[ignore = "slow: installs the pinned client"]
fn polkadot_js() {
    let mut command = script(Path::new("node"), "flows_pjs.mjs");
    command.env("LOCALNET_PJS", &*JS);
    plays("polkadot.js 16.5.4", command);
}

/// Both versions play the same script.
#[track_caller]
fn polkadot_api(client: &str, packages: &Path) {
    let mut command = script(Path::new("node"), "flows_papi.mjs");
    command.env("LOCALNET_PAPI", packages);
    plays(client, command);
}

#[test]
#[ignore = "slow: installs the pinned client"]
fn polkadot_api_1() {
    polkadot_api("polkadot-api 1.23.3", &PAPI_1);
}

#[test]
#[ignore = "slow: installs the pinned client"]
fn polkadot_api_2() {
    polkadot_api("polkadot-api 2.2.2", &PAPI_2);
}

#[test]
#[ignore = "slow: installs the pinned client"]
fn btcli_11() {
    plays("btcli 11.3.0", script(&PYTHON_11, "flows_btcli_11.py"));
}

#[test]
#[ignore = "slow: installs the pinned client"]
fn btcli_9() {
    plays("btcli 9.23.2", script(&PYTHON_10, "flows_btcli_9.py"));
}

/// What can be held without the clients: each cell is of a known kind, and the pins are those of the columns.
#[test]
fn the_table_is_whole_and_names_the_pinned_clients() {
    let pinned = |file: &str, pin: &str| {
        let text = fs::read_to_string(fixtures().join(file)).unwrap();
        assert!(text.lines().any(|line| line.trim() == pin), "{file}: no {pin}");
    };
    pinned("requirements-11.txt", "bittensor==11.3.0");
    pinned("requirements-10.txt", "bittensor==10.5.0");
    pinned("requirements-10.txt", "bittensor-cli==9.23.2");
    pinned("requirements-10.2.txt", "bittensor==10.2.0");
    pinned("requirements-10.2.txt", "async-substrate-interface==1.6.4");
    pinned("requirements-9.txt", "bittensor==9.12.2");
    pinned("requirements-9.txt", "async-substrate-interface==1.6.4");
    pinned("js/package.json", "\"@polkadot/api\": \"16.5.4\"");
    pinned("papi1/package.json", "\"polkadot-api\": \"1.23.3\",");
    pinned("papi2/package.json", "\"polkadot-api\": \"2.2.2\",");
    for client in [
        "bittensor 11.3.0",
        "bittensor 10.5.0",
        "bittensor 10.2.0",
        "bittensor 9.12.2",
        "polkadot.js 16.5.4",
        "polkadot-api 1.23.3",
        "polkadot-api 2.2.2",
        "btcli 11.3.0",
        "btcli 9.23.2",
    ] {
        let (flows, cells) = table(client);
        assert_eq!(flows.len(), 28, "flows");
        assert_eq!(cells.len(), flows.len(), "each flow once");
        for (flow, cell) in cells {
            let known = cell == "yes"
                || ["raw call: ", "partly: ", "no: "]
                    .iter()
                    .any(|kind| cell.strip_prefix(kind).is_some_and(|why| why.len() > 8));
            assert!(known, "{client}, {flow}: {cell}");
        }
    }
}
