//! What one entry shows by itself: where its links lead, how long it is, and
//! whether each step is one action.

use std::ops::Range;

use crate::index::text::{self, Piece, Style};
use crate::kb::audience::{Audience, Marked};
use crate::kb::diagnostic::Diagnostic;
use crate::kb::marks::Kind;
use crate::kb::parse::{Book, Draft, DraftStep};
use crate::kb::source::Source;

/// Longest symptom in characters: of 12,441 real ones 99 in a hundred are
/// shorter. A list shows two lines of it; what is longer is a cause or a story.
const MAX_SYMPTOM_CHARS: usize = 240;

/// Longest cause in characters: of 7,910 real ones 95 in a hundred are shorter,
/// most of them with several paragraphs. Above it nobody reads on to the steps.
const MAX_CAUSE_CHARS: usize = 1_000;

/// Longest step in characters: about five lines in the widget. A step is read
/// with one eye while the other is on the screen where it is done.
const MAX_STEP_CHARS: usize = 400;

/// Most steps of an entry: of 9,764 real ones the longest has a third. What has
/// more is a list or a log in the place of steps.
const MAX_STEPS: usize = 100;

/// Verbs with which a step asks for something to be done.
const ACTIONS: [&str; 62] = [
    "add",
    "adjust",
    "change",
    "check",
    "choose",
    "clear",
    "click",
    "close",
    "connect",
    "contact",
    "copy",
    "create",
    "delete",
    "disable",
    "disconnect",
    "double-click",
    "download",
    "drag",
    "edit",
    "enable",
    "enter",
    "find",
    "go",
    "install",
    "log",
    "move",
    "navigate",
    "open",
    "paste",
    "plug",
    "press",
    "reconnect",
    "refresh",
    "reinstall",
    "reload",
    "remove",
    "rename",
    "replace",
    "request",
    "resend",
    "reset",
    "restart",
    "retry",
    "right-click",
    "run",
    "save",
    "scroll",
    "select",
    "send",
    "set",
    "sign",
    "submit",
    "switch",
    "tap",
    "turn",
    "type",
    "uninstall",
    "unplug",
    "update",
    "upgrade",
    "upload",
    "wait",
];

/// Of these, gestures: behind "and" one of them is an action of its own, where
/// "log out and log in" or "copy and paste" are one.
const GESTURES: [&str; 9] =
    ["choose", "click", "double-click", "enter", "press", "right-click", "select", "tap", "type"];

/// Two of them that are one action in two halves, as everybody says them.
const TOGETHER: [(&str, &str); 11] = [
    ("close", "open"),
    ("copy", "paste"),
    ("disable", "enable"),
    ("disconnect", "connect"),
    ("disconnect", "reconnect"),
    ("log", "log"),
    ("sign", "sign"),
    ("turn", "turn"),
    ("uninstall", "install"),
    ("uninstall", "reinstall"),
    ("unplug", "plug"),
];

/// Words before the verb that change nothing.
const LEADS: [&str; 7] = ["then", "and", "and then", "next,", "finally,", "after that,", "afterwards,"];

impl Book {
    /// What can be told of each entry with all others at hand; `original` is
    /// this book itself, or the one that it translates.
    pub(super) fn check_entries(&self, original: &Self, found: &mut Vec<Diagnostic>) {
        for it in self.drafts.iter().filter(|it| it.lang.is_empty()) {
            self.check_entry(it, &|id| original.draft(id), original, found);
            self.check_wording(it, found);
        }
        // Entries in another language than the book have links too.
        for it in self.drafts.iter().filter(|it| !it.lang.is_empty() && std::ptr::eq(self, original)) {
            self.check_entry(it, &|id| original.draft(id), original, found);
        }
    }

    /// The same for the entries of one file, read alone: those that it has
    /// itself count as they are in it, and not as the book has them.
    pub(super) fn check_entries_of_file(&self, book: &Self, path: &str, found: &mut Vec<Diagnostic>) {
        let target =
            |id: &str| self.draft(id).or_else(|| book.draft(id).filter(|it| book.files[it.place.file].path != path));
        for it in &self.drafts {
            self.check_entry(it, &target, book, found);
            if it.lang.is_empty() {
                self.check_wording(it, found);
            }
        }
    }

