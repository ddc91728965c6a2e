//! What to write next: recorded events in, searches that found nothing and
//! entries that did not help out, the most frequent first.
//!
//! Knows the events that the element fires and the search, not who recorded
//! them, when, or in which file. A line that cannot be read is named and
//! counted; nothing else in the file depends on it.
//!
//! ```
//! use unstuck::index::{self, Index};
//! use unstuck::kb::{Audience, Book, Sources, gaps};
//!
//! let mut sources = Sources::default();
//! sources.add("billing.md", b"# Billing\n\n| Symptom | Fix |\n|---|---|\n| Charged twice | Contact support |\n".to_vec());
//! let contents = Book::read(&sources).contents(Audience::Staff);
//! let index = Index::open(index::write(&contents)).unwrap();
//! let events = br#"{ "type": "unstuck-no-match", "time": "2026-01-05", "detail": { "query": "gift cards", "area": null } }"#;
//! let found = gaps(&index, events);
//! assert_eq!((found.unanswered[0].query.as_str(), found.unanswered[0].count), ("gift cards", 1));
//! ```

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::index::{Index, Strength, text};
use crate::search::{Explanation, WordKind, distance, explain, fold};

/// How many entries are named that come nearest to a search without a match.
const NEAREST: usize = 3;

/// Two searches of which so much is the same, in hundredths, are one: of three
/// words and four, three; of two words and three, two; of two and two, both.
const SAME_FROM: usize = 75;

/// Shortest words in which one slip and two slips of the finger are forgiven,
/// as in the search.
const ONE_EDIT_FROM: usize = 4;
const TWO_EDITS_FROM: usize = 8;

/// Shortest beginning of a word that stands for it: people pause while they type.
const BEGINNING_FROM: usize = 3;

/// Longest text of a search that is kept, in characters: people paste logs.
const MAX_QUERY: usize = 200;

/// Each word is compared with so many others, the most frequent ones, to tell
/// whether it is a slip of one, and each search with so many that have one of its
/// words: anybody can send what is recorded, and of a million searches each would
/// be compared with each.
const MAX_WORDS_COMPARED: usize = 1_000;
const MAX_SEARCHES_COMPARED: usize = 200;

/// What the events say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Gaps {
    /// Lines that are not empty.
    pub lines: usize,
    /// Events by their type, those that say nothing here included.
    pub types: BTreeMap<String, usize>,
    /// Searches without a match whose text was not recorded.
    pub private: usize,
    /// Searches without a match by what they are about, the most frequent first.
    pub unanswered: Vec<Unanswered>,
    /// Entries that did not help, the most frequent first.
    pub unhelpful: Vec<Unhelpful>,
    /// Lines that could not be read, in their order.
    pub bad: Vec<BadLine>,
}

/// Something that people looked for and did not find.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unanswered {
    /// How it was said most often.
    pub query: String,
    /// How often it was looked for.
    pub count: usize,
    /// How often somebody was asked for help about it instead.
    pub escalated: usize,
    /// All ways in which it was said, the most frequent first.
    pub variants: Vec<Variant>,
    /// The areas in which it was looked for, if one was chosen.
    pub areas: BTreeMap<String, usize>,
    /// The entry that answers it by now.
    pub answered_by: Option<String>,
    /// The entry that a search finds by now, though a word of it is not known or
    /// what matched is spelled otherwise: somebody should look whether it answers.
    pub perhaps: Option<String>,
    /// The entries that come nearest, best first.
    pub nearest: Vec<NearEntry>,
    /// Its words that no entry has.
    pub unknown: Vec<String>,
}

/// A way in which something was looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// As it was typed.
    pub query: String,
    /// How often.
    pub count: usize,
}

/// An entry near to a search without a match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NearEntry {
    /// Id of the entry.
    pub id: String,
    /// Its symptom, without marks.
    pub symptom: String,
    /// Above 0 it would be an answer.
    pub confidence: i32,
    /// Words of the search that it has.
    pub has: Vec<String>,
    /// Words of the search that it does not have.
    pub lacks: Vec<String>,
}

/// An entry that did not help somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unhelpful {
    /// Id of the entry.
    pub id: String,
    /// Its symptom, without marks; empty for an entry that is gone.
    pub symptom: String,
    /// How often it was opened by hand. An answer so clear that it opens by
    /// itself is not counted, so that there may be more outcomes than this.
    pub opened: usize,
    /// How often the problem was gone.
    pub resolved: usize,
    /// How often the steps did not help.
    pub not_resolved: usize,
    /// How often somebody was asked for help about it.
    pub escalated: usize,
}

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BadLine {
    /// From 1.
    pub line: usize,
    /// Lower case, no full stop.
    pub message: String,
}

