//! The boundary to JavaScript: what `widget.js` calls, and what it is told.
//!
//! Values come in through typed getters and go out as plain objects. Exported
//! structs take `&self`: a host may call back into them from an event.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use js_sys::Function;
use leptos::mount::mount_to;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::index::{self, Index};
use crate::search::{self, Scope};
use crate::session::{self, Effect, Event};
use crate::ui::{self, Context, Help, HelpProps, Messages, Options as UiOptions, Request};

/// Half the size of the standard one, and faster.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[wasm_bindgen]
extern "C" {
    /// What `widget.js` hands over when it makes a session.
    pub type Options;

    #[wasm_bindgen(method, getter)]
    fn base(this: &Options) -> String;
    #[wasm_bindgen(method, getter)]
    fn tell(this: &Options) -> Function;
    #[wasm_bindgen(method, getter)]
    fn copy(this: &Options) -> Function;
    #[wasm_bindgen(method, getter)]
    fn print(this: &Options) -> Function;
}

/// An open knowledge base. Instances of the element share it.
#[wasm_bindgen]
pub struct Knowledge(Arc<Index>);

#[wasm_bindgen]
impl Knowledge {
    /// Opens compiled bytes. Throws an `Error` whose name is the code of the
    /// element's contract (`kb-corrupt`, `kb-version`).
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: Vec<u8>) -> Result<Knowledge, js_sys::Error> {
        Index::open(bytes).map(|it| Self(Arc::new(it))).map_err(|it| thrown(&it))
    }

    /// Number of entries.
    #[wasm_bindgen(getter)]
    pub fn entries(&self) -> u32 {
        self.0.n_entries()
    }

    /// Ids of the areas, in display order.
    #[wasm_bindgen(getter)]
    pub fn areas(&self) -> Vec<String> {
        self.0.areas().iter().map(|it| it.id.clone()).collect()
    }

    /// Language of the texts.
    #[wasm_bindgen(getter)]
    pub fn lang(&self) -> String {
        self.0.lang().into()
    }
}

/// One person's session and, while it is mounted, its interface.
#[wasm_bindgen]
pub struct Session {
    context: Context,
    mounted: Cell<Option<Box<dyn std::any::Any>>>,
    /// What the host set, for areas that are not ids.
    areas: RefCell<Vec<usize>>,
}

#[wasm_bindgen]
impl Session {
    /// A session that nobody sees yet.
    #[wasm_bindgen(constructor)]
    pub fn new(knowledge: &Knowledge, options: &Options) -> Self {
        let tell = options.tell();
        let tell = move |index: &Index, effect: Effect| {
            let name = effect.name();
            // What a listener throws is the page's and was reported there.
            let told = tell.call2(&JsValue::NULL, &name.into(), &detail(index, &effect));
            told.map_or(true, |it| it != JsValue::FALSE)
        };
        let (copy, print) = (options.copy(), options.print());
        let ask = move |what: Request, text: &str| {
            let function = if what == Request::Copy { &copy } else { &print };
            let _ = function.call1(&JsValue::NULL, &text.into());
        };
        let options = UiOptions { base: options.base(), tell: Box::new(tell), ask: Box::new(ask) };
        Self {
            context: Context::new(knowledge.0.clone(), options),
            mounted: Cell::new(None),
            areas: RefCell::default(),
        }
    }

    /// Sets the words, an object of key and text, and the level of headings.
    /// What is shown is to be mounted again.
    pub fn configure(&self, messages: JsValue, heading_level: u8) {
        self.context.configure(Messages::new(messages), heading_level.clamp(1, 6));
    }

    /// Shows the interface in an element that holds the search field.
    pub fn mount(&self, parent: HtmlElement, input: HtmlInputElement) {
        let context = self.context;
        let handle = mount_to(parent, move || Help(HelpProps { context, input }));
        self.mounted.set(Some(Box::new(handle)));
        self.context.resume();
    }

    /// Takes the interface away; the session goes on.
    pub fn unmount(&self) {
        self.context.suspend();
        drop(self.mounted.take());
    }

