//! The listeners: connections are taken, bounded in number and time, and handed to the methods.

use super::Limits;
use super::activity::ActivityLayer;
use super::meter::{Meter, Metered};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use jsonrpsee::Methods;
use jsonrpsee::core::BoxError;
use jsonrpsee::server::middleware::http::ProxyGetRequestLayer;
use jsonrpsee::server::middleware::rpc::RpcServiceBuilder;
use jsonrpsee::server::{
    BatchRequestConfig, HttpBody, HttpResponse, PingConfig, RandomStringIdProvider, Server, ServerConfig,
    StopHandle, TowerServiceBuilder,
};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::Service as _;
use tower::layer::util::{Identity, Stack};

/// Connections beyond the limit that are taken all the same, so that they can be refused in words (429).
const SPARE: usize = 64;
/// How long a request may take to say its headers, and an idle connection may stay.
const HEADERS_WITHIN: Duration = Duration::from_secs(60);
/// How long the rest of a request may take.
const BODY_WITHIN: Duration = Duration::from_secs(30);
/// Messages that wait to be written to one connection; those who made more wait too.
const MESSAGES: u32 = 64;
/// Bytes of all bodies that are not whole yet.
const UNFINISHED_MAX: usize = 256 << 20;
/// How long to wait after a connection could not be taken.
const BACK_OFF: Duration = Duration::from_millis(100);
/// Ports that are tried when any will do and both addresses are to have the same.
const PORTS: usize = 16;

/// Opens the port on an address, or on both loopback addresses when none is named; port 0 stands for one that is free.
pub(super) async fn bind(
    host: Option<IpAddr>,
    port: u16,
) -> Result<Vec<TcpListener>, (SocketAddr, io::Error)> {
    let open = async |host: IpAddr, port: u16| {
        let address = SocketAddr::new(host, port);
        TcpListener::bind(address).await.map_err(|error| (address, error))
    };
    if let Some(host) = host {
        return Ok(vec![open(host, port).await?]);
    }
    let mut tries = 0;
    loop {
        let four = open(Ipv4Addr::LOCALHOST.into(), port).await?;
        let chosen = four.local_addr().map_or(port, |address| address.port());
        match open(Ipv6Addr::LOCALHOST.into(), chosen).await {
            Ok(six) => return Ok(vec![four, six]),
            Err((_, error)) if error.kind() == io::ErrorKind::AddrInUse && port == 0 && tries < PORTS => {
                tries += 1
            }
            Err((address, error)) if error.kind() == io::ErrorKind::AddrInUse => {
                return Err((address, error));
            }
            // A machine without IPv6.
            Err((address, error)) => {
                tracing::debug!(%address, %error, "only the IPv4 loopback address is listened on");
                return Ok(vec![four]);
            }
        }
    }
}

/// What all connections share.
#[derive(Clone, Debug)]
pub(super) struct Serving {
    methods: Methods,
    limits: Limits,
    service: TowerServiceBuilder<Identity, Stack<ProxyGetRequestLayer, Identity>>,
    free: Arc<Semaphore>,
    unfinished: Arc<AtomicUsize>,
    stop: StopHandle,
}

impl Serving {
    pub(super) fn new(methods: Methods, limits: Limits, stop: StopHandle) -> io::Result<Self> {
        let config = ServerConfig::builder()
            .max_connections(limits.connections)
            .max_subscriptions_per_connection(limits.subscriptions)
            .max_request_body_size(limits.request_bytes)
            .max_response_body_size(limits.response_bytes)
            .set_batch_request_config(BatchRequestConfig::Limit(1_024))
            .set_id_provider(RandomStringIdProvider::new(16))
            .enable_ws_ping(PingConfig::new())
            .set_message_buffer_capacity(MESSAGES)
            .build();
        let health = ProxyGetRequestLayer::new([("/healthz", "system_health"), ("/health", "system_health")])
            .map_err(io::Error::other)?;
        let http = tower::ServiceBuilder::new().layer(health);
        let places = usize::try_from(limits.connections).unwrap_or(usize::MAX).saturating_add(SPARE);
        Ok(Self {
            methods,
            limits,
            service: Server::builder().set_config(config).set_http_middleware(http).to_service_builder(),
            free: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            unfinished: Arc::default(),
            stop,
        })
    }

