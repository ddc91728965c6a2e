//! The program's own server.

use std::convert::Infallible;
use std::io::Write as _;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{Path as UrlPath, Query, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use futures_util::stream::unfold;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::services::ServeDir;

use super::Site;
use crate::answer::{self, Answer, Asked};
use crate::preview::{LOOK, Preview};

/// A preview, and the number of its latest version for whoever waits for it.
#[derive(Clone)]
struct Watched {
    preview: Arc<Preview>,
    latest: watch::Receiver<u64>,
}

/// Answers until the program is ended.
pub fn serve(site: &Site) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(listen(site))
}

async fn listen(site: &Site) -> Result<()> {
    let widget = ServeDir::new(&site.widget);
    let mut router = Router::new().nest_service("/unstuck", widget.clone());
    if let Some(preview) = &site.preview {
        let watched = watch_files(preview)?;
        let pages = ["/preview", "/preview/", "/preview/{*path}"];
        router =
            pages.into_iter().fold(router, |it, path| it.route(path, get(preview_page).with_state(watched.clone())));
    }
    router = match &site.examples {
        Some(examples) => router.nest_service("/examples", ServeDir::new(examples)).fallback_service(widget),
        None => router.route("/", get(|| async { Redirect::temporary("/preview/") })),
    };
    let listener = TcpListener::bind(site.address).await.with_context(|| site.cannot_listen())?;
    let said = site.pages(listener.local_addr()?);
    // Whoever started the server need not listen to it.
    let _ = std::io::stdout().write_all(said.as_bytes());
    axum::serve(listener, router).await?;
    Ok(())
}

/// Looks at the files as long as there is a preview of them.
fn watch_files(preview: &Arc<Preview>) -> Result<Watched> {
    let (sender, latest) = watch::channel(preview.version());
    let watching = Arc::downgrade(preview);
    std::thread::Builder::new()
        .name("watch".into())
        .spawn(move || {
            while let Some(preview) = watching.upgrade() {
                if preview.look() {
                    sender.send_replace(preview.version());
                }
                drop(preview);
                std::thread::sleep(LOOK);
            }
        })
        .context("cannot watch the files")?;
    Ok(Watched { preview: Arc::clone(preview), latest })
}

async fn preview_page(
    State(watched): State<Watched>,
    headers: HeaderMap,
    uri: Uri,
    path: Option<UrlPath<String>>,
    Query(query): Query<answer::Query>,
) -> Response {
    let host = headers.get(HOST).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    let path = path.map_or_else(|| uri.path().to_owned(), |it| format!("/preview/{}", it.0));
    let preview = watched.preview;
    // Searching and building take their time, in which others are answered.
    let answer = tokio::task::spawn_blocking(move || preview.answer(&Asked { host, path, query })).await;
    match answer {
        Ok(Some(it)) if it.goes_on => events(watched.latest),
        Ok(Some(it)) => response(it),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn response(answer: Answer) -> Response {
    let mut builder = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        builder = builder.header(name, value);
    }
    builder.body(answer.body.into()).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Says the number of each version as it comes, beginning with the one that is there.
fn events(mut latest: watch::Receiver<u64>) -> Response {
    latest.mark_changed();
    let numbers = unfold(latest, |mut latest| async {
        latest.changed().await.ok()?;
        let number = *latest.borrow_and_update();
        Some((Ok::<_, Infallible>(Event::default().data(number.to_string())), latest))
    });
    Sse::new(numbers).into_response()
}
