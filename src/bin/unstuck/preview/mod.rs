//! The live preview of `unstuck serve KB`: a knowledge base that is read again
//! whenever a file of it is saved, and a page of ours around the widget that
//! shows it, what is wrong with it and why a search finds what it finds.
//! Knows no network: it is asked and answers, see `serve`.
//!
//! What is shown is always a version without errors. Each version has a folder
//! of its own in the addresses, so that a page that is loading never gets files
//! of two.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use serde_json::{Value, json};
use unstuck::index::{self, Index, text};
use unstuck::kb::{Audience, Book, EntryPlace, MAX_FOLDER_DEPTH, Severity};
use unstuck::search;

use crate::answer::{Answer, Asked, Query, kind};
use crate::{load, why};

/// How often the files are looked at. Asking for their times is cheap and works
/// wherever files can be read: on network drives, in containers, and with
/// editors that save by renaming.
pub const LOOK: Duration = Duration::from_millis(250);

/// How many versions are kept: a page may still be loading the one before.
const KEPT: usize = 3;

/// How many entries an explained search shows.
const EXPLAINED: usize = 5;

/// What is said where reading failed in a way that is our fault.
const FAILED: &str = "something in it could not be read at all; undo what was saved last, and save again";

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = concat!(include_str!("authors.css"), include_str!("page.css"));
const ICON: &str = include_str!("../../../../site/icon.svg");
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

/// That of the files of a version: whatever is in a picture or a page, opened by
/// itself it is no page of this server, and runs nothing.
const POLICY_OF_FILES: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox";

/// A knowledge base that is being written.
pub struct Preview {
    kb: PathBuf,
    now: Mutex<Now>,
    /// The files when they were looked at last.
    seen: Mutex<Times>,
}

/// What is known of it at one time.
#[derive(Default)]
struct Now {
    /// The number of the latest version.
    number: u64,
    /// What the page is told, as JSON.
    state: String,
    /// The last versions without errors, the newest at the end.
    good: VecDeque<Arc<Good>>,
}

/// A version without errors.
struct Good {
    number: u64,
    book: Book,
    /// What pages load, by audience; made when it is first asked for.
    builds: [OnceLock<BTreeMap<String, Vec<u8>>>; 3],
    /// What is searched, by audience and language.
    indexes: Mutex<BTreeMap<(Audience, String), Arc<Index>>>,
}

/// Size and time of every file that is read; what cannot be asked for them has none.
type Times = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

fn times(kb: &Path) -> Times {
    let mut found = Times::new();
    let mut open = vec![(kb.to_path_buf(), 0)];
    while let Some((folder, depth)) = open.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().flatten().map(|it| it.path()) {
            if path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.')) {
                continue;
            }
            match fs::metadata(&path) {
                Ok(it) if it.is_dir() && depth < MAX_FOLDER_DEPTH => open.push((path, depth + 1)),
                it if load::is_source(&path) => {
                    let it = it.ok();
                    let size = it.as_ref().map_or(0, fs::Metadata::len);
                    found.insert(path, (size, it.and_then(|it| it.modified().ok())));
                }
                _ => {}
            }
        }
    }
    found
}

/// What is told of a version to whoever waits for one.
pub fn event(version: u64) -> String {
    format!("data: {version}\n\n")
}

impl Preview {
    /// Reads a knowledge base for the first time.
    pub fn start(kb: &Path) -> Result<Self> {
        // Before it is read, here and below: what is saved meanwhile is seen the next time.
        let seen = times(kb);
        // Where there is none, there is nothing to wait for.
        load::sources(kb)?;
        let preview = Self { kb: kb.into(), now: Mutex::default(), seen: Mutex::new(seen) };
        preview.read_or_say();
        Ok(preview)
    }

    /// Reads it again where a file was saved; whether one was. To be called
    /// again and again.
    pub fn look(&self) -> bool {
        let now = times(&self.kb);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_changed = *seen != now;
        if is_changed {
            *seen = now;
            self.read_or_say();
        }
        is_changed
    }

