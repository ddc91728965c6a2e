//! Every kind of finding: its name, how bad it is and what it means. The one
//! place where they are listed; `docs/diagnostics.md` is made from this and
//! from the cases that the tests run.

use super::diagnostic::Severity::{self, Error, Warning};

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// As it stands in findings and in `allow`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it says, and why it matters: whole sentences.
    pub meaning: &'static str,
}

impl Code {
    const fn new(name: &'static str, severity: Severity, meaning: &'static str) -> Self {
        Self { name, severity, meaning }
    }
}

/// All of them, by name.
pub const CODES: &[Code] = &[
    Code::new(
        "active-picture",
        Error,
        "An SVG picture holds a script, a handler of events, or what loads something else. Shown as a picture it is harmless; opened by itself it would run in the page's name.",
    ),
    Code::new(
        "alias-finds-another",
        Warning,
        "An alias in `vocabulary.toml` finds another entry before its own. It was asked of the search that the page runs.",
    ),
    Code::new(
        "bad-id",
        Error,
        "The id of an entry or an area holds what ids cannot have, or is too long. Links and the names of files are made of ids.",
    ),
    Code::new(
        "broken-table",
        Error,
        "Lines with pipes are no table, as the line of dashes below the header is missing or has another number of cells.",
    ),
    Code::new(
        "cell-count",
        Error,
        "A row has more or fewer cells than its header. Which text belongs where is then a guess, and the row is not read.",
    ),
    Code::new(
        "config",
        Error,
        "A `kb.toml` or `vocabulary.toml` is not valid TOML, or has a setting that is not known or not of the right form.",
    ),
    Code::new("contact-audience", Error, "A step hands readers over to somebody whom their audience may not know."),
    Code::new(
        "control-character",
        Error,
        "The text holds a character that cannot be seen, such as a program or a terminal left behind.",
    ),
    Code::new(
        "duplicate-id",
        Error,
        "Two entries have the same id. Links are made of ids, so each must be there once.",
    ),
    Code::new(
        "duplicate-symptom",
        Warning,
        "Two entries have the same words as their symptom. Whoever finds both cannot tell which to open.",
    ),
    Code::new("empty-area", Warning, "An area that `kb.toml` lists has no entries. The page does not show it."),
    Code::new(
        "empty-config",
        Warning,
        "`kb.toml` is there and says nothing. Most often what it was to say was never saved.",
    ),
    Code::new(
        "front-matter",
        Warning,
        "The settings at the head of a file are not valid YAML. They are passed over, and the answers below are read.",
    ),
    Code::new(
        "invisible-character",
        Warning,
        "The text holds a character that cannot be seen and that changes the order in which others are shown, or splits a word for whoever searches. It is left out.",
    ),
    Code::new("left-out", Warning, "Text or a picture belongs to no entry, and readers never see it."),
    Code::new(
        "link-audience",
        Error,
        "A link that a wider audience sees leads to an entry that it does not get: the link is dead there, and tells of what is not for it.",
    ),
    Code::new(
        "link-scheme",
        Error,
        "A link points to something else than http, https, mailto, tel, a relative address or an entry.",
    ),
    Code::new(
        "link-to-file",
        Warning,
        "A link leads to a Markdown file, or to an entry without the hash before its id. In the page there are no such files, only entries.",
    ),
    Code::new(
        "look-alike",
        Warning,
        "A word mixes Latin letters with letters of another alphabet that look the same. Nobody who types the word finds it, and a name or an address that reads like a known one is another.",
    ),
    Code::new("missing-cause", Warning, "An entry of a kind that has causes says none."),
    Code::new(
        "missing-column",
        Error,
        "A table has no column that can be understood as the symptom, or none that says what to do.",
    ),
    Code::new("missing-picture", Error, "A picture is shown that is not in the knowledge base."),
    Code::new(
        "missing-resolution",
        Error,
        "An entry says nothing about what to do, or nothing to one of the audiences that see it.",
    ),
    Code::new("missing-step", Error, "A numbered step has no text of its own, only what belongs to it."),
    Code::new("missing-symptom", Error, "An entry does not say what a person sees."),
    Code::new(
        "moved",
        Warning,
        "An id that `[moved]` says is gone still exists. Its links then lead to the entry, not to where they should go.",
    ),
    Code::new(
        "moved-id",
        Error,
        "An id of an earlier state is gone, and links to it break. Only `check --against OLD` can tell.",
    ),
    Code::new("no-entries", Warning, "A file holds nothing that is understood as an entry."),
    Code::new("not-utf8", Error, "A file is in another encoding than UTF-8. What its bytes mean would be a guess."),
    Code::new(
        "personal-address",
        Warning,
        "The text holds what looks like the e-mail address or the telephone number of a person. It is published with the answers, and outlives their job.",
    ),
    Code::new("picture-without-text", Error, "A picture says nothing to those who cannot see it."),
    Code::new("raw-html", Error, "There is HTML that is not read as content. It is never passed through to a page."),
    Code::new(
        "repeated-row",
        Warning,
        "A row says the same symptom and the same cause as the row above. It is read as more of that, which may not be what was meant.",
    ),
    Code::new(
        "reviewed-date",
        Warning,
        "`reviewed` in the front matter is no date, so nobody can tell which answers are old.",
    ),
    Code::new(
        "secret",
        Error,
        "The text holds what looks like a key, a token or a password. Comments count too, as they are in the repository. Whoever finds it may use it, and it must be replaced, not only deleted.",
    ),
    Code::new(
        "similar-symptom",
        Warning,
        "Two symptoms differ only in words that say little, in endings or in one slip of the keyboard. Most often it is one problem, written down twice.",
    ),
    Code::new(
        "symptom-finds-another",
        Warning,
        "Searching for the very words of a symptom finds another entry first. It was asked of the search that the page runs.",
    ),
    Code::new(
        "template",
        Warning,
        "There is a piece of the language of a site generator. It means nothing here, and is left out.",
    ),
    Code::new("too-deep", Error, "Lists and quotes stand so deep in each other that nobody can have meant it."),
    Code::new("too-large", Error, "A file is larger than people write, most likely an export or a mistake."),
    Code::new(
        "too-long",
        Warning,
        "A symptom, a cause or a step is longer than anybody reads who wants to be working again.",
    ),
    Code::new(
        "translation-behind",
        Warning,
        "The original has changed since it was translated. Until the translation follows, readers get the original.",
    ),
    Code::new(
        "two-actions",
        Warning,
        "A step asks for more than one thing, so that it cannot be ticked off half done. It is told from English words alone.",
    ),
    Code::new(
        "unclear-audience",
        Error,
        "Text for everybody stands right behind a step that is not for everybody. It may belong to that step, and would be published.",
    ),
    Code::new("unknown-area", Error, "An entry is in an area that `kb.toml` does not list."),
    Code::new("unknown-audience", Error, "An audience is named that does not exist."),
    Code::new("unknown-code", Error, "`allow` in `kb.toml` names a kind of finding that does not exist."),
    Code::new("unknown-contact", Error, "A contact is named that `kb.toml` does not have."),
    Code::new("unknown-entry", Error, "Something is said of an entry that does not exist."),
    Code::new("unknown-link", Error, "A link leads to an entry that does not exist."),
    Code::new(
        "unknown-mark",
        Error,
        "A mark in braces is not one, lacks what it needs, or stands where marks have no effect. Readers would see it, and what it should keep from them.",
    ),
    Code::new(
        "unnamed-contact",
        Warning,
        "A step asks to reach a desk, a team or an office that `kb.toml` does not have among its contacts. Readers get no button for it, and nothing of what they did is handed over. It is told from English words alone.",
    ),
    Code::new("unreadable", Error, "A file of the knowledge base cannot be read."),
    Code::new(
        "unused-allowance",
        Warning,
        "`allow` in `kb.toml` accepts a finding that there is not. It would hide the next one.",
    ),
];

/// The kind of finding of this name.
pub(super) fn named(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|it| it.name == name)
}
