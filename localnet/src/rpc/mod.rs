//! Substrate's JSON-RPC over HTTP and WebSocket on one port, as wallets, SDKs and polkadot.js speak it.
//!
//! **Source**: spec/clients.md section 1.

mod activity;
mod archive;
mod author;
mod borrowed;
mod chain;
mod chain_head;
mod custom;
mod dev;
mod error;
mod follow;
mod form;
mod heads;
mod keys;
mod meter;
mod server;
mod state;
mod storage;
mod system;
mod transaction;
mod trie;
mod validity;

use crate::access::Access;
use crate::exit::Failure;
use crate::node::Shared;
use jsonrpsee::RpcModule;
use jsonrpsee::server::ServerHandle;
use server::Serving;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// What the server allows.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at a time.
    pub connections: u32,
    /// Subscriptions of one connection.
    pub subscriptions: u32,
    /// Bytes of a request.
    pub request_bytes: u32,
    /// Bytes of an answer.
    pub response_bytes: u32,
    /// Web pages and names of this machine that are let in.
    pub access: Arc<Access>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            subscriptions: 1_024,
            request_bytes: 15 * 1_024 * 1_024,
            response_bytes: 64 * 1_024 * 1_024,
            access: Arc::default(),
        }
    }
}

/// A server on threads of its own.
#[derive(Debug)]
pub struct RpcServer {
    runtime: tokio::runtime::Runtime,
    handle: ServerHandle,
    addresses: Vec<SocketAddr>,
}

impl RpcServer {
    /// Opens a port on an address, or on both loopback addresses when none is named, and answers from then on. Port 0
    /// stands for one that is free.
    ///
    /// # Errors
    /// When the port cannot be had, or a thread not be started.
    pub fn open(
        shared: &Arc<Shared>,
        host: Option<IpAddr>,
        port: u16,
        limits: Limits,
    ) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(4)
            .thread_name("rpc")
            .enable_all()
            .build()
            .map_err(|error| {
                Failure::Internal(format!("the threads of the server cannot be started: {error}"))
            })?;
        let methods = methods(shared).map_err(|error| Failure::Internal(error.to_string()))?;
        let (stop, handle) = jsonrpsee::server::stop_channel();
        let serving = Serving::new(methods.into(), limits, stop)
            .map_err(|error| Failure::Internal(error.to_string()))?;
        let listeners = runtime.block_on(server::bind(host, port)).map_err(|(address, error)| {
            Failure::Usage(format!(
                "{address} cannot be opened ({error}); choose another with --host and --port"
            ))
        })?;
        let mut addresses = Vec::new();
        for listener in listeners {
            addresses.extend(listener.local_addr());
            runtime.spawn(serving.clone().listen(listener));
        }
        Ok(Self { runtime, handle, addresses })
    }

    /// Where it answers; the first is the one to show.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Ends all connections.
    pub fn close(self) {
        // An error says that it has stopped already.
        let _ = self.handle.stop();
        self.runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    }
}

/// All methods, `rpc_methods` among them.
fn methods(shared: &Arc<Shared>) -> Result<RpcModule<Arc<Shared>>, jsonrpsee::core::RegisterMethodError> {
    let mut module = RpcModule::new(Arc::clone(shared));
    chain::register(&mut module)?;
    heads::register(&mut module)?;
    let lists = Arc::new(keys::Lists::default());
    state::register(&mut module, Arc::clone(&lists))?;
    chain_head::register(&mut module, &lists)?;
    archive::register(&mut module, &lists)?;
    transaction::register(&mut module)?;
    author::register(&mut module)?;
    system::register(&mut module)?;
    custom::register(&mut module)?;
    dev::register(&mut module)?;
    borrowed::register(&mut module)?;
    // An unsubscription whose answer the interface has otherwise is not for clients.
    let shown = module.method_names().filter(|name| !name.starts_with('_'));
    let mut names: Vec<String> = shown.map(str::to_owned).collect();
    names.push("rpc_methods".to_owned());
    names.sort_unstable();
    module.register_method("rpc_methods", move |_, _, _| serde_json::json!({ "methods": names }))?;
    Ok(module)
}
