//! Asks the engine that the page runs: does a symptom find its entry first, and
//! an alias its own?

use crate::index::{self, Index, text};
use crate::kb::audience::Audience;
use crate::kb::diagnostic::Diagnostic;
use crate::kb::parse::Book;
use crate::search;

impl Book {
    pub(super) fn check_search(&self, found: &mut Vec<Diagnostic>) {
        let index = match Index::open(index::write(&self.contents(Audience::Staff))) {
            Ok(index) => index,
            Err(error) => unreachable!("what was just written can be read: {error}"),
        };
        let copies = self.copies();
        // What is in another language was checked in that.
        for draft in self.drafts.iter().filter(|it| it.lang.is_empty()) {
            // Of two that say the same one is second: that is said of them already.
            if copies.contains(draft.id.as_str()) {
                continue;
            }
            let symptom = text::plain(&draft.symptom);
            let Some(other) = other_first(&index, &symptom, &draft.id) else { continue };
            let (source, span) = self.at(draft);
            let message = format!("searching for \"{symptom}\" finds {other} first");
            let it = Diagnostic::warning("symptom-finds-another", source, span, message);
            found
                .push(it.hint("word the symptom more clearly, or take the other's alias away").about(draft.id.clone()));
        }
        for (id, aliases) in &self.vocabulary.aliases {
            for alias in aliases {
                if let Some(other) = other_first(&index, alias.get_ref(), id.get_ref()) {
                    let message = format!("searching for \"{}\" finds {other} first", alias.get_ref());
                    let it = Diagnostic::warning("alias-finds-another", &self.vocabulary.source, alias.span(), message);
                    found.push(
                        it.hint(format!("it should find {}; make it clearer or take it away", id.get_ref()))
                            .about(id.get_ref().clone()),
                    );
                }
            }
        }
    }
}

/// What a search finds first, if it is not the entry with this id.
fn other_first(index: &Index, query: &str, id: &str) -> Option<String> {
    match search::run(index, query, None).hits.first() {
        Some(hit) => Some(index.summary(hit.doc).id).filter(|it| it != id).map(|it| format!("\"{it}\"")),
        None => Some("nothing".into()),
    }
}
