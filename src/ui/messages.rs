//! The words that the widget says. They come from a message file, with the
//! host's overrides laid over it, and never stand in the code.

use js_sys::{JsString, Reflect};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;

/// The messages of one language.
#[derive(Clone)]
pub struct Messages(SendWrapper<JsValue>);

impl Messages {
    /// Takes an object of key and text.
    pub fn new(object: JsValue) -> Self {
        Self(SendWrapper::new(object))
    }

    /// A text. A key that is missing shows as itself: visible in every test,
    /// and still better than a page that breaks.
    pub fn get(&self, key: &str) -> String {
        self.own(key).unwrap_or_else(|| key.into())
    }

    fn own(&self, key: &str) -> Option<String> {
        Reflect::get(&self.0, &key.into()).ok().and_then(|it| it.as_string())
    }

    /// A text with its placeholder `{name}` filled in.
    pub fn with(&self, key: &str, name: &str, value: &str) -> String {
        Self::fill(&self.get(key), name, value)
    }

    /// The same for a text that has a second placeholder.
    pub fn fill(text: &str, name: &str, value: &str) -> String {
        // JavaScript's own search: that of Rust for texts is a kilobyte.
        JsString::from(text).split(&["{", name, "}"].concat()).join(value).into()
    }

    /// A text about a number of things: `KEYOne` or `KEYMany` with `{n}`, but
    /// in a language with other forms what it says itself of `KEY` and the number.
    pub fn count(&self, key: &str, n: usize) -> String {
        let n = n.to_string();
        let worded = self.own(&[key, &n].concat());
        worded.unwrap_or_else(|| self.with(&[key, if n == "1" { "One" } else { "Many" }].concat(), "n", &n))
    }
}
