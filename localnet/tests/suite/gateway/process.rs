//! Processes beside the tests.

use crate::binary::localnet;
use crate::clients::finish;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::JoinHandle;
use std::time::Duration;

/// Longest that anything here may take.
const LIMIT: Duration = Duration::from_secs(400);

/// A process, ended when it is dropped.
pub(crate) struct Process {
    pub(crate) child: Child,
    lines: Receiver<String>,
    errors: Option<JoinHandle<String>>,
}

impl Process {
    #[track_caller]
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let mut errors = child.stderr.take().unwrap();
        let errors = std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = errors.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        Self { child, lines, errors: Some(errors) }
    }

    /// The next line that a function makes something of.
    #[track_caller]
    pub(crate) fn wait<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> T {
        loop {
            match self.lines.recv_timeout(LIMIT) {
                Ok(line) => {
                    if let Some(found) = find(&line) {
                        return found;
                    }
                }
                Err(why) => {
                    let _ = self.child.kill();
                    panic!("{why}: {}", self.errors.take().unwrap().join().unwrap());
                }
            }
        }
    }

    /// Ends it in good order and gives what it said on stderr.
    pub(crate) fn end(mut self, signal: &str) -> String {
        finish(Command::new("kill").args([signal, &self.child.id().to_string()]));
        assert!(self.child.wait().unwrap().success());
        self.errors.take().unwrap().join().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A chain with a cast; its address and that of its door.
pub(crate) fn up(dir: &Path, scenario: &str, store: &str, more: &[&str]) -> (Process, String, String) {
    let mut command = localnet(dir);
    command.args(["up", scenario, "--store", store, "--port", "0", "--axon-port", "0"]).args(more);
    let mut node = Process::start(command);
    let door = node.wait(|line| Some(line.strip_prefix("axons     ")?.split(": ").next()?.to_owned()));
    let url = node.wait(|line| Some(line.strip_prefix("Listening on ")?.trim().to_owned()));
    (node, url, door)
}