/// What to write next, by events of the element as they were recorded: one
/// `{ "type", "time", "detail" }` a line. The same events in another order give
/// the same, but for the numbers of lines.
pub fn gaps(index: &Index, events: &[u8]) -> Gaps {
    let mut found = Gaps::default();
    let mut searches: BTreeMap<String, Searched> = BTreeMap::new();
    let mut private = Searched::default();
    let mut entries: BTreeMap<String, Unhelpful> = BTreeMap::new();
    let events = events.strip_prefix(b"\xef\xbb\xbf").unwrap_or(events);
    for (at, line) in events.split(|it| *it == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        found.lines += 1;
        match read(line) {
            Err(message) => found.bad.push(BadLine { line: at + 1, message }),
            Ok(event) => {
                *found.types.entry(event.kind.clone()).or_default() += 1;
                if let Err(message) = note(index, &event, &mut searches, &mut private, &mut entries) {
                    found.bad.push(BadLine { line: at + 1, message });
                }
            }
        }
    }
    found.private = private.count();
    found.unanswered = group(index, searches).into_iter().map(|it| describe(index, it)).collect();
    found.unhelpful = entries.into_values().filter(|it| it.not_resolved + it.escalated > 0).collect();
    found.unhelpful.sort_by(|a, b| {
        let rank = |it: &Unhelpful| (Reverse(it.not_resolved), Reverse(it.escalated), it.resolved);
        rank(a).cmp(&rank(b)).then_with(|| a.id.cmp(&b.id))
    });
    found
}

struct Event {
    kind: String,
    detail: Map<String, Value>,
}

fn read(line: &[u8]) -> Result<Event, String> {
    let line = std::str::from_utf8(line).map_err(|_| "expected UTF-8, found other bytes")?;
    let value: Value = serde_json::from_str(line).map_err(|it| {
        let at = it.column();
        let what = if it.is_eof() { "an object that is cut off" } else { "other text" };
        format!("expected a JSON object, found {what} at column {at}")
    })?;
    let Value::Object(mut event) = value else {
        return Err(format!("expected a JSON object, found {}", kind_of(&value)));
    };
    let kind = match event.remove("type") {
        Some(Value::String(it)) => it,
        other => return Err(format!("expected a text as \"type\", found {}", other.as_ref().map_or("none", kind_of))),
    };
    match event.remove("detail") {
        Some(Value::Object(detail)) => Ok(Event { kind, detail }),
        // A type that says nothing here may have any detail.
        _ if !NOTED.contains(&kind.as_str()) => Ok(Event { kind, detail: Map::new() }),
        other => {
            Err(format!("expected an object as \"detail\" of {kind}, found {}", other.as_ref().map_or("none", kind_of)))
        }
    }
}

/// The types that say something here.
const NOTED: [&str; 6] = [
    "unstuck-search",
    "unstuck-no-match",
    "unstuck-entry-opened",
    "unstuck-resolved",
    "unstuck-not-resolved",
    "unstuck-escalated",
];

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// How often one text was looked for without a match.
#[derive(Clone, Default)]
struct Searched {
    /// Told by `unstuck-no-match`, and by `unstuck-search` with no answer: the
    /// element fires both, and a host may have recorded only one of them.
    no_match: usize,
    search: usize,
    escalated: usize,
    areas: BTreeMap<String, usize>,
}

impl Searched {
    fn count(&self) -> usize {
        self.no_match.max(self.search)
    }
}

fn note(
    index: &Index,
    event: &Event,
    searches: &mut BTreeMap<String, Searched>,
    private: &mut Searched,
    entries: &mut BTreeMap<String, Unhelpful>,
) -> Result<(), String> {
    let field = |name: &str| match event.detail.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(it)) => Ok(Some(it.as_str())),
        Some(other) => Err(format!("expected a text as \"{name}\" of {}, found {}", event.kind, kind_of(other))),
    };
    let mut note_search = |is_no_match: bool| -> Result<(), String> {
        let it = match field("query")? {
            Some(query) => searches.entry(shortened(query)).or_default(),
            None => &mut *private,
        };
        if is_no_match {
            it.no_match += 1;
            if let Some(area) = field("area")? {
                *it.areas.entry(area.into()).or_default() += 1;
            }
        } else {
            it.search += 1;
        }
        Ok(())
    };
    match event.kind.as_str() {
        "unstuck-no-match" => note_search(true)?,
        "unstuck-search" => match event.detail.get("count").map(Value::as_u64) {
            Some(Some(0)) => note_search(false)?,
            Some(Some(_)) => {}
            _ => return Err("expected a number as \"count\" of unstuck-search".into()),
        },
        kind if NOTED.contains(&kind) => match (field("id")?, kind) {
            (Some(id), _) => {
                let it = entry(index, id, entries);
                match kind {
                    "unstuck-entry-opened" => it.opened += 1,
                    "unstuck-resolved" => it.resolved += 1,
                    "unstuck-not-resolved" => it.not_resolved += 1,
                    _ => it.escalated += 1,
                }
            }
            // Nothing was open: what they looked for was not there.
            (None, "unstuck-escalated") => {
                if let Some(query) = field("query")?.filter(|it| !it.trim().is_empty()) {
                    searches.entry(shortened(query)).or_default().escalated += 1;
                }
            }
            (None, _) => return Err(format!("expected a text as \"id\" of {kind}, found none")),
        },
        _ => {}
    }
    Ok(())
}

