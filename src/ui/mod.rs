//! The widget's interface: Leptos components over the session, and all the
//! words that a person sees.
//!
//! Components take data and callbacks and hold no rules: what happens is
//! decided in `session`, what fits is decided in `search`. Nothing here knows
//! the custom element or its events.

#![expect(clippy::needless_pass_by_value, reason = "elements move into their parents and properties into components")]

mod areas;
mod checklist;
mod dom;
mod entry;
mod hand_over;
mod messages;
mod outcome;
mod results;
mod steps;
mod way_on;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use gloo::timers::callback::{Interval, Timeout};
use leptos::prelude::{ArcMemo, ArcRwSignal, Get, GetUntracked, IntoView, Set, Update, component};
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt};
use web_sys::HtmlInputElement;

use crate::index::{Contact, Index, text};
use crate::search::{Found, Highlighter};
use crate::session::{self, Effect, Event, State, Time, Work};
use dom::{El, View, el, focus_soon, listen, target};
pub use messages::Messages;

/// How long nobody must type before a search is reported and announced, in
/// milliseconds. Shorter reports half-typed words and talks over people who
/// type slowly; longer misses those who read and leave.
const PAUSE_MS: u32 = 600;

/// On a device that takes longer than this over the answers to a key, in
/// milliseconds of script, keys that follow each other within [`BURST_MS`] wait:
/// their answers are shown when the burst is over, and on the way after every
/// few keys. The layout and the painting that follow take two to three times as
/// long again, and typing must not wait for them.
const SLOW_MS: f64 = 3.0;

/// See [`SLOW_MS`].
const BURST_MS: u32 = 250;

/// How many keys of a burst may wait for their answers.
const KEYS_BEHIND: u32 = 5;

/// How often a countdown is brought up to date, in milliseconds.
const TICK_MS: u32 = 1_000;

/// Told of what the person did; whether the page leaves it to the widget.
pub type Tell = Box<dyn Fn(&Index, Effect) -> bool>;

/// What the widget asks of the page around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// To copy a text.
    Copy,
    /// To print what is open.
    Print,
}

/// Asked for what only a page can do.
pub type Ask = Box<dyn Fn(Request, &str)>;

/// Seconds since 1970.
#[expect(clippy::cast_sign_loss, reason = "a clock before 1970 is a clock at 1970")]
fn now() -> Time {
    (js_sys::Date::now() / 1000.0) as Time
}

/// A session and what it works on, as a number that every closure of the
/// interface can hold: closures that hold nothing else need no code for being
/// copied and dropped. It is good as long as the session is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context(usize);

thread_local! {
    /// The open sessions, by their numbers.
    static SESSIONS: RefCell<Vec<Option<Rc<Inner>>>> = const { RefCell::new(Vec::new()) };
}

struct Inner {
    index: Arc<Index>,
    /// The words, and the level of the headings of entries, 1 to 6.
    words: RefCell<(Messages, u8)>,
    /// Where pictures are: the folder of the knowledge base, with a slash.
    base: String,
    state: ArcRwSignal<Arc<State>>,
    /// The number of answers, said aloud after a pause.
    announcement: ArcRwSignal<String>,
    /// What became of what the person asked for.
    notice: ArcRwSignal<String>,
    /// Counts what came from outside, blocks of steps and the host's contacts:
    /// an open entry looks again.
    arrivals: ArcRwSignal<u32>,
    /// What time it is, as long as somebody waits for something.
    clock: ArcRwSignal<Time>,
    /// Which search the results are of.
    searches: ArcMemo<u64>,
    /// What fits the query and where, until it is another one.
    results: RefCell<Rc<Results>>,
    /// What was typed in a burst and is not searched for yet.
    typing: RefCell<Option<(Option<Timeout>, HtmlInputElement)>>,
    /// When the last key was pressed, and how many have waited since answers were shown.
    burst: Cell<(f64, u32)>,
    /// How long the script took over the last answers, in milliseconds.
    took: Cell<f64>,
    pause: RefCell<Option<Timeout>>,
    ticker: RefCell<Option<Interval>>,
    /// Whom to reach, with the host's words over those of the knowledge base.
    contacts: RefCell<Vec<Contact>>,
    /// What the host adds to a hand-over: a line each.
    host: RefCell<String>,
    tell: Tell,
    ask: Ask,
}

