//! How well each entry fits the words of a query: where they stand, counted on
//! a board, and what that is worth.

use super::confidence::Evidence;
use super::expand::{LARGE_FROM, Part, Places, TITLE_WEIGHT, Unit, field_weights, rarity};
use super::fold::Word;
use crate::index::{Fields, Index, Place, Title};

/// What a word that the knowledge base does not know weighs, in hundredths of
/// a rare word that it knows: it says that the question is about something
/// else.
const UNKNOWN_WORD_SHARE: u32 = 107;
/// The same for what machines write: numbers, codes, very long words.
const MACHINE_WORD_SHARE: u32 = 33;
const MACHINE_WORD_FROM: usize = 20;

/// What an entry scores when hardly anything of the query is in it, in
/// hundredths of what it scores when all is; raised to this power.
const SCORE_OF_FEW: u32 = 16;
const POWER: u32 = 3;

/// What a title is worth of which hardly anything is in the query, in
/// hundredths of one that is in it as a whole.
const SCORE_OF_LITTLE: u32 = 13;

/// What a symptom is worth, in hundredths, that a query has word by word,
/// whatever stands around it: at 160 "again" and "yesterday" in another entry's
/// aliases outweighed a symptom of three words. From so many words on, of which
/// so much is in the query, it is no accident.
const QUOTED_SYMPTOM: u32 = 200;
const QUOTED_WORDS: usize = 3;
const QUOTED_SHARE: u32 = 95;

/// How much an entry's length counts against what is found outside its
/// titles, in hundredths: much text holds every word.
const LENGTH_SHARE: u32 = 51;

/// A query of more than a few words that stands in one field is a quotation:
/// what it is worth more then, in hundredths, and from how many words on it
/// is one for certain.
const QUOTATION: u32 = 1_000;
const QUOTATION_FROM: u32 = 4;
const QUOTATION_WORDS: u32 = 7;

/// In a large knowledge base, words that so many entries have add to entries
/// that more telling words found, when there are enough of these. Among 10,000
/// entries a query's 95th percentile is a quarter less than with 1,000 and 300,
/// and as much is found; with 60 for enough, one in a hundred sentences is lost.
const COMMON_FROM: u32 = 250;
const ENOUGH: usize = 150;

/// An entry with anything of the query in it.
pub struct Ranked {
    pub doc: u32,
    pub score: u32,
    /// Weight of the query's words found anywhere.
    asked: u32,
    /// The place of its surest title in [`Ranking::in_titles`], from 1.
    surest_at: u32,
    /// Whether its symptom has all words of the query.
    pub is_contained: bool,
}

/// What was asked, all words together.
struct Asked {
    whole: u32,
    /// Weight of the rarest word there can be.
    rare: u32,
    n_telling: u32,
    n_unknown: u32,
    n_requests: u32,
}

impl Asked {
    /// A part of the query's weight in hundredths of the whole.
    fn share(&self, part: u32) -> u32 {
        (100 * part / self.whole).min(100)
    }
}

/// The entries with anything of the query in them, in no order.
pub struct Ranking {
    asked: Asked,
    pub ranked: Vec<Ranked>,
    in_titles: Vec<InTitle>,
}

impl Ranking {
    /// What speaks for an entry. Only looked at for the best: there are
    /// thousands of others.
    pub fn evidence(&self, index: &Index, it: &Ranked) -> Evidence {
        let Asked { rare, n_telling, n_unknown, n_requests, .. } = self.asked;
        let entry = Evidence {
            asked: self.asked.share(it.asked),
            weight: 10 * it.asked / rare,
            n_telling,
            n_unknown,
            is_request: n_requests > 0,
            is_bare: index.is_bare(it.doc),
            ..Evidence::default()
        };
        let title = it.surest_at.checked_sub(1).and_then(|at| self.in_titles.get(at as usize));
        title.map_or(entry, |title| Evidence {
            asked_in_title: self.asked.share(title.asked),
            title_in_query: title.share_of(index.titles()[title.title as usize]),
            n_in_title: title.n_words,
            is_request: title.n_requests < n_requests,
            ..entry
        })
    }
}

#[cfg(feature = "compiler")]
impl Ranking {
    /// The title of an entry that has most of the query and is most in it.
    pub fn best_title(&self, it: &Ranked) -> Option<u32> {
        self.in_titles.get(it.surest_at.checked_sub(1)? as usize).map(|it| it.title)
    }
}

/// A word of the query as it is counted: its number from 1, and its weight in
/// titles and in other fields.
#[derive(Clone, Copy)]
struct Counted {
    number: u32,
    weight: u32,
    weight_in_fields: u32,
    is_request: bool,
}

