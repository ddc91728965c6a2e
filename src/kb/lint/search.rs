//! Asks the engine that the page runs: does a symptom find its entry first, and
//! an alias its own?

use crate::index::{self, Contents, Index, text};
use crate::kb::audience::Audience;
use crate::kb::diagnostic::Diagnostic;
use crate::kb::parse::Book;
use crate::search::{self, fold};

/// Most places of words that are looked at for all symptoms and aliases: 9,764
/// real entries take two thirds of it. Where thousands of symptoms consist of
/// the same words, each finds all, and asking for each would take minutes.
const MAX_PLACES: usize = 90_000_000;

/// A word in no more entries than this tells them apart, about as the search has it.
const RARE: usize = 200;

/// What may still be looked at.
struct Work<'a> {
    contents: &'a Contents,
    left: usize,
    /// How many questions were not asked.
    n_left_out: usize,
}

impl Work<'_> {
    /// Whether there is room for a question.
    fn takes(&mut self, query: &str) -> bool {
        let terms = &self.contents.terms;
        let (mut rare, mut common) = (0, 0);
        for word in fold::words(&self.contents.folding, query) {
            if let Ok(at) = terms.binary_search_by(|it| it.text.cmp(&word.term)) {
                let sum = if terms[at].n_entries as usize > RARE { &mut common } else { &mut rare };
                *sum += terms[at].titles.len() + terms[at].postings.len();
            }
        }
        // Where telling words have found enough, the search only passes over the others.
        let places = if rare >= RARE { rare + common / 8 } else { rare + common };
        match self.left.checked_sub(places) {
            Some(left) => self.left = left,
            None => {
                // What is as common does not fit either.
                self.left = 0;
                self.n_left_out += 1;
                return false;
            }
        }
        true
    }
}

impl Book {
    pub(super) fn check_search(&self, found: &mut Vec<Diagnostic>) {
        let contents = self.contents(Audience::Staff);
        let index = match Index::open(index::write(&contents)) {
            Ok(index) => index,
            Err(error) => unreachable!("what was just written can be read: {error}"),
        };
        let mut work = Work { contents: &contents, left: MAX_PLACES, n_left_out: 0 };
        let copies = self.copies();
        // What is in another language was checked in that.
        for draft in self.drafts.iter().filter(|it| it.lang.is_empty()) {
            // Of two that say the same one is second: that is said of them already.
            if copies.contains(draft.id.as_str()) {
                continue;
            }
            let symptom = text::plain(&draft.symptom);
            if !work.takes(&symptom) {
                continue;
            }
            let Some(other) = other_first(&index, &symptom, &draft.id) else { continue };
            let (source, span) = self.at(draft);
            let message = format!("searching for \"{symptom}\" finds {other} first");
            let it = Diagnostic::warning("symptom-finds-another", source, span, message);
            found
                .push(it.hint("word the symptom more clearly, or take the other's alias away").about(draft.id.clone()));
        }
        for (id, aliases) in &self.vocabulary.aliases {
            for alias in aliases {
                if work.takes(alias.get_ref())
                    && let Some(other) = other_first(&index, alias.get_ref(), id.get_ref())
                {
                    let message = format!("searching for \"{}\" finds {other} first", alias.get_ref());
                    let it = Diagnostic::warning("alias-finds-another", &self.vocabulary.source, alias.span(), message);
                    found.push(
                        it.hint(format!("it should find {}; make it clearer or take it away", id.get_ref()))
                            .about(id.get_ref().clone()),
                    );
                }
            }
        }
        if let Some(draft) = self.drafts.first().filter(|_| work.n_left_out > 0) {
            let (source, span) = self.at(draft);
            let n = work.n_left_out;
            let message = format!("{n} symptoms and aliases were not searched for, as too many have the same words");
            let it = Diagnostic::warning("symptom-finds-another", source, span, message);
            found.push(it.hint("say in each symptom what sets it apart; what all share tells nobody which to open"));
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

#[cfg(test)]
mod tests {
    use super::{MAX_PLACES, Work};
    use crate::index::{Contents, Term};

    #[test]
    fn questions_are_asked_until_they_have_looked_at_enough() {
        let term = |text: &str, n: u32| Term {
            text: text.into(),
            titles: (0..n).collect(),
            postings: Vec::new(),
            n_entries: n,
        };
        let terms = vec![term("common", 1_000), term("rare", 2), term("telling", 200)];
        let contents = Contents { terms, ..Contents::default() };
        let mut work = Work { contents: &contents, left: MAX_PLACES, n_left_out: 0 };
        assert!(work.takes("common rare unknown"));
        assert_eq!(MAX_PLACES - work.left, 1_002);
        work.left = 325;
        assert!(work.takes("telling common"), "the common word is passed over");
        assert!(!work.takes("rare"));
        assert!(!work.takes("common") && work.takes("unknown"));
        assert_eq!((work.left, work.n_left_out), (0, 2));
    }
}