fn shortened(query: &str) -> String {
    let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
    match query.char_indices().nth(MAX_QUERY) {
        Some((at, _)) => format!("{}…", &query[..at]),
        None => query,
    }
}

/// What is known of an entry, under the id that it has now.
fn entry<'a>(index: &Index, id: &str, entries: &'a mut BTreeMap<String, Unhelpful>) -> &'a mut Unhelpful {
    let summary = index.find(id).map(|it| index.summary(it));
    let (id, symptom) = summary.map_or((id.to_owned(), String::new()), |it| (it.id, text::plain(&it.symptom)));
    entries.entry(id.clone()).or_insert_with(|| Unhelpful { id, symptom, ..Unhelpful::default() })
}

/// Searches about one thing.
struct Group {
    words: BTreeSet<String>,
    count: usize,
    searches: Vec<(String, Searched)>,
}

/// Brings together what is about the same: the same words in any order and
/// form, slips of the finger, words that were being typed, and searches that
/// differ in little.
fn group(index: &Index, searches: BTreeMap<String, Searched>) -> Vec<Group> {
    let words = canonical(index, &searches);
    let mut by_words: BTreeMap<BTreeSet<String>, Group> = BTreeMap::new();
    for (query, it) in searches {
        // A search that was answered in the end, and escalated all the same, is none.
        if it.count() == 0 && it.escalated == 0 {
            continue;
        }
        let key: BTreeSet<String> =
            telling(index, &query).into_iter().map(|it| words.get(&it).cloned().unwrap_or(it)).collect();
        let group = by_words.entry(key.clone()).or_insert(Group { words: key, count: 0, searches: Vec::new() });
        group.count += it.count();
        group.searches.push((query, it));
    }
    let mut groups: Vec<Group> = by_words.into_values().collect();
    groups.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.words.cmp(&b.words)));
    let mut merged: Vec<Group> = Vec::new();
    // Where each word stands: most searches have none in common.
    let mut with_word: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for it in groups {
        let mut common: BTreeMap<usize, usize> = BTreeMap::new();
        for at in it.words.iter().filter_map(|word| with_word.get(word)).flatten() {
            *common.entry(*at).or_default() += 1;
        }
        let is_same = |(at, n): &(&usize, &usize)| 200 * **n >= SAME_FROM * (it.words.len() + merged[**at].words.len());
        match common.iter().find(is_same).map(|it| *it.0) {
            Some(at) => {
                merged[at].count += it.count;
                merged[at].searches.extend(it.searches);
            }
            None => {
                for word in &it.words {
                    let others = with_word.entry(word.clone()).or_default();
                    if others.len() < MAX_SEARCHES_COMPARED {
                        others.push(merged.len());
                    }
                }
                merged.push(it);
            }
        }
    }
    let escalated = |it: &Group| it.searches.iter().map(|it| it.1.escalated).sum::<usize>();
    merged.sort_by(|a, b| {
        let rank = |it: &Group| (Reverse(it.count), Reverse(escalated(it)));
        rank(a).cmp(&rank(b)).then_with(|| a.words.cmp(&b.words))
    });
    merged
}

/// The words of a search that say what it is about, as the index has them; all
/// of them where none does.
fn telling(index: &Index, query: &str) -> Vec<String> {
    let words = fold::words(index.folding(), query);
    let says_little = |it: &&fold::Word| fold::is_stop_word(index.folding(), it) || index.is_filler(&it.term);
    let telling: Vec<String> = words.iter().filter(|it| !says_little(it)).map(|it| it.term.clone()).collect();
    if telling.is_empty() { words.into_iter().map(|it| it.term).collect() } else { telling }
}

