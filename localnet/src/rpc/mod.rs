//! Substrate's JSON-RPC over HTTP and WebSocket on one port, as wallets, SDKs and polkadot.js speak it.
//!
//! **Source**: spec/clients.md section 1.

mod author;
mod chain;
mod dev;
mod error;
mod form;
mod heads;
mod keys;
mod state;
mod system;

use crate::exit::Failure;
use crate::node::Shared;
use jsonrpsee::RpcModule;
use jsonrpsee::server::middleware::http::ProxyGetRequestLayer;
use jsonrpsee::server::{
    BatchRequestConfig, PingConfig, RandomStringIdProvider, Server, ServerConfig, ServerHandle,
};
use std::net::SocketAddr;
use std::sync::Arc;

/// What the server allows.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at a time.
    pub connections: u32,
    /// Subscriptions of one connection.
    pub subscriptions: u32,
    /// Bytes of a request.
    pub request_bytes: u32,
    /// Bytes of an answer.
    pub response_bytes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            subscriptions: 1_024,
            request_bytes: 15 * 1_024 * 1_024,
            response_bytes: 64 * 1_024 * 1_024,
        }
    }
}

/// A server on threads of its own.
#[derive(Debug)]
pub struct Doors {
    runtime: tokio::runtime::Runtime,
    handle: ServerHandle,
    address: SocketAddr,
}

impl Doors {
    /// Opens the port and answers from then on.
    ///
    /// # Errors
    /// When the port cannot be had, or a thread not be started.
    pub fn open(shared: &Arc<Shared>, address: SocketAddr, limits: Limits) -> Result<Self, Failure> {
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
        let config = ServerConfig::builder()
            .max_connections(limits.connections)
            .max_subscriptions_per_connection(limits.subscriptions)
            .max_request_body_size(limits.request_bytes)
            .max_response_body_size(limits.response_bytes)
            .set_batch_request_config(BatchRequestConfig::Limit(1_024))
            .set_id_provider(RandomStringIdProvider::new(16))
            .enable_ws_ping(PingConfig::new())
            .build();
        let started = runtime.block_on(async {
            let health =
                ProxyGetRequestLayer::new([("/healthz", "system_health"), ("/health", "system_health")])
                    .map_err(std::io::Error::other)?;
            let http = tower::ServiceBuilder::new().layer(health);
            let server =
                Server::builder().set_config(config).set_http_middleware(http).build(address).await?;
            Ok::<_, std::io::Error>((server.local_addr()?, server.start(methods)))
        });
        let (address, handle) = started.map_err(|error| {
            Failure::Usage(format!(
                "{address} cannot be opened ({error}); choose another with --host and --port"
            ))
        })?;
        Ok(Self { runtime, handle, address })
    }

    /// Where it answers.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
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
    state::register(&mut module)?;
    author::register(&mut module)?;
    system::register(&mut module)?;
    dev::register(&mut module)?;
    let mut names: Vec<String> = module.method_names().map(str::to_owned).collect();
    names.push("rpc_methods".to_owned());
    names.sort_unstable();
    module.register_method("rpc_methods", move |_, _, _| serde_json::json!({ "methods": names }))?;
    Ok(module)
}