/// What was found of a query in one title.
#[derive(Clone, Copy, Default)]
struct InTitle {
    title: u32,
    /// The word that was counted last, and what it gave.
    number: u32,
    last: u32,
    n_words: u32,
    n_requests: u32,
    /// Words that it has as they were typed.
    n_literal: usize,
    /// Weight of the query's words.
    asked: u32,
    /// Weight of the title's words.
    own: u32,
}

impl InTitle {
    /// How much of the title is in the query, in hundredths.
    fn share_of(&self, title: Title) -> u32 {
        100 * self.own.min(title.weight) / title.weight
    }
}

/// What was found of a query in one entry.
#[derive(Clone, Copy, Default)]
struct InDoc {
    doc: u32,
    /// Outside the titles: the word that was counted last, what it gave, and
    /// all together.
    number: u32,
    last: u32,
    score: u32,
    /// Weight of the query's words in the cause and in the resolution.
    in_field: [u32; 2],
    /// Weight of the query's words found anywhere, and the word that was
    /// counted last.
    asked: u32,
    asked_number: u32,
    /// The best title: its score, the share of it in the query.
    best: u32,
    best_share: u32,
    /// The surest title: how sure, and its place on the board, from 1.
    surest: u32,
    surest_at: u32,
    /// Whether the symptom has all words of the query.
    is_contained: bool,
}

/// Which titles and entries were found so far. A query touches few of a large
/// knowledge base: they stand close together, and a table says where.
struct Board<'a> {
    titles: &'a [Title],
    /// Per title and per entry its place in the lists below, from 1; 0 for none.
    title_at: Vec<u32>,
    doc_at: Vec<u32>,
    in_titles: Vec<InTitle>,
    in_docs: Vec<InDoc>,
    /// Whether entries that were not found yet are left out.
    is_full: bool,
    weights: [u32; Fields::SETS],
}

impl<'a> Board<'a> {
    fn new(index: &'a Index) -> Self {
        Self {
            titles: index.titles(),
            title_at: vec![0; index.titles().len()],
            doc_at: vec![0; index.n_entries() as usize],
            in_titles: Vec::new(),
            in_docs: Vec::new(),
            is_full: false,
            weights: field_weights(),
        }
    }

    #[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
    fn unit(&mut self, word: Counted, unit: &Unit<'_>) {
        for part in &unit.parts {
            match &part.places {
                Places::Term(postings) => {
                    for it in postings.clone() {
                        match it {
                            Place::Title(title) => self.title(title, word, part),
                            Place::Entry(doc, fields) => self.field(doc, word, part.own, fields),
                        }
                    }
                }
                Places::Common(titles, docs) => {
                    for it in titles {
                        self.title(*it, word, part);
                    }
                    for it in docs {
                        self.field(it.0, word, part.own, it.1);
                    }
                }
            }
        }
    }

    #[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
    fn title(&mut self, title: u32, word: Counted, part: &Part<'_>) {
        let own = part.own;
        if self.count(self.titles[title as usize].doc, word.number, word.weight).is_none() {
            return;
        }
        let slot = &mut self.title_at[title as usize];
        if *slot == 0 {
            self.in_titles.push(InTitle { title, ..InTitle::default() });
            *slot = self.in_titles.len() as u32;
        }
        let it = &mut self.in_titles[*slot as usize - 1];
        if it.number != word.number {
            it.number = word.number;
            it.last = own;
            it.own += own;
            it.asked += word.weight;
            it.n_words += u32::from(word.weight > 1);
            it.n_requests += u32::from(word.is_request);
            it.n_literal += usize::from(part.is_literal);
        } else if own > it.last {
            it.own += own - it.last;
            it.last = own;
        }
    }

    #[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
    fn field(&mut self, doc: u32, word: Counted, own: u32, fields: Fields) {
        let score = own * self.weights[fields.0 as usize];
        let Some(it) = self.count(doc, word.number, word.weight_in_fields) else { return };
        if it.number != word.number {
            it.number = word.number;
            it.last = score;
            it.score += score;
            for (at, sum) in it.in_field.iter_mut().enumerate() {
                *sum += if fields.0 >> at & 1 == 1 { word.weight_in_fields } else { 0 };
            }
        } else if score > it.last {
            it.score += score - it.last;
            it.last = score;
        }
    }

    /// Counts a word once for an entry, in however many places it is found.
    #[expect(clippy::inline_always, reason = "the loop over postings is most of a search in a large knowledge base")]
    #[inline(always)]
    fn count(&mut self, doc: u32, number: u32, weight: u32) -> Option<&mut InDoc> {
        let slot = &mut self.doc_at[doc as usize];
        if *slot == 0 {
            if self.is_full {
                return None;
            }
            self.in_docs.push(InDoc { doc, ..InDoc::default() });
            *slot = self.in_docs.len() as u32;
        }
        let it = &mut self.in_docs[*slot as usize - 1];
        if it.asked_number != number && weight > 0 {
            it.asked_number = number;
            it.asked += weight;
        }
        Some(it)
    }
}

