//! The words by which people say what a column or a part of an answer is.

use crate::index::text::{self, CLOSE, EMPHASIS, STRONG};
use crate::kb::marks;

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// What the person sees.
    Symptom,
    /// A code or a message, which may stand beside the symptom.
    Message,
    Cause,
    /// Text that says what a symptom means, where no other column is about causes.
    Meaning,
    Action,
    /// Cause and action in one.
    CauseAndAction,
    Id,
    Also,
    Audience,
}

/// Titles of columns. A title in a plural, in brackets or with words around it
/// is found by [`column`].
const COLUMNS: [(Column, &[&str]); 8] = [
    (
        Column::Symptom,
        &[
            "symptom",
            "problem",
            "issue",
            "scenario",
            "situation",
            "condition",
            "what happens",
            "what you see",
            "alert",
            "observation",
            "observed behavior",
            "observed behaviour",
            "behavior",
            "behaviour",
            "exception",
            "failure",
            "fault",
            "warning",
            "question",
            "complaint",
            "if you see",
            "when you see",
            "you see",
            "common issue",
            "common problem",
            "known issue",
            "trouble",
            "indication",
            "anomaly",
            "incident",
            "error condition",
            "what went wrong",
            "síntoma",
            "fehlerbild",
            "sintoma",
            "症状",
            "问题",
            "問題",
            "现象",
            "problema",
            "symptôme",
            "problème",
        ],
    ),
    (
        Column::Message,
        &[
            "error",
            "error message",
            "error name",
            "message",
            "code",
            "error code",
            "error type",
            "status",
            "status code",
            "http status",
            "http code",
            "exit code",
            "error text",
            "error id",
            "fault code",
            "log message",
            "error string",
            "error number",
            "erro",
            "fehler",
            "fehlermeldung",
            "fehlercode",
            "错误",
            "错误信息",
            "错误码",
            "return code",
            "result code",
            "event id",
            "mensaje",
            "error details",
        ],
    ),
    (
        Column::Cause,
        &[
            "cause",
            "likely cause",
            "possible cause",
            "root cause",
            "typical cause",
            "probable cause",
            "common cause",
            "potential cause",
            "main cause",
            "reason",
            "why",
            "why it happens",
            "why this happens",
            "possible reason",
            "likely reason",
            "origin",
            "diagnosis",
            "trigger",
            "usually means",
            "causa",
            "causa probable",
            "causa provável",
            "ursache",
            "mögliche ursache",
            "原因",
            "可能原因",
            "motivo",
        ],
    ),
    (
        Column::Meaning,
        &[
            "description",
            "meaning",
            "explanation",
            "what it means",
            "detail",
            "details",
            "definition",
            "interpretation",
            "what this means",
            "means",
            "indicates",
        ],
    ),
    (
        Column::Action,
        &[
            "what to do",
            "action",
            "fix",
            "solution",
            "resolution",
            "workaround",
            "work around",
            "mitigation",
            "troubleshooting",
            "handling",
            "recommendation",
            "things to try",
            "response",
            "remedy",
            "how to fix",
            "how to resolve",
            "how to solve",
            "how to handle",
            "resolve",
            "next step",
            "step",
            "remediation",
            "corrective action",
            "recommended action",
            "suggested action",
            "suggested fix",
            "quick fix",
            "try",
            "try this",
            "what to try",
            "what to check",
            "check",
            "check first",
            "first check",
            "first thing to check",
            "verify",
            "prevention",
            "recovery",
            "answer",
            "do this",
            "then",
            "suggestion",
            "advice",
            "guidance",
            "correction",
            "how to recover",
            "user action",
            "operator action",
            "your action",
            "required action",
            "what you can do",
            "what should i do",
            "qué hacer",
            "solución",
            "solução",
            "correção",
            "correção recomendada",
            "lösung",
            "abhilfe",
            "behebung",
            "maßnahme",
            "解决方案",
            "解决方法",
            "解决办法",
            "处理方法",
            "対処",
            "対処法",
            "対応",
            "解決方法",
            "acción",
            "treatment",
            "countermeasure",
            "where to look",
            "how to diagnose",
            "debug",
            "debugging",
            "repair",
            "solve",
            "possible solution",
            "likely fix",
            "to fix",
            "immediate action",
            "diagnostic step",
            "troubleshooting step",
            "resolution step",
            "what do i do",
            "recommended fix",
            "correct approach",
            "fix command",
            "how to debug",
            "investigation",
            "help",
        ],
    ),
    (Column::Id, &["id"]),
    (Column::Also, &["also", "aliases", "also known as"]),
    (Column::Audience, &["audience"]),
];

