//! The words of a query and all that they stand for: themselves, what they
//! begin, what they may have been meant for, and what others say instead.

use std::collections::BinaryHeap;

use super::fold::{self, Word};
use super::matching;
use crate::index::{Field, Fields, Folding, Index, Place, Postings, Strength, Target};

/// Longest phrase that stands for other words, in words: every run of so many
/// words of a query is looked up. Four cost another kilobyte, and found three
/// more of 147 queries only where authors had written no vocabulary.
pub const MAX_PHRASE_WORDS: usize = 2;

/// How well a phrase stands for another, in hundredths.
const RELATED: u32 = 56;
const SUGGESTED: u32 = 90;
const SAME: u32 = 85;
/// How well two words stand for what they are without the space, and a word
/// for the two that it is with one.
const JOINED: u32 = 75;
const SPLIT: u32 = 35;
/// How well a word stands for the term that it begins with.
const BEGINNING: u32 = 60;

/// Weight of a stop word against that of a rare word. Not zero, so that "it is
/// not me" still finds what holds these words and nothing else.
const STOP_WORD_WEIGHT: u32 = 1;

/// What a filler ("again", "yesterday") weighs against another word as rare.
const FILLER_SHARE: u32 = 75;

/// What a word that asks for something weighs at least in a title, in
/// hundredths of a rare word: to change a thing is another matter than the
/// thing itself.
const REQUEST_SHARE: u32 = 35;

/// From how many entries on what is found in very many of them is passed over
/// where that saves time: in a small knowledge base nothing is.
pub const LARGE_FROM: u32 = 1_000;

/// In a large knowledge base, other people's words for what so many entries
/// speak of tell too little to be worth the time.
const TELLING_UP_TO: u32 = 500;

/// A word of the query: what kind of word it is, what it weighs, and all that
/// it stands for.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about a word")]
pub struct Unit<'a> {
    /// Rarity of the rarest term that it stands for; 0 where it stands for none.
    pub weight: u32,
    pub is_stop_word: bool,
    /// Says little about a problem, though it is no stop word.
    pub is_filler: bool,
    /// Asks for something to be done.
    pub is_request: bool,
    /// Not looked for at all.
    pub is_left_out: bool,
    pub parts: Vec<Part<'a>>,
}

/// Something that a word stands for.
pub struct Part<'a> {
    /// Its rarity, less for what is not typed out.
    pub own: u32,
    /// Whether it is the word itself, or begins with it.
    pub is_literal: bool,
    pub places: Places<'a>,
}

/// Where it stands.
#[derive(Clone)]
pub enum Places<'a> {
    /// A term.
    Term(Postings<'a>),
    /// What several terms have in common: titles, and entries with the fields
    /// of the rarest.
    Common(Vec<u32>, Vec<(u32, Fields)>),
}

impl<'a> Unit<'a> {
    /// Whether the knowledge base does not know the word.
    pub fn is_unknown(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether it says what is asked about.
    pub fn is_telling(&self) -> bool {
        !self.is_stop_word && (self.is_request || !self.is_filler)
    }

    /// In how many entries it is found, counted once for each thing it stands for.
    pub fn n_entries(&self) -> u32 {
        let of = |it: &Part<'_>| if let Places::Term(it) = &it.places { it.n_entries() } else { 0 };
        self.parts.iter().map(of).sum()
    }

    fn add(&mut self, own: u32, is_literal: bool, places: Places<'a>) {
        // "on the" is no rare word because somebody once wrote "onthe".
        if !self.is_left_out {
            self.weight = self.weight.max(own);
        }
        self.parts.push(Part { own, is_literal, places });
    }
}

/// What words stand for, with the terms that took part, for highlighting.
pub struct Expansion<'a> {
    pub units: Vec<Unit<'a>>,
    pub terms: Vec<u32>,
}