    /// Sets the query.
    #[wasm_bindgen(js_name = setQuery)]
    pub fn set_query(&self, query: String) {
        self.context.dispatch(Event::QuerySet(query));
    }

    /// Takes over what was typed before there was a session.
    pub fn typed(&self, query: String) {
        self.context.dispatch(Event::Typed(query));
    }

    /// A key was pressed in the field that is more than a character: down leads
    /// into the answers, Escape clears.
    pub fn pressed(&self, event: &web_sys::Event) {
        ui::pressed_in_field(self.context, event);
    }

    /// Sets the area; the empty string for all. Whether there is such an area here.
    #[wasm_bindgen(js_name = setArea)]
    pub fn set_area(&self, id: &str) -> bool {
        let area = self.context.index().area(id);
        self.context.dispatch(Event::AreaSet(area));
        let areas = self.areas.borrow();
        id.is_empty() || area.is_some_and(|it| areas.is_empty() || areas.contains(&it))
    }

    /// Sets which areas exist here. The ids that are not areas.
    #[wasm_bindgen(js_name = setAreas)]
    pub fn set_areas(&self, ids: Vec<String>) -> Vec<String> {
        let index = self.context.index();
        let (known, unknown): (Vec<String>, Vec<String>) = ids.into_iter().partition(|it| index.area(it).is_some());
        let areas: Vec<usize> = known.iter().filter_map(|it| index.area(it)).collect();
        self.areas.borrow_mut().clone_from(&areas);
        self.context.dispatch(Event::AreasSet(areas));
        unknown
    }

    /// Opens an entry, or with the empty string closes the open one. Whether there is such an entry here.
    #[wasm_bindgen(js_name = setEntry)]
    pub fn set_entry(&self, id: &str) -> bool {
        let doc = self.find(id);
        let is_known = doc.is_some() || id.is_empty();
        if is_known {
            self.context.dispatch(Event::EntrySet(doc));
        }
        is_known
    }

    /// Opens the entry that was offered for a text on the page, if it is here:
    /// as if the person had asked with that text.
    #[wasm_bindgen(js_name = takeSuggestion)]
    pub fn take_suggestion(&self, id: &str, query: String) {
        if let Some(doc) = self.find(id) {
            self.context.dispatch(Event::SuggestionTaken { doc, query });
        }
    }

    /// Brings the file that a `block-wanted` asked for; no bytes where it could
    /// not be had. Throws as [`Knowledge::new`] does.
    #[wasm_bindgen(js_name = addBlock)]
    pub fn add_block(&self, file: String, bytes: Option<Vec<u8>>) -> Result<(), js_sys::Error> {
        let added = bytes.map_or(Ok(()), |it| self.context.index().add_block(it));
        // What came may be another file than was asked for: the session looks whether the steps are there.
        self.context.dispatch(Event::BlockEnded { file });
        self.context.show_arrival();
        added.map_err(|it| thrown(&it))
    }

    /// Goes where a link to this page leads: an entry, the empty string for
    /// none, and a step from 1, 0 for none.
    pub fn route(&self, id: String, step: usize) {
        self.context.dispatch(Event::Routed { id, step: Some(step).filter(|it| *it > 0) });
    }

    /// What is worth remembering, as a text; empty where there is nothing.
    pub fn progress(&self) -> String {
        self.context.progress()
    }

    /// Takes up what was remembered. What cannot be read is left out.
    pub fn restore(&self, progress: String) {
        self.context.dispatch(Event::Restored(progress));
        self.context.resume();
    }

    /// Lays the host's words over those of a contact.
    #[wasm_bindgen(js_name = setContact)]
    pub fn set_contact(&self, id: &str, label: Option<String>, href: Option<String>, text: Option<String>) {
        self.context.set_contact(id, label, href, text);
    }

    /// What the host adds to a hand-over: a line each.
    #[wasm_bindgen(js_name = setContext)]
    pub fn set_context(&self, lines: String) {
        self.context.set_host_context(lines);
    }

    /// What became of a text that was to be copied.
    pub fn copied(&self, text: String, is_copied: bool) {
        self.context.copied(text, is_copied);
    }

