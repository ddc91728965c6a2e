//! The compiler in a page: what `compiler.js` calls. Files in, findings and
//! built files out; the JSON form in, an index out.
//!
//! Holds no rule of its own: what it gives is what the command line prints and
//! writes. Knows no page and no file system.

use std::cell::RefCell;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::index;
use crate::kb::{self, Audience, Book, Sources};

/// The files of a knowledge base.
#[wasm_bindgen]
#[derive(Default)]
pub struct Files(RefCell<Sources>);

#[wasm_bindgen]
impl Files {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one, by its path in the folder of the knowledge base.
    pub fn add(&self, path: String, bytes: Vec<u8>) {
        self.0.borrow_mut().add(path, bytes);
    }
}

/// A knowledge base that was read and checked.
#[wasm_bindgen]
pub struct Compiled(RefCell<Book>);

#[wasm_bindgen]
impl Compiled {
    /// Reads, and checks what a build needs.
    #[wasm_bindgen(constructor)]
    pub fn new(files: &Files) -> Self {
        let mut book = Book::read(&files.0.borrow());
        book.check();
        Self(book.into())
    }

    /// Checks the rest, which takes longer: then it has said what `unstuck check` says. Once.
    pub fn prove(&self) {
        self.0.borrow_mut().prove();
    }

    /// What there is to say: an array of what `unstuck check --format json` prints.
    #[wasm_bindgen(getter)]
    pub fn findings(&self) -> JsValue {
        let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
        self.0.borrow().diagnostics.serialize(&serializer).unwrap_or(JsValue::NULL)
    }

    /// Whether it can be built.
    #[wasm_bindgen(getter, js_name = isSound)]
    pub fn is_sound(&self) -> bool {
        let book = self.0.borrow();
        !book.has_errors() && !book.is_empty()
    }

    /// What there is to say of it where it has no entry, else nothing.
    #[wasm_bindgen(getter)]
    pub fn empty(&self) -> Option<String> {
        self.0.borrow().is_empty().then(|| kb::NO_ENTRY.into())
    }

    /// What it calls itself.
    #[wasm_bindgen(getter)]
    pub fn title(&self) -> String {
        self.0.borrow().title().into()
    }

    /// How many entries it has for all audiences together.
    #[wasm_bindgen(getter)]
    pub fn entries(&self) -> usize {
        self.0.borrow().places().count()
    }

    /// The languages that it is in; first its own.
    #[wasm_bindgen(getter)]
    pub fn languages(&self) -> Vec<String> {
        self.0.borrow().languages().map(String::from).collect()
    }

    /// The bytes that the element takes as `kbData`, with the pictures inside
    /// them; in its own language where it is not in this one.
    pub fn shown(&self, audience: &str, lang: &str) -> Vec<u8> {
        let book = self.0.borrow();
        let book = book.in_language(lang).unwrap_or(&book);
        index::write(&book.contents_with_pictures(audience_of(audience)))
    }

    /// The files that `unstuck build` writes, in the order in which they must be published.
    pub fn build(&self, audience: &str) -> Vec<File> {
        let files = self.0.borrow().build(audience_of(audience)).files;
        files.into_iter().map(|it| File { path: it.path, bytes: it.bytes }).collect()
    }
}

/// A file, by its path in the folder that it is for.
#[wasm_bindgen(getter_with_clone)]
pub struct File {
    /// With `/`.
    pub path: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// The knowledge base that `unstuck new` writes.
#[wasm_bindgen]
pub fn starter() -> Vec<File> {
    kb::STARTER.into_iter().map(|(path, text)| File { path: path.into(), bytes: text.into() }).collect()
}

/// Whether a knowledge base would be made of a file, by its path in the folder.
#[wasm_bindgen(js_name = isSource)]
pub fn is_source(path: &str) -> bool {
    kb::is_source(path)
}

/// The index of a knowledge base in its JSON form. Throws an `Error` whose name
/// is the code of the element's contract, and whose message names the place.
///
/// It comes as the text that `JSON.stringify` makes of it: what that takes is
/// what the form is, so that lists, prototypes, cycles and getters of a page's
/// own objects are the browser's business and not ours.
#[wasm_bindgen(js_name = indexOf)]
pub fn index_of(json: &str) -> Result<Vec<u8>, js_sys::Error> {
    kb::contents_of_json(json).map(|it| index::write(&it)).map_err(|it| {
        let thrown = js_sys::Error::new(&it.to_string());
        thrown.set_name(it.code().as_str());
        thrown
    })
}

/// The audience of a name; customers where there is none such, who may see least.
fn audience_of(name: &str) -> Audience {
    Audience::ALL.into_iter().find(|it| it.name() == name).unwrap_or_default()
}