/// What each word that occurs stands for: another word for the same, the word
/// that it is a slip of, or the word that it begins.
fn canonical(index: &Index, searches: &BTreeMap<String, Searched>) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    // Only the last word of a search can be one that was not typed to its end.
    let mut last: BTreeSet<String> = BTreeSet::new();
    for (query, it) in searches {
        let words = telling(index, query);
        last.extend(words.last().cloned());
        for word in words {
            *counts.entry(word).or_default() += it.count().max(it.escalated);
        }
    }
    let mut by_count: Vec<(String, usize)> = counts.into_iter().collect();
    by_count.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut chosen: Vec<(String, Vec<char>)> = Vec::new();
    let mut canonical = BTreeMap::new();
    let mut rows = Vec::new();
    for (word, _) in &by_count {
        let chars: Vec<char> = word.chars().collect();
        let has_room = chosen.len() < MAX_WORDS_COMPARED;
        if index.term(word).is_some() {
            if has_room {
                chosen.push((word.clone(), chars));
            }
            continue;
        }
        let edits = match chars.len() {
            n if n >= TWO_EDITS_FROM => 2,
            n if n >= ONE_EDIT_FROM => 1,
            _ => 0,
        };
        let mut is_slip = |it: &(String, Vec<char>)| {
            edits > 0
                && it.1.first() == chars.first()
                && it.1.len().abs_diff(chars.len()) <= edits
                && distance(&chars, &it.1, &mut rows) <= edits
        };
        // An ending that nobody told us of: "jammed" is no other word than "jam".
        let is_form = |it: &(String, Vec<char>)| it.0.starts_with(word.as_str()) || word.starts_with(it.0.as_str());
        let is_begun = last.contains(word) && chars.len() >= BEGINNING_FROM;
        let meant = chosen
            .iter()
            .find(|it| is_form(it) && is_slip(it))
            .map(|it| it.0.clone())
            .or_else(|| synonym(index, word))
            .or_else(|| chosen.iter().find(|it| is_slip(it)).map(|it| it.0.clone()))
            .or_else(|| chosen.iter().find(|it| is_begun && it.0.starts_with(word.as_str())).map(|it| it.0.clone()));
        match meant {
            Some(meant) => drop(canonical.insert(word.clone(), meant)),
            None if has_room => chosen.push((word.clone(), chars)),
            None => {}
        }
    }
    canonical
}

/// The word of the knowledge base that means the same.
fn synonym(index: &Index, word: &str) -> Option<String> {
    let same = index.related(word).into_iter().filter(|it| it.strength == Strength::Same && it.terms.len() == 1);
    same.filter_map(|it| it.terms.first().map(|it| index.nth_term(it.0))).min()
}

/// Whether an entry was found by nothing but words that are spelled otherwise in
/// it: a slip of the finger for the search, and often another word altogether.
fn is_guess(index: &Index, why: &Explanation, doc: u32) -> bool {
    let Some(entry) = why.nearest.iter().find(|it| it.doc == doc) else { return false };
    let is_as_typed = |word: &str| {
        let is_term = |it: &fold::Word| index.term(&it.term).is_some() || !index.related(&it.term).is_empty();
        index.term(word).is_some() || fold::words(index.folding(), word).iter().any(is_term)
    };
    let read = |word: &str| why.words.iter().find(|it| it.word == word);
    let is_known = |word: &str| read(word).is_some_and(|it| it.kind == WordKind::Known);
    let mut telling = entry.has.iter().map(|it| it.word.as_str()).filter(|it| is_known(it)).peekable();
    telling.peek().is_some() && !telling.any(is_as_typed)
}

fn describe(index: &Index, group: Group) -> Unanswered {
    let mut variants: Vec<Variant> = Vec::new();
    let mut found = Unanswered { count: group.count, ..Unanswered::default() };
    for (query, it) in group.searches {
        found.escalated += it.escalated;
        for (area, n) in &it.areas {
            *found.areas.entry(area.clone()).or_default() += n;
        }
        variants.push(Variant { count: it.count(), query });
    }
    variants.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.query.cmp(&b.query)));
    found.query = variants.first().map(|it| it.query.clone()).unwrap_or_default();
    found.variants = variants;
    let why = explain(index, &found.query, None, NEAREST);
    found.unknown = why.words.iter().filter(|it| it.kind == WordKind::Unknown).map(|it| it.word.clone()).collect();
    if let Some(hit) = why.found.hits.first().filter(|it| it.score > 0) {
        let id = Some(index.summary(hit.doc).id);
        if found.unknown.is_empty() && !is_guess(index, &why, hit.doc) {
            found.answered_by = id;
        } else {
            found.perhaps = id;
        }
    }
    found.nearest = why
        .nearest
        .into_iter()
        .map(|it| NearEntry {
            symptom: text::plain(&index.summary(it.doc).symptom),
            id: it.id,
            confidence: it.confidence,
            has: it.has.into_iter().map(|it| it.word).collect(),
            lacks: it.lacks,
        })
        .collect();
    found
}