    /// Starts over.
    pub fn reset(&self) {
        self.context.dispatch(Event::Reset);
    }

    /// Searches without showing anything: an array of hits, see the element's
    /// contract. Undefined where there is no such area here; the empty string for all.
    pub fn search(&self, query: &str, area: &str, limit: usize) -> JsValue {
        let index = self.context.index();
        let areas = self.areas.borrow();
        let chosen = index.area(area).filter(|it| areas.is_empty() || areas.contains(it));
        if chosen.is_none() && !area.is_empty() {
            return JsValue::UNDEFINED;
        }
        let found = search::run(&index, query, Scope { area: chosen, areas: &areas });
        to_js(&search::answers(&index, &found, limit))
    }

    /// The one entry that a text is clearly about; undefined where there is none.
    pub fn suggest(&self, text: &str) -> JsValue {
        let index = self.context.index();
        let found = search::run(&index, text, Scope { area: None, areas: &self.areas.borrow() });
        let clear = search::answers(&index, &found, usize::from(found.is_clear));
        clear.first().map_or(JsValue::UNDEFINED, to_js)
    }
}

impl Session {
    /// An entry, if it is here.
    fn find(&self, id: &str) -> Option<u32> {
        let index = self.context.index();
        let areas = self.areas.borrow();
        index.find(id).filter(|it| areas.is_empty() || areas.contains(&index.area_of(*it)))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Its interface first: that reads the session to the last.
        drop(self.mounted.take());
        self.context.close();
    }
}

fn thrown(error: &index::Error) -> js_sys::Error {
    let thrown = js_sys::Error::new(&error.to_string());
    thrown.set_name(error.code().as_str());
    thrown
}

/// The details of an event: areas and entries by id.
#[derive(Serialize)]
#[serde(untagged)]
enum Detail<'a> {
    Search { query: &'a str, area: Option<&'a str>, count: usize },
    NoMatch { query: &'a str, area: Option<&'a str> },
    Announced { count: usize },
    EntryOpened { id: String, from: &'a str },
    BlockWanted { file: &'a str },
    StepDone { id: String, step: usize, steps: usize },
    Ended { id: String, steps: usize, seconds: u32 },
    Escalated { contact: Option<&'a str>, id: Option<String>, query: &'a str, summary: &'a str },
    Moved { id: Option<String>, step: usize, new: bool },
    Unknown { id: &'a str },
    Nothing {},
}

fn detail(index: &Index, effect: &Effect) -> JsValue {
    let entry = |doc: u32| index.summary(doc).id;
    let id = |area: &Option<usize>| area.map(|it| index.areas()[it].id.as_str());
    to_js(&match effect {
        Effect::Searched { query, area, count } => Detail::Search { query, area: id(area), count: *count },
        Effect::NoMatch { query, area } => Detail::NoMatch { query, area: id(area) },
        Effect::Announced { count } => Detail::Announced { count: *count },
        Effect::BlockWanted { file } => Detail::BlockWanted { file },
        Effect::EntryOpened { doc, from } => Detail::EntryOpened { id: entry(*doc), from: from.as_str() },
        Effect::StepDone { doc, step } => {
            Detail::StepDone { id: entry(*doc), step: step + 1, steps: session::n_steps(index, *doc) }
        }
        Effect::Ended { doc, steps, seconds, .. } => {
            Detail::Ended { id: entry(*doc), steps: *steps, seconds: *seconds }
        }
        Effect::Escalated { contact, doc, query, summary } => {
            let contact = contact.and_then(|it| index.contacts().get(it)).map(|it| it.id.as_str());
            Detail::Escalated { contact, id: doc.map(entry), query, summary }
        }
        Effect::Moved { doc, step, is_new } => Detail::Moved { id: doc.map(entry), step: step + 1, new: *is_new },
        Effect::UnknownEntry { id } => Detail::Unknown { id },
        Effect::WaitOver { .. } | Effect::Progressed => Detail::Nothing {},
    })
}

fn to_js(value: &impl Serialize) -> JsValue {
    // Absent values become null, as JSON has them.
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}
