//! Stands in for the crate of this name.
//!
//! Leptos links the client of its server functions into every page, and that
//! client links streams, whose exports no linker can leave out: nine kilobytes
//! after brotli, for pages that have no server. This is what the client names of
//! them, and none of it is ever called.

use futures_core::Stream;
use futures_util::stream::{self, Empty};
use wasm_bindgen::JsValue;

const NOBODY: &str = "there are no server functions here";

/// A stream of the page.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Never called.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// Never called.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        unreachable!("{NOBODY}")
    }

    /// Never called.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// Never called.
    pub fn into_stream(self) -> Empty<Result<JsValue, JsValue>> {
        stream::empty()
    }
}
