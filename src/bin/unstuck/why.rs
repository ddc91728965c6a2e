//! The reasons of a search, in words: what `search`, `eval` and `gaps` print.

use std::path::Path;

use anyhow::Result;
use unstuck::kb::Book;
use unstuck::search::{Explanation, FoundPlace, FoundWord, Nearest, ReadWord, WordKind};

use crate::load;

/// The aliases as they were written. A compiled file has only their words.
pub struct Aliases {
    book: Option<Book>,
    lang: Option<String>,
}

impl Aliases {
    /// Those of a knowledge base in a language; none of a compiled file.
    pub fn of(kb: &Path, lang: Option<&str>) -> Result<Self> {
        let book = if kb.is_dir() { Some(Book::read(&load::sources(kb)?)) } else { None };
        Ok(Self { book, lang: lang.map(str::to_owned) })
    }

    /// The alias that is the best of the titles of an entry, if it is one.
    pub fn best(&self, it: &Nearest) -> Option<&str> {
        let at = it.best_title?.checked_sub(1)?;
        let book = self.book.as_ref()?;
        let book = self.lang.as_deref().map_or(Some(book), |it| book.in_language(it))?;
        book.aliases_of(&it.id).get(at as usize).copied()
    }
}

/// How sure a search is of its first entry; none where there is no entry to be sure of.
pub fn confidence(why: &Explanation) -> Option<i32> {
    Some(why.confidence).filter(|it| *it != i32::MIN && !why.nearest.is_empty())
}

/// What an entry has of a query and what it lacks, in a line.
pub fn evidence(it: &Nearest, aliases: &Aliases) -> String {
    let mut parts = vec![format!("confidence {}", it.confidence)];
    if !it.has.is_empty() {
        parts.push(format!("has {}", found(&it.has)));
    }
    if !it.lacks.is_empty() {
        parts.push(format!("lacks {}", it.lacks.join(", ")));
    }
    parts.push(format!("{} % of the query in it", it.asked));
    if let Some(title) = it.best_title {
        let title = match (title, aliases.best(it)) {
            (0, _) => "symptom".into(),
            (_, Some(alias)) => format!("alias “{alias}”"),
            (at, None) => format!("alias {at}"),
        };
        parts.push(format!("{} % in its {title}, of which {} % is in the query", it.asked_in_title, it.title_in_query));
    } else {
        parts.push("nothing in its symptom and aliases".into());
    }
    if it.request_unmet {
        parts.push("asks for something that its titles do not speak of".into());
    }
    if it.contained {
        parts.push("all of it is in the symptom".into());
    }
    parts.join("; ")
}

/// Words of a query with what they count and where they stand, but for those
/// that say nothing beside others.
fn found(words: &[FoundWord]) -> String {
    let telling = words.iter().any(|it| it.weight > 1);
    let words = words.iter().filter(|it| !telling || it.weight > 1).map(|it| {
        let places: Vec<&str> = it.places.iter().map(|it| place(*it)).collect();
        format!("{} {} ({})", it.word, it.weight, places.join(", "))
    });
    words.collect::<Vec<_>>().join(", ")
}

fn place(it: FoundPlace) -> &'static str {
    match it {
        FoundPlace::Symptom => "symptom",
        FoundPlace::Alias => "alias",
        FoundPlace::Cause => "cause",
        FoundPlace::Resolution => "resolution",
        FoundPlace::Area => "area",
    }
}

/// The words of a query that the knowledge base does not know.
pub fn unknown(words: &[ReadWord]) -> Vec<&str> {
    words.iter().filter(|it| it.kind == WordKind::Unknown).map(|it| it.word.as_str()).collect()
}
