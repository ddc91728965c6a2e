//! How well entries fit a query.

use super::fold::{self, Word};
use super::matching::{matches, typos};
use crate::index::{Field, Fields, Index, Postings, Strength, Target};

/// Longest phrase that stands for other words, in words: every run of so many
/// words of a query is looked up. Four cost another kilobyte, and found three
/// more of 147 queries only where authors had written no vocabulary.
pub const MAX_PHRASE_WORDS: usize = 2;

/// Words of a query that are looked at. A pasted stack trace has more, and
/// says what happened at its beginning.
const MAX_QUERY_WORDS: usize = 48;

/// What a word is worth in a title, and in the other fields of an entry. Much
/// more for these would let a word of a cause push aside a symptom.
const TITLE_WEIGHT: u32 = 100;
const WEIGHTS: [(Field, u32); 3] = [(Field::Cause, 15), (Field::Area, 10), (Field::Resolution, 8)];

/// How well a phrase stands for another, in hundredths, by [`Strength`].
const RELATED: u32 = 45;
const SUGGESTED: u32 = 70;
const SAME: u32 = 95;

/// Weight of a stop word against that of a rare word. Not zero, so that "it is
/// not me" still finds what holds these words and nothing else.
const STOP_WORD_WEIGHT: u32 = 1;

/// What a word that the knowledge base does not know weighs, in hundredths of
/// a rare word that it knows: it says that the question is about something
/// else. At 60 a third of what is out of scope was answered on both sets of
/// queries; at 160 two points of right first answers were lost.
const UNKNOWN_WORD_SHARE: u32 = 120;

/// How sure an answer must be to be shown, in hundredths. At 34 two points more
/// of the right first answers were found, and seven points fewer of what is out
/// of scope were rejected; at 50 five points of right answers were lost.
const MIN_CONFIDENCE: u32 = 41;

/// The share of the query found in one title counts this much for being sure
/// of it, and the share of the title the rest, in hundredths. With less for the
/// query, one word of a short title is enough; with all of it, a long story
/// that holds a title word for word is not recognised.
const ASKED_OF_CONFIDENCE: u32 = 80;

/// The query found in an entry, but not together in one title, makes this sure
/// of it, in hundredths.
const SPREAD_CONFIDENCE: u32 = 84;

/// A title found whole inside a longer text makes this sure of it, in
/// hundredths, when its words weigh at least so much, in tenths of a rare word:
/// one common word is found in every long text.
const INSIDE_CONFIDENCE: u32 = 90;
const INSIDE_WEIGHT_FROM: u32 = 12;

/// What an entry scores when hardly anything of the query is in it, in
/// hundredths of what it scores when all is.
const SCORE_OF_FEW: u32 = 20;

/// An entry is shown when it has at least this share of the best entry's
/// score, in hundredths: below stand entries that only share a word with it.
const MIN_OF_BEST: u32 = 25;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Best first.
    pub hits: Vec<Hit>,
    /// The terms of the index that the query's words stood for, for highlighting.
    pub terms: Vec<String>,
}

/// An entry that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index of the entry.
    pub doc: u32,
    /// Above 0; larger is better; comparable within one search only. 0 where
    /// nothing was asked and entries stand in their own order.
    pub score: u32,
}

/// The entries that fit a query, in one area or in all. A query without words
/// gives every entry, in the order of the knowledge base.
pub fn run(index: &Index, query: &str, area: Option<usize>) -> Found {
    let mut words = fold::words(index.folding(), query);
    words.truncate(MAX_QUERY_WORDS);
    let in_area = |doc: u32| area.is_none_or(|it| index.area_of(doc) == it);
    if words.is_empty() {
        let hits = (0..index.n_entries()).filter(|doc| in_area(*doc)).map(|doc| Hit { doc, score: 0 }).collect();
        return Found { hits, terms: Vec::new() };
    }
    // Whoever typed a space after the last word has finished it.
    let is_typing = !query.ends_with(char::is_whitespace);
    let mut scores = Scores::new(index);
    let mut units: Vec<Unit> = words.iter().map(|_| Unit::default()).collect();
    for (i, word) in words.iter().enumerate() {
        let is_last = is_typing && i + 1 == words.len();
        scores.word(word, is_last, &mut units[i]);
    }
    for len in 1..=MAX_PHRASE_WORDS.min(words.len()) {
        for start in 0..=words.len() - len {
            let covered = start..start + len;
            let phrase = words[covered.clone()].iter().map(|it| it.term.as_str()).collect::<Vec<_>>().join(" ");
            for target in index.related(&phrase) {
                let found = scores.target(&target);
                for unit in &mut units[covered.clone()] {
                    unit.merge(&found, len as u32);
                }
            }
        }
    }
    for (word, unit) in words.iter().zip(&mut units) {
        if unit.is_empty() && !fold::is_stop_word(index.folding(), word) {
            scores.typo(word, unit);
        }
    }
    let terms = std::mem::take(&mut scores.terms);
    Found { hits: rank(index, &words, &units, in_area), terms }
}