/// What a widget is made with.
pub struct Options {
    /// The folder of the knowledge base, with a slash at its end.
    pub base: String,
    /// Told of what the person did.
    pub tell: Tell,
    /// Asked for what only a page can do.
    pub ask: Ask,
}

impl Context {
    /// A new session over a knowledge base.
    pub fn new(index: Arc<Index>, options: Options) -> Self {
        let n = SESSIONS.with_borrow_mut(|it| {
            let free = it.iter().position(Option::is_none);
            free.unwrap_or_else(|| {
                it.push(None);
                it.len() - 1
            })
        });
        let state = ArcRwSignal::new(Arc::new(State::default()));
        let searches = key(&state, move |state| Self(n).found(state).n);
        let inner = Inner {
            contacts: RefCell::new(index.contacts().to_vec()),
            index,
            words: RefCell::new((Messages::new(JsValue::UNDEFINED), 2)),
            base: options.base,
            state,
            announcement: ArcRwSignal::new(String::new()),
            notice: ArcRwSignal::new(String::new()),
            arrivals: ArcRwSignal::new(0),
            clock: ArcRwSignal::new(now()),
            searches,
            results: RefCell::default(),
            typing: RefCell::default(),
            burst: Cell::default(),
            took: Cell::default(),
            pause: RefCell::default(),
            ticker: RefCell::default(),
            host: RefCell::default(),
            tell: options.tell,
            ask: options.ask,
        };
        SESSIONS.with_borrow_mut(|it| it[n] = Some(Rc::new(inner)));
        Self(n)
    }

    /// Ends the session. Its interface is gone by then.
    pub fn close(self) {
        let inner = SESSIONS.with_borrow_mut(|it| it.get_mut(self.0).and_then(Option::take));
        drop(inner);
    }

    fn get(self) -> Option<Rc<Inner>> {
        SESSIONS.with_borrow(|it| it.get(self.0).cloned().flatten())
    }

    fn inner(self) -> Rc<Inner> {
        self.get().expect_throw("a session is open as long as its interface is")
    }

    /// Sets the words, and the level of the headings of entries, 1 to 6.
    pub fn configure(self, messages: Messages, heading_level: u8) {
        *self.inner().words.borrow_mut() = (messages, heading_level);
    }

    /// Whether it is still the same session.
    fn is(self, inner: &Rc<Inner>) -> bool {
        self.get().is_some_and(|it| Rc::ptr_eq(&it, inner))
    }

    /// The knowledge base.
    pub fn index(self) -> Arc<Index> {
        self.inner().index.clone()
    }

    /// Lets something happen: the one way in which the state changes.
    pub fn dispatch(self, event: Event) {
        self.is_left_to_us(event);
    }

    /// The same; whether the page left all that followed to the widget.
    fn is_left_to_us(self, event: Event) -> bool {
        let inner = self.inner();
        // It came before this.
        self.catch_up();
        let (next, effects) = session::step(&inner.index, &self.peek(), event, now());
        let next = Arc::new(next);
        inner.state.set(next.clone());
        let mut is_ours = true;
        for it in effects {
            // A host that is told may well take the element away.
            if !self.is(&inner) {
                return is_ours;
            }
            match it {
                // Once only, and not while they type: then a screen reader reads the keys.
                Effect::Announced { count } => {
                    inner.announcement.set(results::count_text(self, count, &next.query));
                }
                Effect::WaitOver { doc } => {
                    let symptom = text::plain(&inner.index.summary(doc).symptom);
                    inner.announcement.set([&self.say("waitOver"), " ", &symptom].concat());
                }
                // A host that was told may have gone elsewhere.
                Effect::Moved { .. } if !Arc::ptr_eq(&next, &self.peek()) => {}
                it => is_ours &= (inner.tell)(&inner.index, it),
            }
        }
        if !self.is(&inner) {
            return is_ours;
        }
        let next = self.peek();
        self.tick(next.is_waiting());
        if next.awaits_pause() {
            let paused = move || self.dispatch(Event::Paused);
            *inner.pause.borrow_mut() = Some(Timeout::new(PAUSE_MS, paused));
        }
        is_ours
    }