/// All that the words of a query stand for. `is_typing`: the last one may not
/// be finished.
pub fn expand<'a>(index: &'a Index, words: &[Word], is_typing: bool) -> Expansion<'a> {
    let mut it = Expander { index, n: index.n_entries(), terms: Vec::new() };
    let mut units: Vec<Unit<'a>> = words.iter().map(|word| it.kind(word)).collect();
    let is_all_stop_words = units.iter().all(|it| it.is_stop_word);
    for (i, (word, unit)) in words.iter().zip(&mut units).enumerate() {
        // In a large knowledge base they stand in every second title.
        let is_typed = is_typing && i + 1 == words.len();
        unit.is_left_out = unit.is_stop_word && !is_typed && !is_all_stop_words && it.n >= LARGE_FROM;
        if !unit.is_left_out {
            it.word(word, is_typed, unit);
        }
    }
    it.phrases(words, &mut units);
    for (start, pair) in words.windows(2).enumerate() {
        it.joined(pair, &mut units[start..start + 2]);
    }
    for (word, unit) in words.iter().zip(&mut units) {
        if unit.is_unknown() && !unit.is_stop_word && !unit.is_filler {
            it.unknown(word, unit);
        }
    }
    for unit in units.iter_mut().filter(|it| it.is_request && !it.is_unknown()) {
        unit.weight = unit.weight.max(rarity(it.n, 1) * REQUEST_SHARE / 100);
    }
    Expansion { units, terms: it.terms }
}

struct Expander<'a> {
    index: &'a Index,
    n: u32,
    terms: Vec<u32>,
}