/// What a word of the query is worth where.
#[derive(Default)]
struct Unit {
    /// Rarity of the rarest term that it stands for; 0 where it stands for none.
    weight: u32,
    /// By ascending title.
    titles: Vec<Place>,
    /// Other fields of entries, by ascending entry.
    docs: Vec<Place>,
}

/// A title or an entry in which a word was found. One type for both: sorting
/// them is one piece of machine code.
#[derive(Clone, Copy)]
struct Place {
    /// The title or the entry.
    at: u32,
    score: u32,
    /// Rarity of the word there.
    own: u32,
}

impl Unit {
    fn is_empty(&self) -> bool {
        self.titles.is_empty() && self.docs.is_empty()
    }

    /// Takes the better of both for each title and entry. A phrase stands for
    /// several words: each has its part.
    fn merge(&mut self, other: &Self, words: u32) {
        self.weight = self.weight.max(other.weight / words);
        for (mine, others) in [(&mut self.titles, &other.titles), (&mut self.docs, &other.docs)] {
            mine.extend(others.iter().map(|it| Place { at: it.at, score: it.score / words, own: it.own / words }));
        }
        self.keep_best();
    }

    fn keep_best(&mut self) {
        for places in [&mut self.titles, &mut self.docs] {
            places.sort_unstable_by_key(|it| (it.at, std::cmp::Reverse(it.score)));
            places.dedup_by_key(|it| it.at);
        }
    }

    /// Keeps what the other has too, and adds up.
    fn intersect(&mut self, other: &Self) {
        self.weight += other.weight;
        for (mine, others) in [(&mut self.titles, &other.titles), (&mut self.docs, &other.docs)] {
            mine.retain_mut(|it| {
                let found = others.binary_search_by_key(&it.at, |it| it.at).map(|at| others[at]);
                found.is_ok_and(|other| {
                    it.score += other.score;
                    it.own += other.own;
                    true
                })
            });
        }
    }
}

/// Scores of terms, with the terms that took part.
struct Scores<'a> {
    index: &'a Index,
    n: u32,
    terms: Vec<String>,
}

impl<'a> Scores<'a> {
    fn new(index: &'a Index) -> Self {
        Self { index, n: index.n_entries(), terms: Vec::new() }
    }

    fn word(&mut self, word: &Word, is_last: bool, unit: &mut Unit) {
        let is_stop_word = fold::is_stop_word(self.index.folding(), word);
        for it in matches(self.index, word, is_last && !is_stop_word) {
            let rarity = if is_stop_word { STOP_WORD_WEIGHT } else { rarity(self.n, it.postings.n_entries()) };
            Self::take(&it.postings, rarity, it.quality, unit);
            self.terms.push(it.term);
        }
        unit.keep_best();
    }

    fn typo(&mut self, word: &Word, unit: &mut Unit) {
        for it in typos(self.index, word) {
            let rarity = rarity(self.n, it.postings.n_entries());
            Self::take(&it.postings, rarity, it.quality, unit);
            self.terms.push(it.term);
        }
        unit.keep_best();
    }

    fn take(postings: &Postings<'_>, rarity: u32, quality: u32, unit: &mut Unit) {
        let own = rarity * quality / 100;
        unit.weight = unit.weight.max(own);
        let (titles, docs) = (&mut unit.titles, &mut unit.docs);
        postings.for_each(
            |at| titles.push(Place { at, score: own * TITLE_WEIGHT, own }),
            |it| docs.push(Place { at: it.doc, score: own * field_weight(it.fields), own }),
        );
    }

    /// Titles and entries that hold all terms of a target.
    fn target(&mut self, target: &Target<'_>) -> Unit {
        let quality = match target.strength {
            Strength::Same => SAME,
            Strength::Suggested => SUGGESTED,
            Strength::Related => RELATED,
        };
        let mut all: Option<Unit> = None;
        for (term, postings) in &target.terms {
            let mut unit = Unit::default();
            Self::take(postings, rarity(self.n, postings.n_entries()), quality, &mut unit);
            unit.keep_best();
            all = Some(match all {
                None => unit,
                Some(mut all) => {
                    all.intersect(&unit);
                    all
                }
            });
            self.terms.push(term.clone());
        }
        all.unwrap_or_default()
    }
}

