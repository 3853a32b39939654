//! A client of its own: JSON-RPC over WebSocket frames and HTTP, by hand, so that what stands on the wire is tested
//! and not what a library makes of it.

use serde_json::{Value as Json, json};
use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Nothing in these tests takes that long.
const PATIENCE: Duration = Duration::from_secs(120);

/// An error as it stands in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: i64,
    pub(crate) message: String,
    pub(crate) data: Json,
}

impl Refused {
    fn of(error: &Json) -> Self {
        Self {
            code: error["code"].as_i64().expect("an error has a code"),
            message: error["message"].as_str().expect("an error has a message").to_owned(),
            data: error["data"].clone(),
        }
    }
}

/// A WebSocket connection.
#[derive(Debug)]
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    last_id: u64,
    notes: VecDeque<Json>,
}

impl Client {
    #[track_caller]
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::try_connect(address).expect("the connection is taken")
    }

    /// The status of HTTP when the connection is refused.
    pub(crate) fn try_connect(address: SocketAddr) -> Result<Self, u16> {
        let hello = format!(
            "GET / HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        );
        Self::handshake(address, &hello)
    }

    /// The same with a handshake of the caller's.
    pub(crate) fn handshake(address: SocketAddr, hello: &str) -> Result<Self, u16> {
        let mut stream = open(address);
        stream.write_all(hello.as_bytes()).expect("the handshake is sent");
        let mut stream = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(
                stream.read_line(&mut head).expect("an answer to the handshake"),
                0,
                "it ends after {head:?}"
            );
        }
        match status(&head) {
            101 => {
                assert!(
                    head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                    "the answer to the key of RFC 6455: {head}"
                );
                Ok(Self { stream, last_id: 0, notes: VecDeque::new() })
            }
            other => Err(other),
        }
    }

    /// Sends one text frame.
    pub(crate) fn send(&mut self, text: &str) {
        self.frame(1, text.as_bytes());
    }

    fn frame(&mut self, opcode: u8, payload: &[u8]) {
        let mut frame = vec![0x80 | opcode];
        match payload.len() {
            short @ 0..=125 => frame.push(0x80 | short as u8),
            middle @ 126..=0xffff => {
                frame.push(0x80 | 126);
                frame.extend((middle as u16).to_be_bytes());
            }
            long => {
                frame.push(0x80 | 127);
                frame.extend((long as u64).to_be_bytes());
            }
        }
        // The mask of zeros leaves the payload as it is.
        frame.extend([0; 4]);
        frame.extend(payload);
        self.stream.get_mut().write_all(&frame).expect("the frame is sent");
    }

    /// The next message; `None` when the server has closed the connection.
    pub(crate) fn receive(&mut self) -> Option<Json> {
        let (mut message, mut pings) = (Vec::new(), 0);
        loop {
            let mut head = [0; 2];
            match self.stream.read_exact(&mut head) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    panic!("no message in {PATIENCE:?}")
                }
                Err(_) => return None,
            }
            let [first, second] = head;
            let length = match second & 0x7f {
                126 => u64::from(u16::from_be_bytes(self.exactly())),
                127 => u64::from_be_bytes(self.exactly()),
                short => short.into(),
            };
            assert_eq!(second & 0x80, 0, "a server does not mask");
            let mut payload = vec![0; usize::try_from(length).expect("a length")];
            self.stream.read_exact(&mut payload).expect("the rest of the frame");
            match first & 0x0f {
                8 => return None,
                9 => {
                    // They come every half minute, so that no read ever times out.
                    pings += 1;
                    assert!(pings < 5, "pings and no message");
                    self.frame(10, &payload);
                }
                10 => {}
                _ => {
                    message.extend(payload);
                    if first & 0x80 != 0 {
                        return Some(serde_json::from_slice(&message).expect("messages are JSON"));
                    }
                }
            }
        }
    }

    fn exactly<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes).expect("the rest of the frame");
        bytes
    }

    /// Sends a text as it is and gives the next message that is no notification.
    pub(crate) fn say(&mut self, text: &str) -> Option<Json> {
        self.send(text);
        self.answer()
    }

    fn answer(&mut self) -> Option<Json> {
        loop {
            let message = self.receive()?;
            if message.get("method").is_none() {
                return Some(message);
            }
            self.notes.push_back(message);
        }
    }

    pub(crate) fn request(&mut self, method: &str, params: Json) -> Result<Json, Refused> {
        self.last_id += 1;
        let id = self.last_id;
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        let answer = self.say(&request.to_string()).expect("an answer, and no end of the connection");
        assert_eq!(answer["jsonrpc"], "2.0", "{answer}");
        assert_eq!(answer["id"], id, "{method}: {answer}");
        match answer.get("error") {
            Some(error) => Err(Refused::of(error)),
            None => Ok(answer.get("result").unwrap_or_else(|| panic!("{method}: {answer}")).clone()),
        }
    }

    /// The result of a call that has one.
    #[track_caller]
    pub(crate) fn ok(&mut self, method: &str, params: Json) -> Json {
        self.request(method, params.clone()).unwrap_or_else(|refused| panic!("{method}{params}: {refused:?}"))
    }

    /// The error of a call that has one.
    #[track_caller]
    pub(crate) fn refused(&mut self, method: &str, params: Json) -> Refused {
        match self.request(method, params.clone()) {
            Ok(result) => panic!("{method}{params} is not refused but gives {result}"),
            Err(refused) => refused,
        }
    }

    /// The text of a result that is text.
    #[track_caller]
    pub(crate) fn text(&mut self, method: &str, params: Json) -> String {
        let result = self.ok(method, params);
        result.as_str().unwrap_or_else(|| panic!("{method} gives {result}")).to_owned()
    }

    /// The next notification of a subscription.
    pub(crate) fn note(&mut self, subscription: &str) -> Json {
        let of = |message: &Json| message["params"]["subscription"] == subscription;
        if let Some(at) = self.notes.iter().position(of) {
            return self.notes.remove(at).expect("it is there")["params"]["result"].take();
        }
        loop {
            let mut message = self.receive().expect("a notification, and no end of the connection");
            if of(&message) {
                return message["params"]["result"].take();
            }
            self.notes.push_back(message);
        }
    }

    /// What has come unasked and was not read.
    pub(crate) fn unread(&self) -> usize {
        self.notes.len()
    }
}

fn open(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the port is open");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream.set_nodelay(true).expect("no delay");
    stream
}

fn status(head: &str) -> u16 {
    head.split_whitespace()
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or_else(|| panic!("no status in {head}"))
}

/// Posts a body and gives status and body of the answer.
pub(crate) fn post(address: SocketAddr, body: &str) -> (u16, String) {
    http(
        address,
        &format!(
            "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        ),
    )
}

/// Sends a request of HTTP that closes the connection, and gives status and body of the answer.
pub(crate) fn http(address: SocketAddr, request: &str) -> (u16, String) {
    let mut stream = open(address);
    stream.write_all(request.as_bytes()).expect("the request is sent");
    let mut text = String::new();
    // A server that refuses a body need not read it, and the reset can overtake the end of its answer.
    let _ = stream.read_to_string(&mut text);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head in {text:?}"));
    (status(head), body.to_owned())
}