/// Titles that say what to do and nothing else: beside them a first column of
/// any name is the symptom.
const SURE_ACTIONS: [&str; 12] = [
    "fix",
    "solution",
    "resolution",
    "workaround",
    "remedy",
    "remediation",
    "resolve",
    "mitigation",
    "solve",
    "correct",
    "what to do",
    "recover",
];

/// What the column of this title holds.
pub fn column(rich: &str) -> Option<Column> {
    let title = title(rich);
    if title.is_empty() {
        return None;
    }
    // "Cause / Fix", "Cause & solution": each says its own.
    let pieces: Vec<&str> = title
        .split(['/', '&', '+', ',', '→', '|'])
        .flat_map(|it| it.split(" and "))
        .flat_map(|it| it.split(" or "))
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    let found: Vec<Column> = pieces.iter().filter_map(|it| known(it)).collect();
    let has = |column| found.contains(&column);
    if (has(Column::Cause) || has(Column::Meaning)) && has(Column::Action) {
        return Some(Column::CauseAndAction);
    }
    if let Some(column) = known(&title) {
        return Some(column);
    }
    if pieces.len() > 1 && !found.is_empty() {
        return if has(Column::Symptom) { Some(Column::Symptom) } else { found.first().copied() };
    }
    let words: Vec<&str> = title.split(' ').collect();
    if words.first().is_some_and(|it| singular(it) == "symptom") {
        return Some(Column::Symptom);
    }
    if words.len() > 6 {
        return None;
    }
    // "Recommended resolution steps", "Most likely cause", "Error you may see".
    let any = |names: &[&str]| words.iter().any(|word| names.contains(&singular(word).as_str()));
    let ends = |names: &[&str]| words.last().is_some_and(|word| names.contains(&singular(word).as_str()));
    if any(&["cause", "reason"]) {
        Some(Column::Cause)
    } else if any(&["fix", "solution", "resolution", "workaround", "remedy", "remediation", "mitigation", "resolve"])
        || title.starts_with("how to ")
        || title.starts_with("what to ")
        || ends(&["action", "recommendation", "step"])
    {
        Some(Column::Action)
    } else if ends(&["symptom", "problem", "issue", "scenario", "situation", "failure", "exception", "alert"])
        || title.starts_with("what you ")
        || title.starts_with("if you ")
    {
        Some(Column::Symptom)
    } else if ends(&["error", "message", "code"]) || title.starts_with("error ") {
        Some(Column::Message)
    } else if ends(&["description", "meaning", "explanation"]) {
        Some(Column::Meaning)
    } else {
        None
    }
}

/// Whether a title says that its column is the symptom, and not only something like it.
pub fn is_symptom_itself(rich: &str) -> bool {
    singular(&title(rich)) == "symptom"
}

/// Whether a title surely says what to do.
pub fn is_sure_action(rich: &str) -> bool {
    let title = title(rich);
    SURE_ACTIONS.iter().any(|it| title.contains(it))
}

fn known(title: &str) -> Option<Column> {
    let find = |title: &str| COLUMNS.iter().find(|(_, names)| names.contains(&title)).map(|it| it.0);
    find(title).or_else(|| {
        let (before, last) = title.rsplit_once(' ').map_or(("", title), |it| (it.0, it.1));
        let singular = singular(last);
        let title = if before.is_empty() { singular } else { format!("{before} {singular}") };
        find(&title)
    })
}