/// What was found of a query in one title.
#[derive(Clone, Copy, Default)]
struct InTitle {
    score: u32,
    /// Weight of the query's words.
    asked: u32,
    /// Weight of the title's words.
    own: u32,
}

/// What was found of a query in one entry.
#[derive(Clone, Copy, Default)]
struct InDoc {
    /// In fields other than titles.
    score: u32,
    /// Weight of the query's words found anywhere.
    asked: u32,
    /// The word that was counted last, from 1.
    last_word: u32,
    /// The best title.
    best: u32,
    confidence: u32,
}

impl InDoc {
    /// Counts a word of the query once, in however many places it was found.
    fn count(&mut self, number: u32, weight: u32) {
        if self.last_word != number {
            self.last_word = number;
            self.asked += weight;
        }
    }
}

fn rank(index: &Index, words: &[Word], units: &[Unit], in_area: impl Fn(u32) -> bool) -> Vec<Hit> {
    let n = index.n_entries();
    let titles = index.titles();
    let mut in_titles = vec![InTitle::default(); titles.len()];
    let mut in_docs = vec![InDoc::default(); n as usize];
    let mut whole = 0;
    for (number, (word, unit)) in (1..).zip(words.iter().zip(units)) {
        if unit.is_empty() {
            let is_stop_word = fold::is_stop_word(index.folding(), word);
            whole += if is_stop_word { 0 } else { rarity(n, 1) * UNKNOWN_WORD_SHARE / 100 };
            continue;
        }
        whole += unit.weight;
        for place in &unit.titles {
            let it = &mut in_titles[place.at as usize];
            it.score += place.score;
            it.asked += unit.weight;
            it.own += place.own;
            in_docs[titles[place.at as usize].doc as usize].count(number, unit.weight);
        }
        for place in &unit.docs {
            let it = &mut in_docs[place.at as usize];
            it.count(number, unit.weight);
            it.score += place.score;
        }
    }
    let whole = whole.max(1);
    let rare = rarity(n, 1);
    for (it, title) in in_titles.iter().zip(titles).filter(|it| it.0.score > 0) {
        let doc = &mut in_docs[title.doc as usize];
        let own = it.own.min(title.weight);
        let own_share = 100 * own / title.weight;
        let asked_share = (100 * it.asked / whole).min(100);
        doc.best = doc.best.max(it.score * own_share / 100);
        let confidence = asked_share * blend(ASKED_OF_CONFIDENCE, own_share) / 100;
        // A clear problem inside a long story: nearly all of a title that says much.
        let says_much = own * 10 >= rare * INSIDE_WEIGHT_FROM;
        let inside = if says_much { own_share * own_share / 100 * INSIDE_CONFIDENCE / 100 } else { 0 };
        doc.confidence = doc.confidence.max(confidence).max(inside);
    }
    let mut hits: Vec<Hit> = Vec::new();
    for (doc, it) in (0..).zip(&in_docs) {
        let asked_share = (100 * it.asked / whole).min(100);
        let confidence = it.confidence.max(asked_share * SPREAD_CONFIDENCE / 100);
        if it.asked > 0 && confidence >= MIN_CONFIDENCE && in_area(doc) {
            let score = (it.best + it.score) * blend(SCORE_OF_FEW, asked_share) / 100;
            hits.push(Hit { doc, score: score.max(1) });
        }
    }
    hits.sort_unstable_by_key(|it| (std::cmp::Reverse(it.score), it.doc));
    let floor = hits.first().map_or(0, |best| best.score * MIN_OF_BEST / 100);
    hits.retain(|it| it.score >= floor);
    hits
}

/// A share in hundredths, raised so that nothing of it still counts `least`.
fn blend(least: u32, share: u32) -> u32 {
    least + (100 - least) * share / 100
}

/// How telling a term is that occurs in `df` of `n` entries: the binary
/// logarithm of one in how many has it, in sixteenths, from integers alone, so
/// that every machine agrees.
pub fn rarity(n: u32, df: u32) -> u32 {
    let ratio = (u64::from(n) + 1) * 256 / u64::from(df.max(1));
    let whole = ratio.max(256).ilog2();
    let part = (ratio.max(256) >> (whole - 4)) as u32 & 15;
    (whole - 8) * 16 + part + 4
}

fn field_weight(fields: Fields) -> u32 {
    WEIGHTS.iter().filter(|it| fields.contains(it.0)).map(|it| it.1).sum()
}