impl<'a> Expander<'a> {
    fn folding(&self) -> &'a Folding {
        self.index.folding()
    }

    fn kind(&self, word: &Word) -> Unit<'a> {
        let is_stop_word = fold::is_stop_word(self.folding(), word);
        Unit { is_stop_word, is_filler: self.index.is_filler(&word.term), ..Unit::default() }
    }

    /// The word itself, as it is typed.
    fn word(&mut self, word: &Word, is_typing: bool, unit: &mut Unit<'a>) {
        let (n, is_stop_word, is_filler) = (self.n, unit.is_stop_word, unit.is_filler);
        let weigh = |postings: &Postings<'_>| match rarity(n, postings.n_entries()) {
            _ if is_stop_word => STOP_WORD_WEIGHT,
            it if is_filler => it * FILLER_SHARE / 100,
            it => it,
        };
        for term in [Some(word.term.clone()), matching::family(word)].into_iter().flatten() {
            if let Some((term, postings)) = self.index.term(&term) {
                unit.add(weigh(&postings), true, Places::Term(postings));
                self.terms.push(term);
            }
        }
        if is_typing {
            matching::prefixed(self.index, word, |postings, quality| {
                unit.add((weigh(&postings) * quality / 100).max(1), true, Places::Term(postings));
            });
        }
    }

    /// What others say instead.
    fn phrases(&mut self, words: &[Word], units: &mut [Unit<'a>]) {
        let mut phrase = String::new();
        for len in 1..=MAX_PHRASE_WORDS.min(words.len()) {
            for start in 0..=words.len() - len {
                let covered = start..start + len;
                if self.n >= LARGE_FROM && units[covered.clone()].iter().all(|it| !it.is_unknown()) {
                    continue;
                }
                phrase.clear();
                for it in &words[covered.clone()] {
                    if !phrase.is_empty() {
                        phrase.push(' ');
                    }
                    phrase.push_str(&it.term);
                }
                for target in self.index.related(&phrase) {
                    // A word that stands for nothing in particular asks for something.
                    units[start].is_request |= target.terms.is_empty();
                    let tells = |it: &(u32, Postings<'_>)| it.1.n_entries() <= TELLING_UP_TO;
                    if self.n < LARGE_FROM || target.terms.iter().any(tells) {
                        let quality = match target.strength {
                            Strength::Same => SAME,
                            Strength::Suggested => SUGGESTED,
                            Strength::Related => RELATED,
                        };
                        self.target(target, quality, &mut units[covered.clone()]);
                    }
                }
            }
        }
    }

    /// Two words as one: "log in" for "login".
    fn joined(&mut self, pair: &[Word], units: &mut [Unit<'a>]) {
        let joined = [pair[0].folded.as_str(), &pair[1].folded].concat();
        if let Some(term) = self.index.term(&fold::stem(self.folding(), &joined)) {
            self.target(Target { strength: Strength::Same, terms: vec![term] }, JOINED, units);
        }
    }

    /// A word that stands for nothing so far: it may lack a space, or be
    /// misspelt.
    fn unknown(&mut self, word: &Word, unit: &mut Unit<'a>) {
        if let Some(parts) = matching::parts(self.index, word) {
            let target = Target { strength: Strength::Same, terms: parts.into() };
            self.target(target, SPLIT, std::slice::from_mut(unit));
        }
        if unit.is_unknown() {
            for it in matching::typos(self.index, word) {
                unit.add(rarity(self.n, it.postings.n_entries()) * it.quality / 100, false, Places::Term(it.postings));
                self.terms.push(it.term);
            }
        }
        if unit.is_unknown()
            && let Some((term, postings)) = matching::beginning(self.index, word)
        {
            unit.add(rarity(self.n, postings.n_entries()) * BEGINNING / 100, false, Places::Term(postings));
            self.terms.push(term);
        }
    }

    /// Words that together stand for a target have each their part of it.
    fn target(&mut self, target: Target<'a>, quality: u32, units: &mut [Unit<'a>]) {
        let own: u32 = target.terms.iter().map(|it| rarity(self.n, it.1.n_entries()) * quality / 100).sum();
        let places = match target.terms.as_slice() {
            [] => return,
            [(_, postings)] => Places::Term(postings.clone()),
            terms => common(terms),
        };
        if let Places::Common(titles, docs) = &places
            && titles.is_empty()
            && docs.is_empty()
        {
            return;
        }
        let share = own / units.len() as u32;
        for it in units {
            it.add(share, false, places.clone());
        }
        self.terms.extend(target.terms.into_iter().map(|it| it.0));
    }
}

/// The titles and entries that have all the terms.
fn common<'a>(terms: &[(u32, Postings<'a>)]) -> Places<'a> {
    let mut terms: Vec<Postings<'a>> = terms.iter().map(|it| it.1.clone()).collect();
    // The rarest first: the others are only looked up in what it has.
    let rarest = (0..terms.len()).min_by_key(|it| terms[*it].n_entries()).unwrap_or_default();
    terms.swap(0, rarest);
    let (mut titles, mut docs) = (Vec::new(), Vec::new());
    for (round, postings) in terms.iter().enumerate() {
        let (mut some_titles, mut some_docs) = (Vec::new(), Vec::new());
        for it in postings.clone() {
            match it {
                Place::Title(title) if round == 0 || titles.binary_search(&title).is_ok() => some_titles.push(title),
                Place::Entry(doc, fields) => {
                    let at = docs.partition_point(|it: &u64| it >> 32 < u64::from(doc));
                    if round == 0 {
                        some_docs.push(u64::from(doc) << 32 | u64::from(fields.0));
                    } else if let Some(it) = docs.get(at).filter(|it| *it >> 32 == u64::from(doc)) {
                        some_docs.push(*it);
                    }
                }
                Place::Title(_) => {}
            }
        }
        (titles, docs) = (some_titles, sorted_numbers(some_docs));
    }
    Places::Common(titles, docs.into_iter().map(|it| ((it >> 32) as u32, Fields(it as u8))).collect())
}

/// In ascending order. A heap is a tenth of the machine code that the standard
/// sort is, and all that is sorted is brought into this one form.
pub fn sorted_numbers(numbers: Vec<u64>) -> Vec<u64> {
    BinaryHeap::from(numbers).into_sorted_vec()
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

/// What a word is worth in fields other than titles, where it is worth
/// [`TITLE_WEIGHT`]. Much more would let a word of a cause push aside a symptom.
const WEIGHTS: [(Field, u32); 3] = [(Field::Cause, 10), (Field::Area, 5), (Field::Resolution, 5)];

/// What a word is worth in a title.
pub const TITLE_WEIGHT: u32 = 100;

/// What a word is worth in each set of fields.
pub fn field_weights() -> [u32; Fields::SETS] {
    let sum = |set: Fields| WEIGHTS.iter().filter(|it| set.contains(it.0)).map(|it| it.1).sum();
    std::array::from_fn(|it| sum(Fields(it as u8)))
}