/// A title without marks, emoji, brackets and what stands around its words.
fn title(rich: &str) -> String {
    let plain = text::plain(&marks::one_line(rich)).to_lowercase();
    let mut out = String::new();
    let mut depth = 0usize;
    for char in plain.chars() {
        match char {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            it if it.is_alphanumeric() || matches!(it, '/' | '&' | '+' | ',' | '→' | '|') => out.push(it),
            '\'' | '’' => {}
            _ => out.push(' '),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An English word in the singular, as far as these words need it.
fn singular(word: &str) -> String {
    for (ending, instead) in [("causes", "cause"), ("responses", "response"), ("fixes", "fix"), ("remedies", "remedy")]
    {
        if word == ending {
            return instead.into();
        }
    }
    let ends = word.len() > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|it| word.ends_with(it));
    if ends && !word.ends_with("diagnosis") { word[..word.len() - 1].into() } else { word.into() }
}

/// What the text that follows a label belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Description,
    Causes,
    /// Steps of an issue.
    Resolution,
    /// Steps of a guide.
    Guide,
    After,
}

/// Words that open a part when a line begins with them and a colon follows, or
/// when they stand alone in bold or as a heading.
const LABELS: [(Part, &[&str]); 5] = [
    (
        Part::Description,
        &[
            "symptom",
            "description",
            "problem",
            "error",
            "issue",
            "error message",
            "problem description",
            "síntoma",
            "descripción",
            "problema",
            "impact",
            "scenario",
            "situation",
            "what happens",
            "what you see",
            "behavior",
            "symptom description",
            "issue description",
            "error description",
            "what's happening",
        ],
    ),
    (
        Part::Causes,
        &[
            "cause",
            "typical cause",
            "likely cause",
            "possible cause",
            "root cause",
            "common cause",
            "probable cause",
            "potential cause",
            "reason",
            "possible reason",
            "why",
            "why it happens",
            "why it's happening",
            "why does this happen",
            "why this happens",
            "meaning",
            "what it means",
            "explanation",
            "causa",
            "causa habitual",
            "causas habituales",
            "causa probable",
            "causas probables",
            "motivo",
        ],
    ),
    (
        Part::Resolution,
        &[
            "resolution",
            "fix",
            "solution",
            "what to do",
            "workaround",
            "action",
            "mitigation",
            "solución",
            "soluciones",
            "qué hacer",
            "how to fix it",
            "how to fix",
            "how to resolve",
            "how to resolve it",
            "how to solve",
            "possible solution",
            "recommended action",
            "recommended solution",
            "suggested fix",
            "quick fix",
            "remedy",
            "remediation",
            "things to try",
            "try this",
            "try these solutions",
            "diagnosis",
            "troubleshooting",
            "troubleshooting step",
            "resolution step",
            "recovery",
            "corrective action",
            "diagnostic step",
            "recommendation",
            "check",
            "what you can do",
            "what should i do",
            "how do i fix it",
            "to fix",
            "to resolve",
            "to fix this",
            "to resolve this",
            "answer",
            "diagnose",
            "debug step",
            "possible resolution",
            "status resolution",
            "fixed by",
            "next step",
            "work around",
            "how to fix this",
            "the fix",
            "suggested solution",
            "suggested action",
            "user action",
            "correction",
            "user response",
        ],
    ),
    (Part::After, &["prevention", "how to prevent it", "verification"]),
    (Part::Guide, &["step", "instruction", "paso", "instruccione"]),
];

/// Labels that say as a heading too that an answer stands here. The others do
/// so only in the company of one of these: "Why" or "Troubleshooting" may head
/// any chapter.
pub fn is_sure_label(label: &Label<'_>) -> bool {
    const SURE: [&str; 13] = [
        "symptom",
        "cause",
        "resolution",
        "solution",
        "fix",
        "workaround",
        "work around",
        "mitigation",
        "remedy",
        "remediation",
        "síntoma",
        "causa",
        "solución",
    ];
    SURE.iter().any(|it| label.name.split(['/', '&', ' ']).any(|word| singular(word) == *it))
        || SURE.contains(&label.name.as_str())
}

/// A label, and what stands with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label<'a> {
    pub part: Part,
    /// The word itself, lower case and in the singular.
    pub name: String,
    /// The number behind it, as in "Cause 2".
    pub number: Option<u32>,
    /// The rest of the line, rich.
    pub rest: &'a str,
}