    /// Takes in what the field holds: at once, or on a slow device a little later.
    fn typed(self, field: &HtmlInputElement) {
        let (inner, at) = (self.inner(), js_sys::Date::now());
        let (last, behind) = inner.burst.get();
        let waits = inner.took.get() > SLOW_MS && at - last < f64::from(BURST_MS) && behind < KEYS_BEHIND;
        inner.burst.set((at, if waits { behind + 1 } else { 0 }));
        // A timer only where one is needed: to make it and to end it is half of what a key that waits takes.
        let timer = waits.then(|| Timeout::new(BURST_MS, move || self.catch_up()));
        inner.typing.replace(Some((timer, field.clone())));
        if !waits {
            self.catch_up();
        }
    }

    /// Takes in what was typed and waits.
    fn catch_up(self) {
        let Some(inner) = self.get() else { return };
        if let Some((_, field)) = inner.typing.take() {
            let began = js_sys::Date::now();
            self.dispatch(Event::Typed(field.value()));
            // The interface is brought up to date by then.
            // A key that finds nothing is quick on any device.
            let took = move || inner.took.set((js_sys::Date::now() - began).max(inner.took.get() * 0.8));
            dom::soon(Box::new(took));
        }
    }

    /// Dispatches what a button says and moves the focus: the button goes away
    /// with what it stands in.
    fn go(self, event: &web_sys::Event, what: Event, focus: &'static str) -> bool {
        if let Some(button) = target(event).filter(|_| !focus.is_empty()) {
            focus_soon(&button, focus, 0);
        }
        self.is_left_to_us(what)
    }

    /// Lets the clock run as long as somebody waits, by the time of day: a
    /// computer that slept, or a page in the background, counts right again at
    /// once.
    fn tick(self, is_waiting: bool) {
        let inner = self.inner();
        if is_waiting != inner.ticker.borrow().is_some() {
            inner.clock.set(now());
            let second = move || {
                self.inner().clock.set(now());
                self.dispatch(Event::Ticked);
            };
            *inner.ticker.borrow_mut() = is_waiting.then(|| Interval::new(TICK_MS, second));
        }
    }

    fn ask(self, what: Request, text: &str) {
        if let Some(inner) = self.get() {
            // So that the same is said again.
            inner.notice.set(String::new());
            (inner.ask)(what, text);
        }
    }

    /// Says what became of what the person asked for.
    fn note(self, key: &str) {
        if let Some(inner) = self.get() {
            inner.notice.set(self.say(key));
        }
    }

    /// Says what became of a copy.
    pub fn copied(self, text: String, is_copied: bool) {
        self.note(if is_copied { "copied" } else { "notCopied" });
        if !is_copied {
            self.dispatch(Event::CopyFailed { text });
        }
    }

    /// Whom to reach.
    fn contact(self, at: usize) -> Contact {
        self.inner().contacts.borrow().get(at).cloned().unwrap_or_default()
    }

    /// Lays the host's words over a contact.
    pub fn set_contact(self, id: &str, label: Option<String>, href: Option<String>, text: Option<String>) {
        let inner = self.inner();
        let known = inner.index.contacts();
        let Some(at) = known.iter().position(|it| it.id == id) else { return };
        let mut new = known[at].clone();
        for (field, value) in [(&mut new.label, label), (&mut new.href, href), (&mut new.text, text)] {
            if let Some(it) = value {
                *field = it;
            }
        }
        let before = std::mem::replace(&mut inner.contacts.borrow_mut()[at], new.clone());
        if before != new {
            self.show_arrival();
        }
    }

