//! What a browser asks of `unstuck serve`, and what it is told. Knows no
//! network: whoever carries the two, the words are the same.

use serde::Deserialize;

/// A request for a page or a file.
#[derive(Deserialize)]
pub struct Asked {
    /// The name by which the browser knows this machine, and mostly the port.
    pub host: String,
    /// The path of the address, decoded.
    pub path: String,
    #[serde(default)]
    pub query: Query,
}

/// What may stand behind the question mark of an address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// What is searched for.
    pub q: String,
    pub audience: String,
    pub lang: String,
}

/// What a browser gets.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// Whether more of the body follows, at each new version.
    pub goes_on: bool,
}

impl Answer {
    /// A file of a kind, which may be another one the next time.
    pub fn file(kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", kind.to_owned()), ("cache-control", "no-store".to_owned())];
        Self { status: 200, headers, body: body.into(), goes_on: false }
    }

    /// Why there is no file.
    pub fn refusal(status: u16, reason: &str) -> Self {
        Self { status, ..Self::file("text/plain; charset=utf-8", reason) }
    }

    /// There is nothing at this address.
    pub fn nothing() -> Self {
        Self::refusal(404, "")
    }

    /// It is elsewhere.
    pub fn redirect(status: u16, to: impl Into<String>) -> Self {
        Self::refusal(status, "").with("location", to)
    }

    /// The same with one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// The kind of a file, by the ending of its name.
pub fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "avif" => "image/avif",
        _ => "application/octet-stream",
    }
}