/// Scores all entries that have anything of the query in them.
#[cfg_attr(all(target_family = "wasm", feature = "widget"), optimize(speed))]
pub fn score(index: &Index, words: &[Word], units: &[Unit<'_>]) -> Ranking {
    let n = index.n_entries();
    let rare = rarity(n, 1);
    let (mut whole, mut n_unknown) = (0, 0);
    let mut known: Vec<(Counted, &Unit<'_>)> = Vec::new();
    for (number, (word, unit)) in (1..).zip(words.iter().zip(units)) {
        if !unit.is_unknown() {
            whole += unit.weight;
            let weight_in_fields = if unit.is_request { 0 } else { unit.weight };
            let is_request = unit.is_request;
            known.push((Counted { number, weight: unit.weight, weight_in_fields, is_request }, unit));
        } else if unit.is_telling() {
            n_unknown += 1;
            let is_machine =
                word.folded.len() >= MACHINE_WORD_FROM || word.folded.bytes().any(|it| it.is_ascii_digit());
            let share = if is_machine && !unit.is_request { MACHINE_WORD_SHARE } else { UNKNOWN_WORD_SHARE };
            whole += rare * share / 100;
        }
    }
    let whole = whole.max(1);
    let mut board = Board::new(index);
    // The rare words first: they say which entries the common ones add to.
    for is_common in [false, true] {
        for (word, unit) in known.iter().filter(|it| (it.1.n_entries() > COMMON_FROM) == is_common) {
            board.is_full = is_common && n >= LARGE_FROM && board.in_docs.len() >= ENOUGH;
            board.unit(*word, unit);
        }
    }
    let Board { titles, in_titles, mut in_docs, doc_at, .. } = board;
    let asked = Asked {
        whole,
        rare,
        n_unknown,
        n_telling: units.iter().filter(|it| it.is_telling()).count() as u32,
        n_requests: units.iter().filter(|it| it.is_request).count() as u32,
    };
    let n_looked_for = units.iter().filter(|it| !it.is_left_out).count();
    for (at, it) in (1..).zip(&in_titles) {
        let title = &titles[it.title as usize];
        let doc = &mut in_docs[doc_at[title.doc as usize] as usize - 1];
        let is_symptom = it.title == 0 || titles[it.title as usize - 1].doc != title.doc;
        doc.is_contained |= is_symptom && it.n_literal == n_looked_for;
        let share = it.share_of(*title);
        let is_quoted = is_symptom && share >= QUOTED_SHARE && it.n_literal >= QUOTED_WORDS;
        let quoted = if is_quoted { QUOTED_SYMPTOM } else { 100 };
        let best = it.own * TITLE_WEIGHT * blend(SCORE_OF_LITTLE, share) / 100 * quoted / 100;
        if best > doc.best {
            (doc.best, doc.best_share) = (best, share);
        }
        let sure = asked.share(it.asked) * share;
        if sure >= doc.surest {
            (doc.surest, doc.surest_at) = (sure, at);
        }
    }
    let quotation = (words.len() as u32).saturating_sub(QUOTATION_FROM).min(QUOTATION_WORDS);
    let mut ranked: Vec<Ranked> = Vec::with_capacity(in_docs.len());
    for it in in_docs.iter().filter(|it| it.asked > 0) {
        let quoted = if quotation > 0 { asked.share(it.in_field[0].max(it.in_field[1])) } else { 0 };
        let quoted = quoted * quoted * quoted / 10_000 * quotation / QUOTATION_WORDS;
        let length = 100 - LENGTH_SHARE + (LENGTH_SHARE * index.len_of(it.doc) / index.mean_len()).min(500);
        // What is quoted from a field is not asked about in a title.
        let in_titles = it.best * (100 - (2 * quoted * (100 - it.best_share) / 100).min(100)) / 100;
        let in_fields = it.score * 100 / length * (100 + QUOTATION * quoted / 100) / 100;
        let share = blend(SCORE_OF_FEW, asked.share(it.asked));
        let score = (0..POWER).fold(in_titles + in_fields, |sum, _| sum * share / 100).max(1);
        ranked.push(Ranked {
            doc: it.doc,
            score,
            asked: it.asked,
            surest_at: it.surest_at,
            is_contained: it.is_contained,
        });
    }
    Ranking { asked, ranked, in_titles }
}

/// A share in hundredths, raised so that nothing of it still counts `least`.
fn blend(least: u32, share: u32) -> u32 {
    least + (100 - least) * share / 100
}