    /// What the host adds to a hand-over: a line each.
    pub fn set_host_context(self, lines: String) {
        *self.inner().host.borrow_mut() = lines;
    }

    /// What is worth remembering, as a text.
    pub fn progress(self) -> String {
        self.peek().progress(&self.inner().index)
    }

    /// Forgets a pause that is being waited for: nobody is there any more.
    pub fn suspend(self) {
        self.catch_up();
        self.inner().pause.borrow_mut().take();
        self.tick(false);
    }

    /// Goes on with what is waited for.
    pub fn resume(self) {
        self.dispatch(Event::Ticked);
    }

    /// The state; whoever asks is brought up to date.
    fn state(self) -> Arc<State> {
        self.inner().state.get()
    }

    /// The state as it is now.
    fn peek(self) -> Arc<State> {
        self.inner().state.get_untracked()
    }

    /// See [`key`].
    fn key(self, of: impl Fn(&State) -> u64 + 'static) -> ArcMemo<u64> {
        key(&self.inner().state, of)
    }

    /// A message.
    fn say(self, key: &str) -> String {
        self.inner().words.borrow().0.get(key)
    }

    /// A message with its placeholder filled in.
    fn say_with(self, key: &str, name: &str, value: &str) -> String {
        self.inner().words.borrow().0.with(key, name, value)
    }

    /// A message about a number of things.
    fn say_count(self, key: &str, n: usize) -> String {
        self.inner().words.borrow().0.count(key, n)
    }

    /// The language of an entry, or of the knowledge base's own texts; empty
    /// where the words around them are in it too.
    fn lang(self, doc: Option<u32>) -> String {
        let index = self.index();
        let own = doc.map(|it| index.summary(it).lang).filter(|it| !it.is_empty());
        let lang = own.unwrap_or_else(|| index.lang().into());
        // Regions do not matter here.
        if lang.get(..2) == self.say("lang").get(..2) { String::new() } else { lang }
    }

    /// Looks again at what something arrived for.
    pub fn show_arrival(self) {
        self.inner().arrivals.update(|it| *it += 1);
    }

    /// The present results; whoever asks is brought up to date with the next.
    fn results(self) -> Rc<Results> {
        self.inner().searches.get();
        self.found(&self.peek())
    }

    /// What fits a state, searched for once.
    fn found(self, state: &State) -> Rc<Results> {
        let inner = self.inner();
        let mut known = inner.results.borrow_mut();
        let is_known =
            known.n > 0 && (known.area, &known.query, &known.areas) == (state.area, &state.query, &state.areas);
        if !is_known {
            let index = &inner.index;
            let anywhere = State { query: state.query.clone(), areas: state.areas.clone(), ..State::default() };
            let mut counts = vec![0; index.areas().len()];
            let everywhere = anywhere.found(index);
            for hit in &everywhere.hits {
                counts[index.area_of(hit.doc)] += 1;
            }
            // In all areas it is the same.
            let found = if state.area.is_none() { everywhere } else { state.found(index) };
            let State { query, areas, .. } = anywhere;
            *known = Rc::new(Results { n: known.n + 1, query, area: state.area, areas, found, counts });
        }
        known.clone()
    }

    /// Where the words that a search matched stand in the plain form of a text.
    fn marks(self, rich: &str, highlighter: &Highlighter) -> Vec<Range<usize>> {
        highlighter.marks(self.inner().index.folding(), &text::plain(rich))
    }
}