    /// Links lead to what there is, for everybody who sees them.
    fn check_entry<'a>(
        &self,
        draft: &Draft,
        target: &impl Fn(&str) -> Option<&'a Draft>,
        book: &Self,
        found: &mut Vec<Diagnostic>,
    ) {
        for (audience, span, rich) in texts_with_audience(draft) {
            for piece in text::pieces(rich) {
                let Piece::Open(Style::Link, href) = piece else { continue };
                let source = &self.files[draft.place.file];
                let span = link_span(source, &span, href);
                if let Some(file) = markdown_file(href) {
                    let message = format!("a link leads to the file \"{file}\", and not to an entry");
                    let it = Diagnostic::warning("link-to-file", source, span, message);
                    found.push(
                        it.hint("write the id of an entry behind a hash, as in #billing-charged-twice")
                            .about(draft.id.clone()),
                    );
                    continue;
                }
                let bare = href.trim_start_matches("./").trim_end_matches('/');
                if !href.starts_with('#') && target(bare).is_some() {
                    let message = format!("a link leads to a file \"{bare}\", and not to the entry of that id");
                    let it = Diagnostic::warning("link-to-file", source, span, message);
                    found.push(it.hint(format!("did you mean \"#{bare}\"?")).about(draft.id.clone()));
                    continue;
                }
                let Some(id) = href.strip_prefix('#') else { continue };
                let Some(to) = target(id) else {
                    let mut it =
                        Diagnostic::error("unknown-link", source, span, format!("no entry \"{id}\" to link to"));
                    it.hint = book.nearest_id(id, found);
                    found.push(it.about(draft.id.clone()));
                    continue;
                };
                if to.audience > audience {
                    let message =
                        format!("the audience {audience} sees a link to \"{id}\", which is for {} only", to.audience);
                    let it = Diagnostic::error("link-audience", source, span, message);
                    found.push(
                        it.hint(format!("mark the text with {{audience {}}}, or leave the link out", to.audience))
                            .about(draft.id.clone()),
                    );
                }
            }
        }
    }

    /// Lengths, and one action a step.
    fn check_wording(&self, draft: &Draft, found: &mut Vec<Diagnostic>) {
        let source = &self.files[draft.place.file];
        let mut too_long = |what: &str, rich: &str, most: usize, span: &Range<usize>, hint: &str| {
            let n = text::plain(rich).chars().count();
            if n > most {
                let message = format!("expected at most {most} characters, found a {what} with {n}");
                let it = Diagnostic::warning("too-long", source, span.clone(), message);
                found.push(it.hint(hint).about(draft.id.clone()));
            }
        };
        let place = &draft.place.span;
        too_long(
            "symptom",
            &draft.symptom,
            MAX_SYMPTOM_CHARS,
            place,
            "say what the person sees, and the rest below it",
        );
        for it in &draft.causes {
            too_long(
                "cause",
                &it.value,
                MAX_CAUSE_CHARS,
                place,
                "say why in a sentence or two; what to do belongs to the steps",
            );
        }
        for it in &draft.steps {
            too_long(
                "step",
                &it.value.text,
                MAX_STEP_CHARS,
                &step_span(draft, &it.value),
                "make it several steps: a semicolon separates them in a table",
            );
        }
        if draft.steps.len() > MAX_STEPS {
            let message = format!("expected at most {MAX_STEPS} steps, found {}", draft.steps.len());
            let it = Diagnostic::warning("too-long", source, place.clone(), message);
            found.push(it.hint("make several entries, each of which can be worked through").about(draft.id.clone()));
        }
        if self.config.lang.split('-').next() != Some("en") {
            return;
        }
        for it in draft.steps.iter().filter(|it| it.value.kind != Kind::Info) {
            if let Some((first, second)) = two_actions(&it.value.text) {
                let message = format!("a step with two actions, \"{first}\" and \"{second}\"");
                let it = Diagnostic::warning("two-actions", source, step_span(draft, &it.value), message);
                found.push(it.hint("make it two steps, each of which can be ticked off").about(draft.id.clone()));
            }
        }
    }
}

/// In a longer text no place of a link is looked for: with a link in each of its
/// words it would be read once for each.
const MAX_LINK_TEXT_BYTES: usize = 64 << 10;

/// Where in a text a link stands, or the text where it is not to be seen there.
fn link_span(source: &Source, span: &Range<usize>, href: &str) -> Range<usize> {
    let text = source.text.get(span.clone()).filter(|it| it.len() <= MAX_LINK_TEXT_BYTES);
    let at = text.and_then(|it| it.find(href));
    at.filter(|_| !href.is_empty()).map_or(span.clone(), |at| span.start + at..span.start + at + href.len())
}

/// The path of a relative link that names a Markdown file.
fn markdown_file(href: &str) -> Option<&str> {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let is_relative = !path.contains(':') && !path.starts_with("//");
    let ending = path.rsplit_once('.')?.1;
    (is_relative && (ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("mdx"))).then_some(path)
}

