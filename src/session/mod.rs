//! One person's way through the widget, as a state machine: a state and an
//! event in, the next state and its effects out.
//!
//! Knows the index and the search. Knows no component, no page and no clock:
//! time comes in with each event. What a person did about an entry is in
//! `work`, what is told of it when somebody else takes over in `summary`, what
//! a page may remember of it in `store`.
//!
//! ```
//! # use unstuck::index::{self, Area, Contents, Entry, Index};
//! use unstuck::session::{Event, State, step};
//! # let contents = Contents {
//! #     areas: vec![Area { id: "billing".into(), title: "Billing".into() }],
//! #     entries: vec![Entry { id: "billing-charged-twice".into(), ..Entry::default() }],
//! #     ..Contents::default()
//! # };
//! # let index = Index::open(index::write(&contents)).unwrap();
//!
//! let (state, effects) = step(&index, &State::default(), Event::EntryToggled { doc: 0 }, 1_700_000_000);
//! assert_eq!(state.open, Some(0));
//! assert_eq!(effects[0].name(), "entry-opened");
//! ```

mod event;
mod store;
mod summary;
mod work;

use crate::index::{Index, StepKind};
use crate::search::{self, Scope};

pub use event::{Effect, Event, From};
pub use summary::{Summary, Tried, summary};
pub use work::{Done, Outcome, Time, Timer, Work, contact_of, default_contact, n_steps};

/// How many entries are shown at a time. More make each key press slower in a
/// large knowledge base, and nobody reads that far; fewer hide good answers.
pub const ENTRIES_AT_A_TIME: usize = 20;

/// The same of those that fit what was typed: they are ranked, and made anew
/// while somebody types.
pub const ANSWERS_AT_A_TIME: usize = 10;

/// Where a person is.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// What they typed.
    pub query: String,
    /// The area they chose; `None` for all.
    pub area: Option<usize>,
    /// The areas that exist here; empty for all of the knowledge base.
    pub areas: Vec<usize>,
    /// The entry that is open.
    pub open: Option<u32>,
    /// How often they asked for more entries than the first.
    pub more: usize,
    /// Whether the person searched since the last search was reported.
    pub unreported: bool,
    /// Whether what is found changed by what the person did, and nobody said so.
    pub unannounced: bool,
    /// The entry that opened by itself a moment ago.
    pub self_opened: Option<u32>,
    /// Whether the steps of the open entry could not be fetched.
    pub unreachable: bool,
    /// What was done about the entries that were opened, oldest first; each once.
    pub works: Vec<Work>,
    /// The step that is shown where steps are shown one at a time.
    pub at: usize,
    /// Whether the person wants to see the steps of a guide all at once.
    pub is_whole: bool,
    /// The entries whose links led to the open one.
    pub trail: Vec<u32>,
    /// What is being handed over.
    pub hand_over: Option<HandOver>,
    /// What was handed over last: it may turn out that it did not get there.
    pub sent: Option<HandOver>,
    /// The id that a link to this page names, where no entry here has it.
    pub unknown: Option<String>,
}

/// A hand-over that the person looks at before it goes anywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandOver {
    /// Whom to: an index into the contacts; `None` where there is nobody.
    pub contact: Option<usize>,
    /// The step that says so.
    pub step: Option<usize>,
    /// The summary as the person changed it.
    pub text: Option<String>,
}

impl State {
    /// Whether something happens once the person pauses.
    pub fn awaits_pause(&self) -> bool {
        self.unreported || self.unannounced || self.self_opened.is_some()
    }

    /// Whether an area exists here.
    pub fn has_area(&self, area: usize) -> bool {
        self.scope().exists(area)
    }

    fn scope(&self) -> Scope<'_> {
        Scope { area: self.area, areas: &self.areas }
    }

    /// How many of the entries that fit are shown.
    pub fn limit(&self) -> usize {
        self.page() * (self.more + 1)
    }

    fn page(&self) -> usize {
        if is_search(&self.query) { ANSWERS_AT_A_TIME } else { ENTRIES_AT_A_TIME }
    }

    /// What was done about an entry.
    pub fn work(&self, doc: u32) -> Option<&Work> {
        self.works.iter().find(|it| it.doc == doc)
    }

    /// What was done about the open entry.
    pub fn open_work(&self) -> Option<&Work> {
        self.work(self.open?)
    }

    /// Whether a wait is on.
    pub fn is_waiting(&self) -> bool {
        self.works.iter().any(|it| it.waits_for().is_some_and(|it| !it.is_over))
    }

    /// The entry that fits best beside the open one, and was not tried yet.
    /// Nothing where nothing was asked: then nothing says which.
    pub fn next_likely(&self, index: &Index) -> Option<u32> {
        if !is_search(&self.query) {
            return None;
        }
        let is_tried = |doc: u32| self.work(doc).is_some_and(|it| it.outcome.is_some());
        self.found(index).hits.iter().map(|it| it.doc).find(|it| Some(*it) != self.open && !is_tried(*it))
    }

    /// What is worth remembering, as a text; empty where there is nothing.
    pub fn progress(&self, index: &Index) -> String {
        store::write(index, &self.works)
    }

    /// What fits this state: the entries to show, best first.
    pub fn found(&self, index: &Index) -> search::Found {
        search::run(index, &self.query, self.scope())
    }
}