/// The label that a line begins with (`Cause:`, `**Cause:** …`, `**Cause**: …`,
/// `**Cause 2** – …`) or, in bold, consists of.
pub fn label(line: &str) -> Option<Label<'_>> {
    let trimmed = line.trim_start();
    let opened = trimmed.chars().next().filter(|it| matches!(*it, STRONG | EMPHASIS));
    if let Some(mark) = opened {
        let inner = &trimmed[mark.len_utf8()..];
        let close = inner.find(CLOSE)?;
        let bold = &inner[..close];
        let after = inner[close + 1..].trim_start();
        // A label may be bold and italic.
        let (bold, after) = match bold.strip_prefix([STRONG, EMPHASIS]) {
            Some(bold) => (bold, after.strip_prefix(CLOSE).unwrap_or(after).trim_start()),
            None => (bold, after),
        };
        if let Some((head, rest)) = bold.split_once(':') {
            let (part, name, number) = named(head)?;
            if !rest.trim().is_empty() {
                // All of the line is bold: "**Cause: no network**".
                return after.is_empty().then_some(Label { part, name, number, rest: rest.trim() });
            }
            return Some(Label { part, name, number, rest: after.trim_start_matches(':').trim_start() });
        }
        let (part, name, number) = named(bold)?;
        if after.is_empty() {
            return Some(Label { part, name, number, rest: "" });
        }
        let rest = after.strip_prefix([':', '–', '—', '-', '→'])?;
        return Some(Label { part, name, number, rest: rest.trim_start() });
    }
    let (head, rest) = trimmed.split_once(':')?;
    if !rest.is_empty() && !rest.starts_with([' ', '\u{a0}', CLOSE, STRONG, EMPHASIS]) {
        return None;
    }
    let (part, name, number) = named(head)?;
    Some(Label { part, name, number, rest: rest.trim_start() })
}

/// The label that a heading consists of ("Cause", "Solution 2") or begins with
/// ("Cause 1: no network", "Solution - restart").
pub fn heading_label(rich: &str) -> Option<Label<'_>> {
    if let Some(label) = label(rich) {
        return Some(label);
    }
    if let Some((part, name, number)) = named(rich) {
        return Some(Label { part, name, number, rest: "" });
    }
    if let Some((head, rest)) = [" - ", " – ", " — "].iter().find_map(|it| rich.split_once(it)) {
        let (part, name, number) = named(head)?;
        return Some(Label { part, name, number, rest: rest.trim() });
    }
    // "Solution for service accounts", "Cause 1 of symptom 2", "Workaround if you cannot wait".
    let (head, _) = [" for ", " of ", " if ", " when ", " to "]
        .iter()
        .filter_map(|it| rich.split_once(it))
        .min_by_key(|it| it.0.len())?;
    let (part, name, number) = named(head)?;
    let label = Label { part, name, number, rest: rich };
    (part != Part::Description && is_sure_label(&label)).then_some(label)
}

/// Words that only narrow what a label says.
const BEFORE: [&str; 16] = [
    "possible",
    "potential",
    "likely",
    "common",
    "probable",
    "typical",
    "recommended",
    "suggested",
    "quick",
    "general",
    "known",
    "alternative",
    "permanent",
    "temporary",
    "immediate",
    "proposed",
];

