//! The reasons of a search, in words: what `search`, `eval` and `gaps` print.

use unstuck::search::{FoundPlace, FoundWord, Nearest, ReadWord, WordKind};

/// What an entry has of a query and what it lacks, in a line.
pub fn evidence(it: &Nearest) -> String {
    let mut parts = vec![format!("confidence {}", it.confidence)];
    if !it.has.is_empty() {
        parts.push(format!("has {}", found(&it.has)));
    }
    if !it.lacks.is_empty() {
        parts.push(format!("lacks {}", it.lacks.join(", ")));
    }
    parts.push(format!("{} % of the query in it", it.asked));
    if let Some(title) = it.best_title {
        let title = if title == 0 { "symptom".into() } else { format!("alias {title}") };
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