/// A number that stands for something about the state: what reads it is
/// brought up to date only when that changes. All memos are of this one type,
/// as each type has kilobytes of machine code of its own.
fn key(state: &ArcRwSignal<Arc<State>>, of: impl Fn(&State) -> u64 + 'static) -> ArcMemo<u64> {
    fn boxed(state: ArcRwSignal<Arc<State>>, of: Box<dyn Fn(&State) -> u64>) -> ArcMemo<u64> {
        let of = SendWrapper::new(of);
        ArcMemo::new(move |_| of(&state.get()))
    }
    boxed(state.clone(), Box::new(of))
}

/// What a query found.
#[derive(Default)]
struct Results {
    /// Which search this is, from 1.
    n: u64,
    query: String,
    area: Option<usize>,
    areas: Vec<usize>,
    /// What fits the query in the chosen area.
    found: Found,
    /// How many entries of each area fit it, by area.
    counts: Vec<usize>,
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
    wire_input(context, &input);
    let said = move || context.inner().announcement.get();
    let noticed = move || context.inner().notice.get();
    let unknown =
        move || context.state().unknown.as_ref().map_or_else(String::new, |id| context.say_with("unknown", "id", id));
    let status = |class: &str| el("p", class).attr("role", "status");
    View::from(
        el("div", "body")
            .attr("lang", &context.say("lang"))
            .child(areas::areas(context))
            .child(results::status(context))
            .child(status("hidden").bind_text(said))
            .child(status("status").bind_text(unknown))
            .child(outcome::unfinished(context))
            .child(results::elsewhere(context))
            .child(results::results(context))
            .child(way_on::way_on(context))
            .child(status("status").bind_text(noticed))
            .child(
                press(context, "tool", &context.say("forget"), Event::Forgotten, "input")
                    .bind_shown(move || context.state().works.iter().any(Work::is_begun)),
            ),
    )
}

/// A heading of an entry.
fn heading(context: Context, class: &str) -> El {
    let level = context.inner().words.borrow().1.to_string();
    el(&["h", &level].concat(), class)
}

/// A button with a text; what it does may take it away, and then the focus
/// goes on to the first of the elements that a selector finds.
fn press(context: Context, class: &str, text: &str, what: Event, focus: &'static str) -> El {
    let go = move |event: &web_sys::Event| {
        context.go(event, what.clone(), focus);
    };
    el("button", class).attr("type", "button").text(text).on("click", go)
}

/// The field shows the query and reports what is typed.
fn wire_input(context: Context, input: &HtmlInputElement) {
    let field = input.clone();
    dom::effect(move || {
        let state = context.state();
        // Setting the same value would move the caret.
        if field.value() != state.query {
            field.set_value(&state.query);
        }
        say_whether_empty(&field);
    });
    let field = input.clone();
    listen(input, "input", move |_| {
        say_whether_empty(&field);
        context.typed(&field);
    });
}

/// A key was pressed in the field that is more than a character.
pub fn pressed_in_field(context: Context, event: &web_sys::Event) {
    let Some(field) = target(event) else { return };
    match pressed(event).as_str() {
        "Escape" if !field.unchecked_ref::<HtmlInputElement>().value().is_empty() => {
            event.prevent_default();
            event.stop_propagation();
            context.dispatch(Event::Typed(String::new()));
        }
        "ArrowDown" => {
            context.catch_up();
            if let Some(first) = dom::find(&field, ".toggle", 0) {
                event.prevent_default();
                dom::focus(&first);
            }
        }
        _ => {}
    }
}

/// For the stylesheet. A placeholder would tell it too, but with one the browser
/// looks for the field's style again with each key.
fn say_whether_empty(field: &HtmlInputElement) {
    let _ = field.toggle_attribute_with_force("data-empty", field.value().is_empty());
}

#[wasm_bindgen]
extern "C" {
    /// An event of the keyboard, or what a browser that fills in a form calls one.
    type Press;

    #[wasm_bindgen(method, getter, structural)]
    fn key(this: &Press) -> Option<String>;
}

fn pressed(event: &web_sys::Event) -> String {
    event.unchecked_ref::<Press>().key().unwrap_or_default()
}