/// The part that a name stands for, without marks, emoji and number.
fn named(rich: &str) -> Option<(Part, String, Option<u32>)> {
    if rich.len() > 120 {
        return None;
    }
    let plain = text::plain(rich).to_lowercase();
    let plain: String = plain
        .chars()
        .map(|it| {
            if it.is_alphanumeric() || matches!(it, '\'' | '(' | ')' | '/' | '&' | '#') {
                it
            } else if it == '’' {
                '\''
            } else {
                ' '
            }
        })
        .collect();
    // "Solution (recommended)", "Causes (likely)".
    let plain = plain.split('(').next().unwrap_or_default().replace('#', " ");
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    let mut number = None;
    if words.len() > 1
        && let Some(it) = words.last().and_then(|it| it.parse().ok())
    {
        number = Some(it);
        words.pop();
    }
    // "1. Cause", "Step 3".
    if words.len() > 1 && words[0].parse::<u32>().is_ok() {
        words.remove(0);
    }
    let is_ordinal =
        |it: &&str| ["first", "second", "third", "another", "other", "most", "the", "option", "or"].contains(it);
    while words.len() > 1 && words.first().is_some_and(is_ordinal) {
        words.remove(0);
    }
    let joined = words.join(" ");
    let find = |name: &str| LABELS.iter().find(|(_, names)| names.contains(&name)).map(|it| it.0);
    if let Some(part) = find(&joined) {
        return Some((part, joined, number));
    }
    let mut in_singular = words.clone();
    let last = in_singular.pop().map(singular).unwrap_or_default();
    let single: Vec<String> = in_singular.iter().map(|it| (*it).to_owned()).chain([last]).collect();
    let single = single.join(" ");
    if let Some(part) = find(&single) {
        return Some((part, single, number));
    }
    // "Possible mitigations", "Root cause analysis": a word more around it.
    let mut inner: Vec<&str> = single.split(' ').collect();
    let n = inner.len();
    inner.retain(|it| !BEFORE.contains(it));
    if inner.last().is_some_and(|it| ["analysis", "detail", "summary", "overview", "option"].contains(it)) {
        inner.pop();
    }
    let inner = inner.join(" ");
    if inner.split(' ').count() < n
        && let Some(part) = find(&inner)
        // "Known issues" and "Possible problems" head lists of answers.
        && part != Part::Description
    {
        return Some((part, inner, number));
    }
    // "Cause and resolution", "Symptoms/Impact": what comes last decides where text goes.
    let pieces: Vec<&str> =
        joined.split(['/', '&']).flat_map(|it| it.split(" and ")).map(str::trim).filter(|it| !it.is_empty()).collect();
    if pieces.len() == 2 {
        let parts: Vec<Part> = pieces
            .iter()
            .filter_map(|it| {
                let (before, last) =
                    it.rsplit_once(' ').map_or((String::new(), *it), |it| (format!("{} ", it.0), it.1));
                find(&format!("{before}{}", singular(last)))
            })
            .collect();
        if parts.len() == 2 {
            return parts.last().map(|it| (*it, joined, number));
        }
    }
    None
}

/// A label at the head of a text, lower case and without its marks, of any
/// name; and the rest.
pub fn split_label(line: &str) -> Option<(String, &str)> {
    let (head, rest) = line.split_once(':')?;
    let opened = head.contains(STRONG) || head.contains(EMPHASIS);
    // `**Cause:**` closes behind the colon.
    let rest = if opened && !head.contains(CLOSE) { rest.strip_prefix(CLOSE)? } else { rest };
    Some((text::plain(head).trim().to_lowercase(), rest.trim_start()))
}

/// Titles that say what a page is and not what a person sees.
pub fn is_generic_title(plain: &str) -> bool {
    const GENERIC: [&str; 34] = [
        "overview",
        "introduction",
        "prerequisites",
        "requirements",
        "summary",
        "background",
        "more information",
        "additional information",
        "references",
        "reference",
        "related",
        "see also",
        "applies to",
        "next steps",
        "contents",
        "table of contents",
        "related content",
        "related articles",
        "further reading",
        "notes",
        "note",
        "resources",
        "links",
        "additional resources",
        "before you begin",
        "feedback",
        "data collection",
        "contributing",
        "license",
        "changelog",
        "appendix",
        "support",
        "getting help",
        "get help",
    ];
    let plain = plain.trim().trim_end_matches(':').to_lowercase();
    GENERIC.contains(&plain.as_str())
}

/// Whether a title says that problems and their answers stand below it.
pub fn is_trouble_title(plain: &str) -> bool {
    let plain = plain.to_lowercase();
    [
        "troubleshoot",
        "faq",
        "frequently asked",
        "common issue",
        "common problem",
        "common error",
        "known issue",
        "known problem",
        "error message",
        "debugging",
        "questions",
        "gotchas",
        "pitfalls",
        "problems",
        "common mistakes",
        "issues",
    ]
    .iter()
    .any(|it| plain.contains(it))
}