    /// The number of the latest version.
    pub fn version(&self) -> u64 {
        self.now().number
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        // Nothing is left half done in there.
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn good(&self) -> Option<Arc<Good>> {
        self.now().good.back().cloned()
    }

    /// Takes up what is in the files now. That this fails where it never should
    /// is said on the page, and the next file that is saved is read all the same.
    fn read_or_say(&self) {
        if catch_unwind(AssertUnwindSafe(|| self.read())).is_err() {
            self.say_unreadable(FAILED.into());
        }
    }

    /// Keeps the last version, and says why it is behind.
    fn say_unreadable(&self, reason: String) {
        let (number, shown) = (self.next_number(), self.good());
        let facts = shown.map(|it| self.facts(&it.book, number, Some(it.number)));
        let mut state = facts.unwrap_or_else(|| json!({ "version": number }));
        state["unreadable"] = reason.into();
        self.publish(number, &state);
    }

    /// Later than any before, also than those of a server that ran here before.
    fn next_number(&self) -> u64 {
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |it| it.as_millis() as u64);
        clock.max(self.version() + 1)
    }

    fn publish(&self, number: u64, state: &Value) {
        let mut now = self.now();
        now.number = number;
        now.state = state.to_string();
    }

    /// Takes up what is in the files now.
    fn read(&self) {
        let number = self.next_number();
        let read = load::sources(&self.kb).map(|it| {
            let mut book = Book::read(&it);
            book.lint();
            book
        });
        let shown = self.good();
        let state = match read {
            Ok(book) if book.has_errors() => {
                let mut state = self.facts(&book, number, shown.as_ref().map(|it| it.number));
                // An entry that lost its resolution is none in the new version, and still shown.
                for it in shown.iter().flat_map(|it| it.book.places()) {
                    if state["places"].get(&it.id).is_none() {
                        state["places"][it.id] = json!({ "symptom": it.symptom, "file": it.file, "line": it.line });
                    }
                }
                state
            }
            Ok(book) => {
                let state = self.facts(&book, number, Some(number));
                let good = Good { number, book, builds: Default::default(), indexes: Mutex::default() };
                let mut now = self.now();
                now.good.push_back(Arc::new(good));
                while now.good.len() > KEPT {
                    now.good.pop_front();
                }
                state
            }
            Err(error) => return self.say_unreadable(format!("{error:#}")),
        };
        self.publish(number, &state);
    }

    /// What the page is told of a version: what is wrong with it, and where its entries stand.
    fn facts(&self, book: &Book, number: u64, shown: Option<u64>) -> Value {
        // A file is gone through once, however many findings it has.
        let mut lines: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for it in &book.diagnostics {
            lines.entry(&it.file).or_insert_with(|| book.source_text(&it.file).unwrap_or_default().lines().collect());
        }
        let findings = book.diagnostics.iter().map(|it| {
            let text = lines[it.file.as_str()].get(it.line - 1).copied().unwrap_or_default();
            json!({
                "severity": it.severity, "code": it.code, "file": it.file, "line": it.line, "column": it.column,
                "message": it.message, "hint": it.hint, "entry": book.entry_of(it), "text": text.trim(),
            })
        });
        let place = |it: EntryPlace| (it.id, json!({ "symptom": it.symptom, "file": it.file, "line": it.line }));
        let places: serde_json::Map<String, Value> = book.places().map(place).collect();
        json!({
            "version": number,
            "shown": shown,
            "folder": self.kb.display().to_string(),
            "title": book.title(),
            "entries": places.len(),
            "languages": book.languages().collect::<Vec<_>>(),
            "errors": book.diagnostics.iter().filter(|it| it.severity == Severity::Error).count(),
            "findings": findings.collect::<Vec<_>>(),
            "places": places,
        })
    }
}

impl Good {
    fn files(&self, audience: Audience) -> &BTreeMap<String, Vec<u8>> {
        let at = Audience::ALL.iter().position(|it| *it == audience).unwrap_or_default();
        self.builds[at]
            .get_or_init(|| self.book.build(audience).files.into_iter().map(|it| (it.path, it.bytes)).collect())
    }

    fn index(&self, audience: Audience, lang: &str) -> Result<Arc<Index>> {
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        let book = self.book.in_language(lang).unwrap_or(&self.book);
        // Whatever language was asked for, there are no more of them than the book has.
        let key = (audience, book.languages().next().unwrap_or_default().to_owned());
        if let Some(it) = indexes.get(&key) {
            return Ok(Arc::clone(it));
        }
        let index = Arc::new(Index::open(index::write(&book.contents(audience)))?);
        indexes.insert(key, Arc::clone(&index));
        Ok(index)
    }
}