/// The first two verbs of a step that asks for two things to be done.
fn two_actions(rich: &str) -> Option<(String, String)> {
    let plain = without_code(rich);
    let mut found: Vec<String> = Vec::new();
    for clause in clauses(&plain) {
        let clause = clause.to_lowercase();
        let Some(verb) = action(&clause) else { continue };
        found.push(verb.into());
        // What a gesture opens is chosen from with the next.
        let is_one_gesture = verb == "right-click";
        let second = clause.split(" and ").skip(1).filter_map(|it| it.split([' ', ',']).next());
        found.extend(second.filter(|it| !is_one_gesture && GESTURES.contains(it)).map(String::from));
    }
    let [first, second, rest @ ..] = found.as_slice() else { return None };
    let is_one = rest.is_empty() && TOGETHER.contains(&(first, second));
    (!is_one).then(|| (first.clone(), second.clone()))
}

/// A plain text with a word in the place of each piece of code: its dots and
/// semicolons are no sentences.
fn without_code(rich: &str) -> String {
    let mut plain = String::new();
    let mut open = Vec::new();
    for piece in text::pieces(rich) {
        match piece {
            Piece::Text(it) if !open.contains(&Style::Code) => plain.push_str(it),
            Piece::Text(_) => plain.push_str("code"),
            Piece::Open(style, _) => open.push(style),
            Piece::Close => {
                open.pop();
            }
        }
    }
    plain
}

/// The parts of a step that can ask for something each: sentences, and what
/// follows on "then".
fn clauses(plain: &str) -> Vec<&str> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, char) in plain.char_indices() {
        let rest = &plain[at..];
        let ends_sentence = matches!(char, '.' | '!')
            && rest[1..].strip_prefix(' ').is_some_and(|it| it.starts_with(char::is_uppercase));
        let goes_on = [", then ", " and then ", "; "].iter().any(|it| rest.starts_with(it));
        if (ends_sentence || goes_on) && at >= start {
            clauses.push(plain[start..at].trim());
            start = at + 1;
        }
    }
    clauses.push(plain[start..].trim());
    clauses
}

/// The verb with which a clause asks for something, in lower case.
fn action(clause: &str) -> Option<&str> {
    let mut rest = clause.trim_start_matches([',', ';', ' ']);
    while let Some(after) = LEADS.iter().find_map(|it| rest.strip_prefix(it).and_then(|it| it.strip_prefix(' '))) {
        rest = after.trim_start();
    }
    // "If it is still there, contact support": what counts is what to do then.
    let is_condition = ["if ", "when ", "once ", "to ", "in ", "on ", "from ", "under ", "after "];
    if is_condition.iter().any(|it| rest.starts_with(it)) {
        rest = rest.split_once(", ")?.1;
    }
    let verb = rest.split(' ').next()?;
    // "Set up: …" is a title, "Check-in" another word.
    ACTIONS.contains(&verb).then_some(verb)
}

/// Where a step stands: one that was made of other text, where its entry does.
fn step_span(draft: &Draft, step: &DraftStep) -> Range<usize> {
    if step.span.is_empty() { draft.place.span.clone() } else { step.span.clone() }
}

/// Every text of an entry.
pub(in crate::kb) fn all_texts(draft: &Draft) -> impl Iterator<Item = &str> {
    let steps = draft.steps.iter().flat_map(|it| {
        [it.value.text.as_str()].into_iter().chain(it.value.notes.iter().map(|it| it.value.text.as_str()))
    });
    let texts = [&draft.description, &draft.causes, &draft.after].into_iter().flatten().map(|it| it.value.as_str());
    [draft.symptom.as_str()].into_iter().chain(texts).chain(steps)
}

/// Every text of an entry with the widest audience that sees it, and about
/// where it stands.
fn texts_with_audience(draft: &Draft) -> impl Iterator<Item = (Audience, Range<usize>, &str)> {
    let place = &draft.place.span;
    let seen = |it: Option<Audience>| it.unwrap_or_default().max(draft.audience);
    let of = move |it: &'_ Marked<String>| seen(it.audience);
    let texts = [&draft.description, &draft.causes, &draft.after].into_iter().flatten();
    let texts = texts.map(move |it| (of(it), place.clone(), it.value.as_str()));
    let steps = draft.steps.iter().flat_map(move |step| {
        let audience = seen(step.audience);
        let notes = step.value.notes.iter();
        let notes = notes
            .map(move |it| (seen(it.audience).max(audience), step_span(draft, &step.value), it.value.text.as_str()));
        [(audience, step_span(draft, &step.value), step.value.text.as_str())].into_iter().chain(notes)
    });
    [(draft.audience, place.clone(), draft.symptom.as_str())].into_iter().chain(texts).chain(steps)
}
