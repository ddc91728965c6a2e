//! One person's way through the widget, as a state machine: a state and an
//! event in, the next state and its effects out.
//!
//! Knows the index and the search. Knows no component, no page and no clock:
//! where time matters it comes in as an event.
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
//! let (state, effects) = step(&index, &State::default(), Event::EntryToggled { doc: 0 });
//! assert_eq!(state.open, Some(0));
//! assert_eq!(effects[0].name(), "entry-opened");
//! ```

use crate::index::Index;
use crate::search::{self, Scope};

/// How many entries are shown at a time. More make each key press slower in a
/// large knowledge base, and nobody reads that far; fewer hide good answers.
pub const ENTRIES_AT_A_TIME: usize = 20;

/// Where a person is.
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
    /// Whether the steps of the open entry could not be fetched.
    pub unreachable: bool,
}

/// How an entry came to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// From the results of a search.
    Search,
    /// From the list of an area or of everything.
    Area,
    /// From a link inside another entry.
    Link,
}

impl From {
    /// As in the element's contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Area => "area",
            Self::Link => "link",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The person typed: the whole text of the field.
    Typed(String),
    /// No key was pressed for a while.
    Paused,
    /// The person chose an area, or all.
    AreaChosen(Option<usize>),
    /// The person opened or closed an entry in the list.
    EntryToggled {
        /// Index of the entry.
        doc: u32,
    },
    /// The person wants to see more of the entries that fit.
    MoreWanted,
    /// The person wants an entry that was offered beside the results.
    OfferTaken {
        /// Index of the entry.
        doc: u32,
    },
    /// A file with steps could not be fetched.
    BlockFailed {
        /// Its name, as [`Effect::BlockWanted`] gave it.
        file: String,
    },
    /// The person wants them to be fetched again.
    Retried,
    /// The person followed a link to an entry.
    LinkFollowed {
        /// Index of the entry.
        doc: u32,
    },
    /// The host page set the query.
    QuerySet(String),
    /// The host page set the area.
    AreaSet(Option<usize>),
    /// The host page set which areas exist here.
    AreasSet(Vec<usize>),
    /// The host page opened an entry, or closed the open one.
    EntrySet(Option<u32>),
    /// The host page starts over.
    Reset,
}

/// What the world must be told. Only what a person did has effects: a host
/// page knows what it set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A search that the person paused on.
    Searched {
        /// What was typed.
        query: String,
        /// In which area.
        area: Option<usize>,
        /// How many entries fit.
        count: usize,
    },
    /// Nothing fits what was typed.
    NoMatch {
        /// What was typed.
        query: String,
        /// In which area.
        area: Option<usize>,
    },
    /// The number of entries that fit is to be said to who cannot see it.
    Announced {
        /// How many.
        count: usize,
    },
    /// An entry was opened.
    EntryOpened {
        /// Index of the entry.
        doc: u32,
        /// How.
        from: From,
    },
    /// The steps of the open entry are in a file that is not at hand.
    BlockWanted {
        /// Its name in the folder of the knowledge base.
        file: String,
    },
}

impl Effect {
    /// Name of the event in the element's contract, without its prefix.
    /// Announcements and blocks stay in the widget.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Searched { .. } => "search",
            Self::NoMatch { .. } => "no-match",
            Self::Announced { .. } => "announced",
            Self::EntryOpened { .. } => "entry-opened",
            Self::BlockWanted { .. } => "block-wanted",
        }
    }
}

impl State {
    /// Whether something happens once the person pauses.
    pub fn awaits_pause(&self) -> bool {
        self.unreported || self.unannounced
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
        ENTRIES_AT_A_TIME * (self.more + 1)
    }

    /// What fits this state: the entries to show, best first.
    pub fn found(&self, index: &Index) -> search::Found {
        search::run(index, &self.query, self.scope())
    }
}

/// The next state and what the world must be told of it.
pub fn step(index: &Index, state: &State, event: Event) -> (State, Vec<Effect>) {
    let mut next = state.clone();
    let mut effects = Vec::new();
    match event {
        Event::Typed(query) => {
            next.unreported = query != state.query || state.unreported;
            if query != state.query {
                next = State { open: None, more: 0, unannounced: true, ..next };
            }
            next.query = query;
        }
        Event::Paused => {
            report(index, &mut next, &mut effects);
            if std::mem::take(&mut next.unannounced) {
                let found = next.found(index);
                // Not while they type: what opens under the fingers is in the way.
                if found.is_clear && next.open.is_none() {
                    next.open = found.hits.first().map(|it| it.doc);
                }
                effects.push(Effect::Announced { count: found.hits.len() });
            }
        }
        Event::AreaChosen(area) => {
            next = State { area, open: None, more: 0, unannounced: true, ..next };
            // Another area is another search, and it needs no pause: it was one click.
            next.unreported = true;
            report(index, &mut next, &mut effects);
        }
        Event::EntryToggled { doc } if state.open == Some(doc) => next.open = None,
        Event::EntryToggled { doc } => {
            // Whoever opens a result has finished typing.
            report(index, &mut next, &mut effects);
            next.unannounced = false;
            next.open = Some(doc);
            let from = if is_search(&state.query) { From::Search } else { From::Area };
            effects.push(Effect::EntryOpened { doc, from });
        }
        Event::MoreWanted => next.more += 1,
        Event::OfferTaken { doc } => {
            report(index, &mut next, &mut effects);
            show(index, &mut next, doc);
            effects.push(Effect::EntryOpened { doc, from: From::Search });
        }
        // Another entry may have been opened in the meantime.
        Event::BlockFailed { file } => {
            next.unreachable |= state.open.and_then(|it| index.block(it)) == Some(file);
        }
        Event::Retried => next.unreachable = false,
        Event::LinkFollowed { doc } => {
            show(index, &mut next, doc);
            effects.push(Effect::EntryOpened { doc, from: From::Link });
        }
        Event::QuerySet(query) => {
            next = State { query, open: None, more: 0, unreported: false, unannounced: false, ..next };
        }
        Event::AreaSet(area) => {
            next = State { area: area.filter(|it| state.has_area(*it)), open: None, more: 0, ..next };
        }
        Event::AreasSet(areas) => {
            next.areas = areas;
            next.area = next.area.filter(|it| next.has_area(*it));
            next.open = next.open.filter(|it| next.has_area(index.area_of(*it)));
        }
        Event::EntrySet(None) => next.open = None,
        Event::EntrySet(Some(doc)) => show(index, &mut next, doc),
        Event::Reset => next = State { areas: next.areas, ..State::default() },
    }
    if next.open != state.open || state.unreachable && !next.unreachable {
        next.unreachable = false;
        let file = next.open.and_then(|it| index.block(it));
        effects.extend(file.map(|file| Effect::BlockWanted { file }));
    }
    (next, effects)
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
            state.more = state.more.max(rank / ENTRIES_AT_A_TIME);
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