/// The next state and what the world must be told of it.
pub fn step(index: &Index, state: &State, event: Event, now: Time) -> (State, Vec<Effect>) {
    let mut next = state.clone();
    let mut effects = Vec::new();
    let is_restored = matches!(event, Event::Restored(_));
    let is_replaced = is_restored || event == Event::Forgotten;
    let wanted_step = match &event {
        Event::Routed { step, .. } => step.and_then(|it| it.checked_sub(1)),
        _ => None,
    };
    // What a person opened can be gone back from; what a page did is only where it is.
    let is_new = look(index, &mut next, event, now, &mut effects);
    settle(index, state, &mut next, now, &mut effects);
    if next.open != state.open || is_replaced {
        let current = |doc| next.work(doc)?.current(n_steps(index, doc));
        next.at = next.open.and_then(current).unwrap_or_default();
    }
    if let (Some(step), Some(doc)) = (wanted_step, next.open) {
        next.at = step.min(n_steps(index, doc).saturating_sub(1));
    }
    if (next.open, next.at) != (state.open, state.at) {
        effects.push(Effect::Moved { doc: next.open, step: next.at, is_new });
    }
    if next.works != state.works && !is_restored {
        effects.push(Effect::Progressed);
    }
    (next, effects)
}

/// What a person does to find an entry; whether it brought them to another one.
fn look(index: &Index, next: &mut State, event: Event, now: Time, effects: &mut Vec<Effect>) -> bool {
    let from = if is_search(&next.query) { From::Search } else { From::Area };
    match event {
        Event::Typed(query) => {
            // Whoever asks something else can want to go back to what was open.
            let was_open = query != next.query && next.open.is_some();
            if query != next.query {
                (next.unreported, next.unannounced) = (true, true);
                (next.open, next.more, next.unknown) = (None, 0, None);
            }
            next.query = query;
            was_open
        }
        Event::Paused => {
            report(index, next, effects);
            next.self_opened = None;
            if std::mem::take(&mut next.unannounced) {
                let found = next.found(index);
                // Not while they type: what opens under the fingers is in the way.
                if found.is_clear && next.open.is_none() {
                    next.open = found.hits.first().map(|it| it.doc);
                    next.self_opened = next.open;
                }
                effects.push(Effect::Announced { count: found.hits.len() });
            }
            false
        }
        Event::AreaChosen(area) => {
            let was_open = next.open.is_some();
            (next.area, next.open, next.more) = (area, None, 0);
            // Another area is another search, and it needs no pause: it was one click.
            (next.unreported, next.unannounced) = (true, true);
            report(index, next, effects);
            was_open
        }
        // Whoever presses what opened under the pointer wants it open.
        Event::EntryToggled { doc } if next.open == Some(doc) && next.self_opened != next.open => {
            next.open = None;
            true
        }
        Event::EntryToggled { doc } => {
            // Whoever opens a result has finished typing.
            report(index, next, effects);
            (next.unannounced, next.self_opened) = (false, None);
            // What was typed last may not find it: a slow device still shows the answers of before.
            show(index, next, doc);
            effects.push(Effect::EntryOpened { doc, from });
            true
        }
        Event::MoreWanted => {
            next.more += 1;
            false
        }
        Event::OfferTaken { doc } => {
            report(index, next, effects);
            show(index, next, doc);
            effects.push(Effect::EntryOpened { doc, from });
            true
        }
        Event::SuggestionTaken { doc, query } => {
            report(index, next, effects);
            next.query = query;
            show(index, next, doc);
            effects.push(Effect::EntryOpened { doc, from: From::Suggestion });
            true
        }
        Event::LinkFollowed { doc } => {
            next.trail.extend(next.open);
            show(index, next, doc);
            effects.push(Effect::EntryOpened { doc, from: From::Link });
            true
        }
        Event::WentBack => {
            let Some(doc) = next.trail.pop() else { return false };
            show(index, next, doc);
            effects.push(Effect::EntryOpened { doc, from: From::Link });
            true
        }
        it => {
            set(index, next, it, now, effects);
            false
        }
    }
}