    /// Takes connections until the server is stopped.
    pub(super) async fn listen(self, listener: TcpListener) {
        let mut refused = false;
        loop {
            let next = async {
                let place = Arc::clone(&self.free).acquire_owned().await;
                (place, listener.accept().await)
            };
            let (place, taken) = tokio::select! {
                next = next => next,
                () = self.stop.clone().shutdown() => return,
            };
            match taken {
                Ok((stream, _)) => {
                    refused = false;
                    let serving = self.clone();
                    tokio::spawn(async move {
                        serving.converse(stream).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    if !std::mem::replace(&mut refused, true) {
                        tracing::warn!(
                            %error,
                            "connections cannot be taken for now; when file descriptors are short, raise `ulimit -n` or \
                             lower --max-connections"
                        );
                    }
                    tokio::time::sleep(BACK_OFF).await;
                }
            }
        }
    }

    /// Answers the requests of a connection until it ends, or the server is stopped.
    async fn converse(self, stream: TcpStream) {
        let stop = self.stop.clone();
        // Small messages go out at once; where that cannot be had they come later.
        let _ = stream.set_nodelay(true);
        let meter = Meter::new();
        let of_requests = Arc::clone(&meter);
        let service = hyper::service::service_fn(move |request| {
            self.clone().respond(request, Arc::clone(&of_requests))
        });
        let mut http = hyper::server::conn::http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN);
        let connection =
            http.serve_connection(TokioIo::new(Metered::new(stream, meter)), service).with_upgrades();
        tokio::select! {
            ended = connection => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                }
            }
            () = stop.shutdown() => {}
        }
    }

    async fn respond(self, request: Request<Incoming>, meter: Arc<Meter>) -> Result<HttpResponse, BoxError> {
        // A WebSocket begins as a request too.
        if let Err(denied) = self.limits.access.check(request.uri(), request.headers()) {
            tracing::warn!(%denied, "a request is refused");
            return Ok(refusal(StatusCode::FORBIDDEN, &denied.to_string()));
        }
        let rpc = RpcServiceBuilder::new().layer(ActivityLayer::new(meter));
        let service = self.service.clone().set_rpc_middleware(rpc);
        let mut service = service.build(self.methods.clone(), self.stop.clone());
        let (parts, body) = request.into_parts();
        let announced = body.size_hint().lower();
        let upgrade = parts.headers.contains_key(hyper::header::UPGRADE);
        // A body that is announced as too large is refused unread.
        if upgrade || body.is_end_stream() || announced > self.limits.request_bytes.into() {
            return service.call(Request::from_parts(parts, HttpBody::new(body))).await;
        }
        match tokio::time::timeout(BODY_WITHIN, self.whole(body)).await {
            Ok(Ok(bytes)) => service.call(Request::from_parts(parts, HttpBody::from(bytes))).await,
            Ok(Err(refusal)) => Ok(refusal),
            Err(_) => Ok(refusal(
                StatusCode::REQUEST_TIMEOUT,
                "the body of the request did not come within 30 seconds",
            )),
        }
    }

    /// The bytes of a body, once all are there.
    async fn whole(&self, mut body: Incoming) -> Result<Vec<u8>, HttpResponse> {
        let most = usize::try_from(self.limits.request_bytes).unwrap_or(usize::MAX);
        let mut held = Held { total: &self.unfinished, bytes: 0 };
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| {
                refusal(StatusCode::BAD_REQUEST, &format!("the body ends early: {error}"))
            })?;
            let Some(data) = frame.data_ref() else { continue };
            if whole.len().saturating_add(data.len()) > most {
                return Err(refusal(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    &format!("a request has at most {most} bytes: see --max-request"),
                ));
            }
            if !held.more(data.len()) {
                return Err(refusal(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "too many requests of which only a part has come; try again",
                ));
            }
            whole.extend_from_slice(data);
        }
        Ok(whole)
    }
}

/// Bytes of a body that is not whole yet.
struct Held<'a> {
    total: &'a AtomicUsize,
    bytes: usize,
}

impl Held<'_> {
    /// Whether there is room for so many more.
    fn more(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        self.total.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) <= UNFINISHED_MAX
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.total.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// A refusal in words, after which the connection ends.
fn refusal(status: StatusCode, why: &str) -> HttpResponse {
    let mut response = HttpResponse::new(HttpBody::from(format!("{why}\n")));
    *response.status_mut() = status;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
