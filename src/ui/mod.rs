//! The widget's interface: Leptos components over the session, and all the
//! words that a person sees.
//!
//! Components take data and callbacks and hold no rules: what happens is
//! decided in `session`, what fits is decided in `search`. Nothing here knows
//! the custom element or its events.

#![expect(clippy::needless_pass_by_value, reason = "elements move into their parents and properties into components")]

mod areas;
mod dom;
mod entry;
mod messages;
mod results;
mod way_on;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use gloo::timers::callback::Timeout;
use leptos::prelude::{ArcMemo, ArcRwSignal, Get, GetUntracked, IntoView, Set, Update, With, component};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

use crate::index::{Index, text};
use crate::search::{Found, Highlighter};
use crate::session::{self, Effect, Event, State};
use dom::{View, el, listen};
pub use messages::Messages;

/// How long nobody must type before a search is reported and announced, in
/// milliseconds. Shorter reports half-typed words and talks over people who
/// type slowly; longer misses those who read and leave.
const PAUSE_MS: u32 = 600;

/// Told of what the person did.
pub type Tell = Box<dyn Fn(&Index, Effect)>;

/// What stays the same as long as a widget is mounted, and its session.
#[derive(Clone)]
pub struct Context(Rc<Inner>);

struct Inner {
    index: Arc<Index>,
    messages: Messages,
    /// Level of the headings of entries, 1 to 6.
    heading_level: u8,
    /// Where pictures are: the folder of the knowledge base, with a slash.
    base: String,
    state: ArcRwSignal<State>,
    /// The number of answers, said aloud after a pause.
    announcement: ArcRwSignal<String>,
    /// Counts the blocks that arrived: what waits for one looks again.
    blocks: ArcRwSignal<u32>,
    pause: RefCell<Option<Timeout>>,
    tell: Tell,
}

/// What a widget is made with.
pub struct Options {
    /// The words.
    pub messages: Messages,
    /// Level of the headings of entries, 1 to 6.
    pub heading_level: u8,
    /// The folder of the knowledge base, with a slash at its end.
    pub base: String,
    /// Told of what the person did.
    pub tell: Tell,
}

impl Context {
    /// A new session over a knowledge base.
    pub fn new(index: Arc<Index>, options: Options) -> Self {
        Self(Rc::new(Inner {
            index,
            messages: options.messages,
            heading_level: options.heading_level,
            base: options.base,
            tell: options.tell,
            state: ArcRwSignal::new(State::default()),
            announcement: ArcRwSignal::new(String::new()),
            blocks: ArcRwSignal::new(0),
            pause: RefCell::new(None),
        }))
    }

    /// The knowledge base.
    pub fn index(&self) -> &Arc<Index> {
        &self.0.index
    }

    /// Lets something happen: the one way in which the state changes.
    pub fn dispatch(&self, event: Event) {
        let (next, effects) = session::step(&self.0.index, &self.0.state.get_untracked(), event);
        let (awaits_pause, query) = (next.awaits_pause(), next.query.clone());
        self.0.state.set(next);
        for it in effects {
            match it {
                // Once only, and not while they type: then a screen reader reads the keys.
                Effect::Announced { count } => {
                    self.0.announcement.set(results::count_text(&self.0.messages, count, &query));
                }
                it => (self.0.tell)(&self.0.index, it),
            }
        }
        if awaits_pause {
            let context = Rc::downgrade(&self.0);
            let paused = move || {
                if let Some(inner) = context.upgrade() {
                    Self(inner).dispatch(Event::Paused);
                }
            };
            *self.0.pause.borrow_mut() = Some(Timeout::new(PAUSE_MS, paused));
        }
    }

    /// Forgets a pause that is being waited for: nobody is there any more.
    pub fn suspend(&self) {
        self.0.pause.borrow_mut().take();
    }

    fn state(&self) -> &ArcRwSignal<State> {
        &self.0.state
    }

    fn messages(&self) -> &Messages {
        &self.0.messages
    }

    /// Looks again at what waited for a block of resolutions.
    pub fn show_block(&self) {
        self.0.blocks.update(|it| *it += 1);
    }

    /// Where the words that a search matched stand in the plain form of a text.
    fn marks(&self, rich: &str, highlighter: &Highlighter) -> Vec<Range<usize>> {
        highlighter.marks(self.0.index.folding(), &text::plain(rich))
    }
}

/// What a component reads: derived from the state, computed once.
#[derive(Clone)]
struct Derived {
    /// What fits the query in the chosen area.
    found: ArcMemo<Found>,
    /// How many entries of each area fit the query, by area.
    counts: ArcMemo<Vec<usize>>,
    /// The entry that is open.
    open: ArcMemo<Option<u32>>,
}

/// The whole widget below its search field, which the element made before any
/// of this was loaded: it keeps its text and its focus.
#[component]
pub fn Help(
    /// The session and what it works on.
    context: Context,
    /// The search field.
    input: HtmlInputElement,
) -> impl IntoView {
    let derived = derive(&context);
    wire_input(&context, &input);
    let announcement = context.0.announcement.clone();
    let status = el("p", "hidden").attr("role", "status").bind_text(move || announcement.get());
    View::from(
        el("div", "body")
            .attr("lang", context.index().lang())
            .child(areas::areas(&context, &derived))
            .child(results::status(&context, &derived))
            .child(status)
            .child(results::elsewhere(&context, &derived))
            .child(results::results(&context, &derived))
            .child(way_on::way_on(&context, &derived)),
    )
}

fn derive(context: &Context) -> Derived {
    let (state, index) = (context.state().clone(), context.index().clone());
    let asked = ArcMemo::new(move |_| state.with(|it| (it.query.clone(), it.area, it.areas.clone())));
    let as_state = {
        let asked = asked.clone();
        move |in_area: bool| {
            let (query, area, areas) = asked.get();
            State { query, area: area.filter(|_| in_area), areas, ..State::default() }
        }
    };
    let found = ArcMemo::new({
        let (as_state, index) = (as_state.clone(), index.clone());
        move |_| as_state(true).found(&index)
    });
    let counts = ArcMemo::new(move |_| {
        let mut counts = vec![0; index.areas().len()];
        for hit in as_state(false).found(&index).hits {
            counts[index.area_of(hit.doc)] += 1;
        }
        counts
    });
    let state = context.state().clone();
    Derived { found, counts, open: ArcMemo::new(move |_| state.with(|it| it.open)) }
}

/// The field shows the query and reports what is typed; down leads into the
/// answers, Escape clears.
fn wire_input(context: &Context, input: &HtmlInputElement) {
    let state = context.state().clone();
    let query = ArcMemo::new(move |_| state.with(|it| it.query.clone()));
    let field = input.clone();
    dom::effect(move || {
        let query = query.get();
        // Setting the same value would move the caret.
        if field.value() != query {
            field.set_value(&query);
        }
    });
    let (typed, field) = (context.clone(), input.clone());
    listen(input, "input", move |_| typed.dispatch(Event::Typed(field.value())));
    let (context, field) = (context.clone(), input.clone());
    listen(input, "keydown", move |event| match key(event).as_str() {
        "Escape" if !field.value().is_empty() => {
            event.prevent_default();
            event.stop_propagation();
            context.dispatch(Event::Typed(String::new()));
        }
        "ArrowDown" => {
            if let Some(first) = dom::find(&field, ".toggle", 0) {
                event.prevent_default();
                dom::focus(&first);
            }
        }
        _ => {}
    });
}

fn key(event: &web_sys::Event) -> String {
    event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key).unwrap_or_default()
}
