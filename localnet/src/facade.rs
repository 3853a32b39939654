//! `localnet run` and `localnet up` for callers from Rust: [`run`] plays a scenario in memory, [`spawn`] starts a node inside
//! the caller's process.

use crate::exit::Failure;
use crate::node::{Choice, Engine, Order, Shared, Start, plan};
use crate::pace::Pace;
use crate::play::{self, Ending, Settings, Store};
use crate::report::Report;
use crate::rpc::{Limits, RpcServer};
use crate::scenario::{self, Request};
use actors::plan::Preset;
use chain::block::Hash;
use chain::ledger::Durability;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

/// Runs a scenario in memory and returns the report that `localnet run --json` prints. A failed expectation is a report with
/// [`Report::passed`] false, not an error.
///
/// ```
/// use localnet::scenario::Request;
///
/// let request = Request { scenario: "dummy".to_owned(), ..Request::default() };
/// let report = localnet::run(&request)?;
/// assert!(report.passed);
/// # Ok::<(), localnet::exit::Failure>(())
/// ```
///
/// # Errors
/// When the scenario cannot be run, or Ctrl-C ended it early.
pub fn run(request: &Request) -> Result<Report, Failure> {
    let scenario = scenario::load(request)?;
    let settings =
        Settings { store: Store::Memory, durability: Durability::Buffered, threads: 0, check: false };
    match play::play(&scenario, &settings)? {
        Ending::Finished(played) => Ok(Report::new(&scenario, &played)),
        Ending::Interrupted { block, .. } => {
            Err(Failure::Interrupted(format!("interrupted after block {block}")))
        }
        Ending::Drifted(drift) => Err(Failure::Internal(drift.to_string())),
    }
}

/// What a node is made of. The default is a fast development chain in memory on a free port of 127.0.0.1, which seals a block
/// as soon as an extrinsic waits.
#[derive(Debug)]
pub struct NodeConfig {
    /// A scenario whose cast lives on the chain; its seed and preset are its own.
    pub scenario: Option<Request>,
    /// Seed of a chain without scenario.
    pub seed: u64,
    /// Constants of a chain without scenario.
    pub preset: Preset,
    /// Time from block to block, as the metadata gives it and virtual time counts it.
    pub block_time: Duration,
    /// Commit-reveal of new subnets.
    pub commit_reveal: bool,
    /// A drand beacon of the chain's own.
    pub beacon: bool,
    /// Sealing mode of blocks.
    pub pace: Pace,
    /// Directory of the ledger; `None` keeps none.
    pub store: Option<PathBuf>,
    /// Durability of the ledger.
    pub durability: Durability,
    /// Blocks whose state can be read.
    pub history: usize,
    /// Extrinsics that may wait.
    pub pool: usize,
    /// Blocks on top of which a block is final.
    pub finality: u64,
    /// Without an interval: how long no block comes before the head is final; `None` waits for blocks.
    pub settle: Option<Duration>,
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Limits of the server.
    pub limits: Limits,
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self {
            scenario: None,
            seed: 1,
            preset: Preset::Fast,
            block_time: Duration::from_millis(250),
            commit_reveal: false,
            beacon: false,
            pace: Pace::Automine,
            store: None,
            durability: Durability::Buffered,
            history: 4_096,
            pool: 8_192,
            finality: 0,
            settle: None,
            host: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            limits: Limits::default(),
        }
    }
}

/// A running node. It stops when it is dropped.
#[derive(Debug)]
pub struct Node {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: Option<RpcServer>,
    thread: Option<JoinHandle<Result<u64, Failure>>>,
}

/// Starts a node on threads of its own.
///
/// # Errors
/// When the scenario cannot be run, the ledger cannot be used, or the port is taken.
pub fn spawn(config: NodeConfig) -> Result<Node, Failure> {
    let choice = Choice {
        request: config.scenario,
        seed: config.seed,
        preset: config.preset,
        block_time: config.block_time,
        commit_reveal: config.commit_reveal,
        beacon: config.beacon,
    };
    let (plan, members) = plan(&choice)?;
    let start = Start {
        plan,
        members,
        store: config.store,
        durability: config.durability,
        pace: config.pace,
        window: config.history,
        pool_limit: config.pool,
        finality: config.finality,
        settle: config.settle,
        threads: 0,
    };
    let (sender, receiver) = mpsc::channel();
    let sealing = move || {
        let engine = match Engine::start(start) {
            Ok(engine) => engine,
            Err(failure) => {
                // The receiver waits for this.
                let _ = sender.send(Err(failure));
                return Ok(0);
            }
        };
        let _ = sender.send(Ok(Arc::clone(engine.shared())));
        engine.live(false, None)
    };
    let internal = |why: String| Failure::Internal(why);
    let thread = std::thread::Builder::new()
        .name("node".to_owned())
        .spawn(sealing)
        .map_err(|error| internal(format!("the thread of the node cannot be started: {error}")))?;
    let shared = receiver.recv().map_err(|_| internal("the node ended while it started".to_owned()))??;
    let server = match RpcServer::open(&shared, Some(config.host), config.port, config.limits) {
        Ok(server) => server,
        Err(failure) => {
            shared.order(Order::Stop);
            let _ = thread.join();
            return Err(failure);
        }
    };
    let address = server.addresses().first().copied();
    let address = address.ok_or_else(|| internal("the server has no address".to_owned()))?;
    Ok(Node { address, shared, server: Some(server), thread: Some(thread) })
}

impl Node {
    /// Address of its server, for HTTP and WebSockets.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL, for clients: `ws://127.0.0.1:41231`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Hash of its genesis block.
    #[must_use]
    pub fn genesis(&self) -> Hash {
        self.shared.genesis()
    }

    /// Closes the server, ends the node and its ledger; gives the height at which it ended.
    ///
    /// # Errors
    /// Why the node, or its ledger, did not end in good order.
    pub fn stop(mut self) -> Result<u64, Failure> {
        self.end()
    }

    fn end(&mut self) -> Result<u64, Failure> {
        if let Some(server) = self.server.take() {
            server.close();
        }
        let Some(thread) = self.thread.take() else { return Ok(0) };
        self.shared.order(Order::Stop);
        thread.join().unwrap_or_else(|_| Err(Failure::Internal("the thread of the node panicked".to_owned())))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Err(failure) = self.end() {
            tracing::error!(%failure, "a node did not end in good order");
        }
    }
}
