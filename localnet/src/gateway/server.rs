//! The port on which the cast's miners are asked.

use super::{BODY_MAX, Inner, JSON_MAX, axon, btauth};
use crate::json::memory_of;
use crate::pace::unix_ns;
use actors::message::{Answer, Payload};
use axon::Refusal;
use chain::account::AccountId;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value as Json;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Connections at a time: more than questions may wait, so that who asks one too many is told so.
const CONNECTIONS_MAX: usize = super::WAITING_MAX + 64;
/// How long a request may take to say its headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// How long the rest of a request may take.
const BODY_WITHIN: Duration = Duration::from_secs(30);
/// Shortest and longest wait after a connection could not be accepted.
const BACKOFF_MIN: Duration = Duration::from_millis(10);
const BACKOFF_MAX: Duration = Duration::from_secs(1);
/// How long an answer is waited for when the request does not say, or says more than the maximum.
const TIMEOUT_DEFAULT_S: f64 = 12.0;
const TIMEOUT_MAX_S: f64 = 120.0;

/// Takes connections until the runtime ends.
pub(super) async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    let free = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut backoff = Backoff::default();
    loop {
        let Ok(permit) = Arc::clone(&free).acquire_owned().await else { return };
        let (stream, _) = match listener.accept().await {
            Ok(connection) => connection,
            Err(error) => {
                backoff.failed(&error).await;
                continue;
            }
        };
        backoff.succeeded();
        let inner = Arc::clone(&inner);
        tokio::spawn(async move {
            converse(stream, inner).await;
            drop(permit);
        });
    }
}

/// Waiting while no connection can be accepted, out of file descriptors say: others have to end first.
#[derive(Debug, Default)]
struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Waits before the next try, each time twice as long; only the first failure of a row is a warning.
    async fn failed(&mut self, error: &std::io::Error) {
        if self.failures == 0 {
            tracing::warn!(%error, "no connection from outside can be accepted until others end");
        }
        let wait = BACKOFF_MIN.saturating_mul(1_u32.checked_shl(self.failures).unwrap_or(u32::MAX));
        self.failures = self.failures.saturating_add(1);
        tokio::time::sleep(wait.min(BACKOFF_MAX)).await;
    }
    fn succeeded(&mut self) {
        if self.failures > 0 {
            tracing::info!(failures = self.failures, "connections from outside are accepted again");
        }
        self.failures = 0;
    }
}

async fn converse(stream: TcpStream, inner: Arc<Inner>) {
    let service = hyper::service::service_fn(move |request| {
        let inner = Arc::clone(&inner);
        async move { Ok::<_, Infallible>(respond(inner, request).await) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN);
    if let Err(error) = http.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a connection from outside ended early");
    }
}

async fn respond(inner: Arc<Inner>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let began = unix_ns();
    let (parts, body) = request.into_parts();
    if let Err(denied) = inner.access.check(&parts.uri, &parts.headers) {
        return refused(&Refusal::new(403, denied.to_string()), None, began, true);
    }
    let signed_http = btauth::speaks(&parts.headers);
    let collected = tokio::time::timeout(BODY_WITHIN, Limited::new(body, BODY_MAX).collect()).await;
    let body = match collected {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) => {
            let (code, why) = match error.downcast_ref::<http_body_util::LengthLimitError>() {
                Some(_) => (413, format!("a request has at most {BODY_MAX} bytes")),
                None => (400, "the body ends early".to_owned()),
            };
            return refused(&Refusal::new(code, why), None, began, signed_http);
        }
        Err(_) => return refused(&Refusal::new(408, "the body did not come"), None, began, signed_http),
    };
    if memory_of(&body) > JSON_MAX {
        return refused(&Refusal::new(413, "the body holds too many values"), None, began, signed_http);
    }
    let (method, headers) = (parts.method.as_str(), &parts.headers);
    if signed_http {
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let raw = btauth::Raw { method, target, headers, body: &body };
        return match btauth::admit(&inner, raw, began) {
            Ok(admitted) => {
                let (from, miner, task) = (admitted.from, admitted.miner, admitted.task.clone());
                match answer(&inner, from, miner, task, None).await {
                    Ok(answer) => json(200, &btauth::filled(&admitted, &answer), Vec::new()),
                    Err(refusal) => refused(&refusal, None, began, true),
                }
            }
            Err(refusal) => refused(&refusal, None, began, true),
        };
    }
    let raw = axon::Raw { method, path: parts.uri.path(), headers, body: &body };
    match axon::admit(&inner, raw, began) {
        Ok(admitted) => {
            let (from, miner, timeout) = (admitted.from, admitted.miner, admitted.head.timeout);
            let answered = match admitted.task.clone() {
                Some(task) => answer(&inner, from, miner, task, timeout).await.map(Some),
                None => Ok(None),
            };
            match answered {
                Ok(answer) => {
                    let took = seconds_since(began);
                    let headers = axon::headers(Some(&admitted.head), 200, "Success", took);
                    json(200, &axon::filled(&admitted, answer.as_ref(), took), headers)
                }
                Err(refusal) => refused(&refusal, Some(&admitted.head), began, false),
            }
        }
        Err(refusal) => refused(&refusal, None, began, false),
    }
}

/// Lets a question into the next block and waits for what comes of it, a little shorter than the asker does.
async fn answer(
    inner: &Arc<Inner>,
    from: AccountId,
    miner: AccountId,
    task: Payload,
    timeout: Option<f64>,
) -> Result<Answer, Refusal> {
    let timeout = timeout.filter(|timeout| timeout.is_finite()).unwrap_or(TIMEOUT_DEFAULT_S);
    let timeout = timeout.clamp(0.0, TIMEOUT_MAX_S);
    let Some((waiting, receiver)) = inner.question(from, miner, task) else {
        return Err(Refusal::new(503, "too many questions wait for a block"));
    };
    let patience = Duration::from_secs_f64(timeout - (timeout / 10.0).min(0.5));
    let outcome = tokio::time::timeout(patience, receiver).await;
    drop(waiting);
    match outcome {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) => Err(Refusal::new(503, "the node is ending")),
        Err(_) => Err(Refusal::new(408, format!("Response timeout after: {timeout:?}s"))),
    }
}

fn seconds_since(began_ns: u64) -> f64 {
    unix_ns().saturating_sub(began_ns) as f64 / 1e9
}

fn refused(refusal: &Refusal, head: Option<&axon::Head>, began: u64, plain: bool) -> Response<Full<Bytes>> {
    // A refusal in the words of the framework below the real axon has no headers of the axon.
    let headers = match plain || refusal.message.is_empty() {
        true => Vec::new(),
        false => axon::headers(head, refusal.code, &refusal.message, seconds_since(began)),
    };
    json(refusal.code, &refusal.body, headers)
}

fn json(code: u16, body: &Json, headers: Vec<(String, String)>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