/// What the page does, and the world around it.
fn set(index: &Index, next: &mut State, event: Event, now: Time, effects: &mut Vec<Effect>) {
    match event {
        Event::QuerySet(query) => {
            (next.query, next.open, next.more) = (query, None, 0);
            (next.unreported, next.unannounced) = (false, false);
        }
        Event::AreaSet(area) => {
            (next.area, next.open, next.more) = (area.filter(|it| next.has_area(*it)), None, 0);
        }
        Event::AreasSet(areas) => {
            next.areas = areas;
            next.area = next.area.filter(|it| next.has_area(*it));
            next.open = next.open.filter(|it| next.has_area(index.area_of(*it)));
        }
        Event::EntrySet(None) => next.open = None,
        Event::EntrySet(Some(doc)) => show(index, next, doc),
        Event::Reset => {
            // What a person did is theirs to forget, not the page's.
            let (areas, mut works) = (std::mem::take(&mut next.areas), std::mem::take(&mut next.works));
            works.retain(Work::is_begun);
            *next = State { areas, works, ..State::default() };
        }
        Event::Routed { id, .. } => routed(index, next, id, effects),
        // Another tab may know better, or have forgotten.
        Event::Restored(text) => {
            let before = std::mem::replace(&mut next.works, store::read(index, &text, now));
            // The end of a wait that was said is not said again.
            for timer in next.works.iter_mut().filter_map(|it| it.timer.as_mut()) {
                let is_same = |it: &Timer| (it.step, it.ends, it.is_over) == (timer.step, timer.ends, true);
                timer.is_over = before.iter().any(|it| it.timer.as_ref().is_some_and(is_same));
            }
        }
        // What came is at hand and has no file any more; another entry may have been opened in the meantime.
        Event::BlockEnded { file } => {
            next.unreachable |= next.open.and_then(|it| index.block(it)) == Some(file);
        }
        Event::Ticked => {
            for work in &mut next.works {
                let is_open = work.outcome.is_none();
                if let Some(timer) = work.timer.as_mut().filter(|it| is_open && !it.is_over && it.ends <= now) {
                    timer.is_over = true;
                    effects.push(Effect::WaitOver { doc: work.doc });
                }
            }
        }
        it => work_on(index, next, &it, now, effects),
    }
}

/// What a person does about the open entry, or about none where nothing fits.
fn work_on(index: &Index, next: &mut State, event: &Event, now: Time, effects: &mut Vec<Effect>) {
    let resolution = next.open.and_then(|it| index.resolution(it)).unwrap_or_default();
    let kind = |step: usize| resolution.steps.get(step).map(|it| it.kind);
    let n_steps = resolution.steps.len();
    match event {
        Event::Retried => next.unreachable = false,
        Event::Forgotten => next.works.clear(),
        Event::HandOverOpened { step } => {
            let named = step.and_then(kind).and_then(|it| match it {
                StepKind::Escalate { contact } => Some(contact),
                _ => None,
            });
            let contact = if next.open.is_some() { contact_of(&resolution) } else { default_contact(index) };
            let contact = named.or(contact);
            next.hand_over = Some(HandOver { contact, step: *step, text: None });
        }
        Event::HandOverEdited(text) => {
            if let Some(it) = &mut next.hand_over {
                it.text = Some(text.clone());
            }
        }
        Event::HandOverClosed => next.hand_over = None,
        Event::WholeToggled => next.is_whole = !next.is_whole,
        Event::StepShown { step } => next.at = (*step).min(n_steps.saturating_sub(1)),
        _ => {}
    }
    let at = next.at;
    let mut sent = None;
    if let Event::HandedOver { text } = event {
        sent = next.hand_over.take();
        next.sent = sent.clone().map(|it| HandOver { text: Some(text.clone()), ..it });
        // The step that says so is done with it: first things first.
        let step = sent.as_ref().and_then(|it| it.step).filter(|it| *it < n_steps);
        let work = next.works.iter_mut().find(|it| Some(it.doc) == next.open);
        if let (Some(step), Some(work)) = (step, work) {
            finish(work, step, now, effects);
        }
        let (doc, query) = (next.open, next.query.trim().to_owned());
        effects.extend(sent.as_ref().map(|it| Effect::Escalated {
            contact: it.contact,
            doc,
            query,
            summary: text.clone(),
        }));
    }
    let is_lost = |it: &HandOver| matches!(event, Event::CopyFailed { text } if it.text.as_ref() == Some(text));
    let is_undone = *event == Event::OutcomeUndone || next.sent.as_ref().is_some_and(is_lost);
    if is_undone {
        next.hand_over = next.sent.take();
    }
    let Some(work) = next.works.iter_mut().find(|it| Some(it.doc) == next.open) else { return };
    let doc = work.doc;
    match event {
        Event::StepToggled { step } if work.is_done(*step) => work.undo(*step),
        Event::StepToggled { step } if *step < n_steps => {
            finish(work, *step, now, effects);
            // Where one is shown at a time, the next is.
            if *step == at {
                next.at = (at + 1).min(n_steps - 1);
            }
        }
        Event::WaitStarted { step } => {
            let step = *step;
            if let Some(StepKind::Wait { minutes }) = kind(step)
                && !work.is_done(step)
            {
                let ends = now.saturating_add(minutes.saturating_mul(60));
                work.timer = Some(Timer { step, ends, is_over: false });
            }
        }
        Event::WaitStopped => work.timer = None,
        Event::Solved | Event::NotSolved => {
            let is_solved = *event == Event::Solved;
            if is_solved && let Some(timer) = work.timer.filter(|it| it.is_over) {
                finish(work, timer.step, now, effects);
            }
            work.outcome = Some(if is_solved { Outcome::Solved } else { Outcome::NotSolved });
            next.hand_over = None;
            effects.push(Effect::Ended { doc, is_solved, steps: work.done.len(), seconds: work.seconds(now) });
        }
        _ if is_undone => work.outcome = None,
        Event::Restarted => {
            *work = Work::new(doc, now);
            next.at = 0;
            next.hand_over = None;
        }
        Event::HandedOver { .. } if sent.is_some() => work.outcome = Some(Outcome::HandedOver),
        _ => {}
    }
}