impl Preview {
    /// The page and what it asks for, which stand below `/preview`; none elsewhere.
    pub fn answer(&self, asked: &Asked) -> Option<Answer> {
        let path = asked.path.strip_prefix("/preview").filter(|it| it.is_empty() || it.starts_with('/'))?;
        if !is_from_here(&asked.host) {
            return Some(Answer::refusal(403, "open it at 127.0.0.1 or localhost"));
        }
        let Some(path) = path.strip_prefix('/') else { return Some(Answer::redirect(308, "/preview/")) };
        Some(match path {
            "" => Answer::file(kind("page.html"), PAGE).with("content-security-policy", POLICY),
            "page.js" => Answer::file(kind(path), SCRIPT),
            "page.css" => Answer::file(kind(path), STYLE),
            "icon.svg" => Answer::file(kind(path), ICON),
            "state.json" => Answer::file(kind(path), self.now().state.clone()),
            "events" => Answer { goes_on: true, ..Answer::file("text/event-stream", event(self.version())) },
            "search.json" => self.explain(&asked.query),
            _ => self.built(path).unwrap_or_else(Answer::nothing),
        })
    }

    /// A file of a version, made for the audience in whose manifest or folder it is.
    fn built(&self, path: &str) -> Option<Answer> {
        let (number, path) = path.strip_prefix("kb/")?.split_once('/')?;
        let number: u64 = number.parse().ok()?;
        let good = self.now().good.iter().find(|it| it.number == number).cloned()?;
        let is_named = |it: &Audience| path.split(['.', '/']).next() == Some(it.name());
        // What has no audience in its name was asked for by a page that has read a manifest.
        let named = Audience::ALL.into_iter().find(is_named);
        let made =
            Audience::ALL.into_iter().filter(|it| good.builds.get(*it as usize).is_some_and(|it| it.get().is_some()));
        let audiences: Vec<Audience> = named.map_or_else(|| made.collect(), |it| vec![it]);
        let bytes = audiences.into_iter().find_map(|it| good.files(it).get(path).cloned())?;
        Some(Answer::file(kind(path), bytes).with("content-security-policy", POLICY_OF_FILES))
    }

    /// A search of the version that is shown, with its reasons.
    fn explain(&self, asked: &Query) -> Answer {
        let Some(good) = self.good() else { return Answer::nothing() };
        let audience = Audience::from_name(&asked.audience).unwrap_or_default();
        let Ok(index) = good.index(audience, &asked.lang) else { return Answer::refusal(500, "") };
        let book = good.book.in_language(&asked.lang).unwrap_or(&good.book);
        Answer::file("application/json", explained(&index, book, &asked.q).to_string())
    }
}

/// What is not published is shown to nobody who came by another name: a page
/// elsewhere can let its own name lead to this machine, and would be of the
/// same origin then.
fn is_from_here(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |it| it.0);
    matches!(name, "127.0.0.1" | "localhost")
}

fn explained(index: &Index, book: &Book, query: &str) -> Value {
    let why = search::explain(index, query, None, EXPLAINED);
    let nearest: Vec<Value> = why
        .nearest
        .iter()
        .map(|it| {
            let summary = index.summary(it.doc);
            let mut value = json!(it);
            value["symptom"] = text::plain(&summary.symptom).into();
            let alias = it.best_title.and_then(|it| it.checked_sub(1));
            value["alias"] = alias.and_then(|at| book.aliases_of(&it.id).get(at as usize).copied()).into();
            value["area"] = index.areas()[summary.area].title.clone().into();
            value["is_answer"] = why.found.hits.iter().any(|hit| hit.doc == it.doc).into();
            value["is_near"] = why.found.near.iter().any(|hit| hit.doc == it.doc).into();
            value
        })
        .collect();
    json!({
        "answers": if why.words.is_empty() { 0 } else { why.found.hits.len() },
        "is_clear": why.found.is_clear,
        "confidence": why::confidence(&why),
        "words": why.words,
        "nearest": nearest,
    })
}
