//! The live preview of `unstuck serve KB`: a knowledge base that is read again
//! whenever a file of it is saved, and a page of ours around the widget that
//! shows it, what is wrong with it and why a search finds what it finds.
//!
//! What is shown is always a version without errors. Each version has a folder
//! of its own in the addresses, so that a page that is loading never gets files
//! of two.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{Path as UrlPath, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST};
use axum::middleware::{Next, from_fn};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;
use unstuck::index::{self, Index, text};
use unstuck::kb::{Audience, Book, EntryPlace, MAX_FOLDER_DEPTH, Severity};
use unstuck::search;

use crate::{load, why};

/// How often the files are looked at. Asking for their times is cheap and works
/// wherever files can be read: on network drives, in containers, and with
/// editors that save by renaming.
const LOOK: Duration = Duration::from_millis(250);

/// How many versions are kept: a page may still be loading the one before.
const KEPT: usize = 3;

/// How many entries an explained search shows.
const EXPLAINED: usize = 5;

/// What is said where reading failed in a way that is our fault.
const FAILED: &str = "something in it could not be read at all; undo what was saved last, and save again";

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");
const ICON: &str = include_str!("../../../../site/icon.svg");
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

/// A knowledge base that is being written.
pub struct Preview {
    kb: PathBuf,
    now: Mutex<Now>,
    /// The number of the latest version, for whoever waits for it.
    latest: watch::Sender<u64>,
}

/// What is known of it at one time.
#[derive(Default)]
struct Now {
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

/// Reads the knowledge base, and again whenever it changes.
pub fn start(kb: &Path) -> Result<Arc<Preview>> {
    let mut seen = times(kb);
    // Where there is none, there is nothing to wait for.
    load::sources(kb)?;
    let preview = Arc::new(Preview { kb: kb.into(), now: Mutex::default(), latest: watch::Sender::new(0) });
    preview.read_or_say();
    let watching = Arc::downgrade(&preview);
    std::thread::Builder::new()
        .name("watch".into())
        .spawn(move || {
            while let Some(preview) = watching.upgrade() {
                // Before it is read: what is saved meanwhile is seen the next time.
                let now = times(&preview.kb);
                if now != seen {
                    seen = now;
                    preview.read_or_say();
                }
                drop(preview);
                std::thread::sleep(LOOK);
            }
        })
        .context("cannot watch the files")?;
    Ok(preview)
}

/// Size and time of every file that is read; what cannot be asked for them has none.
fn times(kb: &Path) -> BTreeMap<PathBuf, (u64, Option<SystemTime>)> {
    let mut found = BTreeMap::new();
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

impl Preview {
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
        self.now().state = state.to_string();
        self.latest.send_replace(number);
    }

    /// Later than any before, also than those of a server that ran here before.
    fn next_number(&self) -> u64 {
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |it| it.as_millis() as u64);
        clock.max(*self.latest.borrow() + 1)
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
        self.now().state = state.to_string();
        self.latest.send_replace(number);
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

/// The page and what it asks for, to stand below `/preview`.
pub fn router(preview: Arc<Preview>) -> Router {
    let file = |kind: &'static str, text: &'static str| get(move || async move { answer(kind, text) });
    let page = || async { ([(CONTENT_SECURITY_POLICY, POLICY)], answer("text/html; charset=utf-8", PAGE)) };
    Router::new()
        .route("/preview", get(|| async { Redirect::permanent("/preview/") }))
        .route("/preview/", get(page))
        .route("/preview/page.js", file("text/javascript; charset=utf-8", SCRIPT))
        .route("/preview/page.css", file("text/css; charset=utf-8", STYLE))
        .route("/preview/icon.svg", file("image/svg+xml", ICON))
        .route("/preview/state.json", get(state))
        .route("/preview/events", get(events))
        .route("/preview/search.json", get(explain))
        .route("/preview/kb/{number}/{*path}", get(built))
        .with_state(preview)
        .layer(from_fn(only_from_here))
}

/// What is not published is shown to nobody who came by another name: a page
/// elsewhere can let its own name lead to this machine, and would be of the
/// same origin then.
async fn only_from_here(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |it| it.0);
    match name {
        "127.0.0.1" | "localhost" => next.run(request).await,
        _ => (StatusCode::FORBIDDEN, "open it at 127.0.0.1 or localhost").into_response(),
    }
}

fn answer(kind: &'static str, body: impl IntoResponse) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], body).into_response()
}

async fn state(State(preview): State<Arc<Preview>>) -> Response {
    answer("application/json", preview.now().state.clone())
}

/// Says the number of each version as it comes, beginning with the one that is there.
async fn events(State(preview): State<Arc<Preview>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut latest = preview.latest.subscribe();
    latest.mark_changed();
    Sse::new(unfold(latest, |mut latest| async {
        latest.changed().await.ok()?;
        let number = *latest.borrow_and_update();
        Some((Ok(Event::default().data(number.to_string())), latest))
    }))
}

/// A file of a version, made for the audience in whose manifest or folder it is.
async fn built(State(preview): State<Arc<Preview>>, UrlPath((number, path)): UrlPath<(u64, String)>) -> Response {
    let good = preview.now().good.iter().find(|it| it.number == number).cloned();
    let Some(good) = good else { return StatusCode::NOT_FOUND.into_response() };
    let bytes = tokio::task::spawn_blocking(move || {
        let is_named = |it: &Audience| path.split(['.', '/']).next() == Some(it.name());
        // What has no audience in its name was asked for by a page that has read a manifest.
        let named = Audience::ALL.into_iter().find(is_named);
        let made =
            Audience::ALL.into_iter().filter(|it| good.builds.get(*it as usize).is_some_and(|it| it.get().is_some()));
        let audiences: Vec<Audience> = named.map_or_else(|| made.collect(), |it| vec![it]);
        audiences.into_iter().find_map(|it| good.files(it).get(&path).map(|bytes| (kind(&path), bytes.clone())))
    });
    match bytes.await {
        Ok(Some((kind, bytes))) => answer(kind, bytes),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "json" => "application/json",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "avif" => "image/avif",
        _ => "application/octet-stream",
    }
}

#[derive(Deserialize)]
struct Asked {
    q: String,
    #[serde(default)]
    audience: String,
    #[serde(default)]
    lang: String,
}

/// A search of the version that is shown, with its reasons.
async fn explain(State(preview): State<Arc<Preview>>, Query(asked): Query<Asked>) -> Response {
    let Some(good) = preview.good() else { return StatusCode::NOT_FOUND.into_response() };
    let explained = tokio::task::spawn_blocking(move || {
        let audience = Audience::from_name(&asked.audience).unwrap_or_default();
        let index = good.index(audience, &asked.lang)?;
        let book = good.book.in_language(&asked.lang).unwrap_or(&good.book);
        anyhow::Ok(explained(&index, book, &asked.q))
    });
    match explained.await {
        Ok(Ok(it)) => answer("application/json", it.to_string()),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
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
