//! What can happen in a session, and what the world is told of it.

/// How an entry came to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// From the results of a search.
    Search,
    /// From the list of an area or of everything.
    Area,
    /// From a link inside another entry.
    Link,
    /// From a link to this page, or back and forward.
    Route,
    /// From what was offered for an error on the page.
    Suggestion,
}

impl From {
    /// As in the element's contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Area => "area",
            Self::Link => "link",
            Self::Route => "route",
            Self::Suggestion => "suggestion",
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
    /// The person takes what was offered for an error on the page.
    SuggestionTaken {
        /// Index of the entry.
        doc: u32,
        /// The error.
        query: String,
    },
    /// The fetching of a file with steps is over, with or without it.
    BlockEnded {
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
    /// The person goes back to the entry whose link led here.
    WentBack,
    /// The person ticked a step of the open entry off, or took the tick away.
    StepToggled {
        /// Position of the step.
        step: usize,
    },
    /// The person looks at another step, where they are shown one at a time.
    StepShown {
        /// Position of the step.
        step: usize,
    },
    /// The person wants all steps of a guide at once, or one at a time.
    WholeToggled,
    /// The person begins to wait as a step of the open entry says.
    WaitStarted {
        /// Position of the step.
        step: usize,
    },
    /// The person does not want to wait any more.
    WaitStopped,
    /// Time went by.
    Ticked,
    /// The problem is gone.
    Solved,
    /// The steps did not help.
    NotSolved,
    /// The person takes back how it ended.
    OutcomeUndone,
    /// The person works on the open entry from its first step again.
    Restarted,
    /// The person wants to hand over; the contact that the entry names unless
    /// a step says another.
    HandOverOpened {
        /// Position of the step that says so.
        step: Option<usize>,
    },
    /// The person changed the summary.
    HandOverEdited(String),
    /// The person does not hand over.
    HandOverClosed,
    /// The person handed over.
    HandedOver {
        /// What they sent.
        text: String,
    },
    /// A text that was to be copied was not.
    CopyFailed {
        /// All of it.
        text: String,
    },
    /// A link to this page, or back and forward, names an entry and a step
    /// from 1; the empty string for none.
    Routed {
        /// Id of the entry.
        id: String,
        /// The step, from 1.
        step: Option<usize>,
    },
    /// What the page remembered: a text as [`State::progress`] gives it.
    Restored(String),
    /// The person wants nothing remembered.
    Forgotten,
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

/// What the world must be told. Only what a person did is told to the host: it
/// knows what it set.
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
    /// A step is done.
    StepDone {
        /// Index of the entry.
        doc: u32,
        /// Position of the step.
        step: usize,
    },
    /// A wait is over.
    WaitOver {
        /// Index of the entry.
        doc: u32,
    },
    /// The problem is gone, or the steps did not help.
    Ended {
        /// Index of the entry.
        doc: u32,
        /// Whether it is gone.
        is_solved: bool,
        /// How many steps were done.
        steps: usize,
        /// Seconds since the entry was opened.
        seconds: u32,
    },
    /// The person handed over.
    Escalated {
        /// Index of the contact, where there is one.
        contact: Option<usize>,
        /// Index of the entry, where one is open.
        doc: Option<u32>,
        /// What was typed.
        query: String,
        /// What they sent.
        summary: String,
    },
    /// Another entry or step is shown: what a link to this page should name.
    Moved {
        /// Index of the entry that is open.
        doc: Option<u32>,
        /// Position of the step that is shown.
        step: usize,
        /// Whether the person went there, so that they can want to go back.
        is_new: bool,
    },
    /// A link names an entry that is not here.
    UnknownEntry {
        /// The id that it names.
        id: String,
    },
    /// What is worth remembering changed.
    Progressed,
}

impl Effect {
    /// Name of the event in the element's contract, without its prefix. What
    /// has no such event stays in the widget.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Searched { .. } => "search",
            Self::NoMatch { .. } => "no-match",
            Self::Announced { .. } => "announced",
            Self::EntryOpened { .. } => "entry-opened",
            Self::BlockWanted { .. } => "block-wanted",
            Self::StepDone { .. } => "step-done",
            Self::WaitOver { .. } => "wait-over",
            Self::Ended { is_solved: true, .. } => "resolved",
            Self::Ended { .. } => "not-resolved",
            Self::Escalated { .. } => "escalated",
            Self::Moved { .. } => "moved",
            Self::UnknownEntry { .. } => "unknown-entry",
            Self::Progressed => "progressed",
        }
    }
}
