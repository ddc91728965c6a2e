//! How sure it is that an entry answers a query.
//!
//! A sum of named evidence. A logistic regression weighed most of it on about
//! 750 queries that an entry answers and 223 that none does, another set kept
//! aside to see that it holds; `WHOLE_TITLE`, `BARE` and `BAR` were set by hand
//! afterwards. The tables are in ARCHITECTURE.md.

/// What speaks for the best answer and against it. Shares are in hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// How much of the query is in its best title, by weight.
    pub asked_in_title: u32,
    /// How much of that title is in the query.
    pub title_in_query: u32,
    /// How much of the query is anywhere in the entry.
    pub asked: u32,
    /// What that weighs, in tenths of a rare word.
    pub weight: u32,
    /// Words of the query in that title.
    pub n_in_title: u32,
    /// Words of the query that say what is asked about.
    pub n_telling: u32,
    /// Those that the knowledge base does not know.
    pub n_unknown: u32,
    /// Whether a word asks for something to be done that this title does not
    /// speak of.
    pub is_request: bool,
    /// The score of the next best answer, against its own.
    pub rival: u32,
    /// Whether nobody wrote other people's words for the entry: then less of
    /// what people type can be in it.
    pub is_bare: bool,
}

/// Weights in hundredths of a logarithm of odds.
const TITLE: i32 = 186;
const ENTRY: i32 = 173;
const ENTRY_AND_TITLE: i32 = 256;
const WEIGHT: i32 = 181;
const ONE_WORD: i32 = -120;
const SHORT_QUERY: i32 = 160;
const REQUEST: i32 = -231;
const RIVAL: i32 = -124;
const UNKNOWN: i32 = -60;
const WHOLE_TITLE: i32 = 250;
const BARE: i32 = 330;
/// What all this must be more than for an answer to be shown. A lower bar
/// shows more right answers, and more where none is right.
const BAR: i32 = 366;

/// From where on more weight, and more unknown words, say no more.
const MAX_WEIGHT: u32 = 40;
const MAX_UNKNOWN: u32 = 4;
const MAX_RIVAL: u32 = 150;

/// A title of so many words, of which so much is in the query, is no accident
/// however much stands around it.
const WHOLE_TITLE_WORDS: u32 = 3;
const WHOLE_TITLE_SHARE: u32 = 95;

impl Evidence {
    /// Above 0 when the entry should be shown as an answer.
    pub fn confidence(&self) -> i32 {
        let share = |a: u32, b: u32| (a * b / 100).cast_signed();
        let of = |weight: i32, hundredths: i32| weight * hundredths / 100;
        let when = |weight: i32, it: bool| if it { weight } else { 0 };
        of(TITLE, share(self.asked_in_title, self.title_in_query))
            + of(ENTRY, self.asked.cast_signed())
            + of(ENTRY_AND_TITLE, share(self.asked, self.title_in_query))
            + of(WEIGHT, 10 * self.weight.min(MAX_WEIGHT).cast_signed())
            + when(ONE_WORD, self.n_in_title <= 1)
            + when(SHORT_QUERY, self.n_telling <= 1)
            + when(REQUEST, self.is_request)
            + of(RIVAL, self.rival.min(MAX_RIVAL).cast_signed())
            + of(UNKNOWN, (100 * self.n_unknown.min(MAX_UNKNOWN) / MAX_UNKNOWN).cast_signed())
            + when(WHOLE_TITLE, self.n_in_title >= WHOLE_TITLE_WORDS && self.title_in_query >= WHOLE_TITLE_SHARE)
            + when(BARE, self.is_bare)
            - BAR
    }
}