/// Ends a step, and says so where it was not done before.
fn finish(work: &mut Work, step: usize, now: Time, effects: &mut Vec<Effect>) {
    if !work.is_done(step) {
        work.finish(step, now);
        effects.push(Effect::StepDone { doc: work.doc, step });
    }
}

/// What must hold whatever happened: work on what is open, and nothing left of
/// what was open before.
fn settle(index: &Index, state: &State, next: &mut State, now: Time, effects: &mut Vec<Effect>) {
    if let Some(doc) = next.open
        && next.work(doc).is_none()
    {
        next.works.push(Work::new(doc, now));
    }
    if next.open != state.open {
        next.unreachable = false;
        if next.open.is_some() {
            next.unknown = None;
        }
        // The way back ends where it was not a link that led on.
        if next.trail == state.trail {
            next.trail.clear();
        }
    }
    if (&next.query, next.area, next.open) != (&state.query, state.area, state.open) {
        (next.hand_over, next.sent) = (None, None);
    }
    if next.open != state.open || state.unreachable && !next.unreachable {
        let file = next.open.and_then(|it| index.block(it));
        effects.extend(file.map(|file| Effect::BlockWanted { file }));
    }
}

/// Goes where a link to this page leads. An entry that moved is found by its
/// old id.
fn routed(index: &Index, next: &mut State, id: String, effects: &mut Vec<Effect>) {
    next.unknown = None;
    if id.is_empty() {
        next.open = None;
        return;
    }
    match index.find(&id).filter(|it| next.has_area(index.area_of(*it))) {
        Some(doc) if next.open == Some(doc) => {}
        Some(doc) => {
            show(index, next, doc);
            effects.push(Effect::EntryOpened { doc, from: From::Route });
        }
        None => {
            effects.push(Effect::UnknownEntry { id: id.clone() });
            next.unknown = Some(id);
        }
    }
}

/// Opens an entry where it can be seen: in the present results, or else with
/// the filters that hide it taken away, the area before the query.
fn show(index: &Index, state: &mut State, doc: u32) {
    let (query, area) = (state.query.clone(), state.area);
    for (keeps_query, keeps_area) in [(true, true), (true, false), (false, true), (false, false)] {
        state.query = if keeps_query { query.clone() } else { String::new() };
        state.area = area.filter(|_| keeps_area);
        if let Some(rank) = state.found(index).hits.iter().position(|it| it.doc == doc) {
            state.open = Some(doc);
            state.more = state.more.max(rank / state.page());
            state.unreported &= keeps_query;
            return;
        }
    }
    // Its area does not exist here.
    state.open = None;
}

fn report(index: &Index, state: &mut State, effects: &mut Vec<Effect>) {
    if !std::mem::take(&mut state.unreported) || !is_search(&state.query) {
        return;
    }
    let (query, area) = (state.query.trim().to_owned(), state.area);
    let count = state.found(index).hits.len();
    effects.push(Effect::Searched { query: query.clone(), area, count });
    if count == 0 {
        effects.push(Effect::NoMatch { query, area });
    }
}

fn is_search(query: &str) -> bool {
    !query.trim().is_empty()
}
