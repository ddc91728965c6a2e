//! `unstuck serve`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use clap::Args;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

use crate::{Outcome, preview};

#[derive(Args)]
pub struct Options {
    /// Folder with kb.toml and Markdown files, shown at /preview/ and again whenever a file is saved; default: kb, or
    /// none with --examples
    kb: Option<PathBuf>,
    /// Folder with the built widget; served at /unstuck/, and with --examples at /; default: dist beside the knowledge
    /// base, or here
    #[arg(long)]
    widget: Option<PathBuf>,
    /// Folder with example pages; served at /examples/
    #[arg(long)]
    examples: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 for a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

pub fn run(options: Options) -> Result<Outcome> {
    let widget = options.widget.clone().unwrap_or_else(|| {
        let beside = options.kb.as_ref().and_then(|it| it.parent()).map(|it| it.join("dist"));
        beside.filter(|it| has_widget(it)).unwrap_or_else(|| "dist".into())
    });
    if !has_widget(&widget) {
        bail!("no widget in {}: run `cargo xtask build`, or name its folder with --widget", widget.display());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let has_workbench = widget.join("workbench.html").is_file();
    runtime.block_on(serve(options, ServeDir::new(widget), has_workbench))?;
    Ok(Outcome::Clean)
}

fn has_widget(folder: &Path) -> bool {
    folder.join("unstuck.js").is_file()
}

async fn serve(options: Options, widget: ServeDir, has_workbench: bool) -> Result<()> {
    let mut router = Router::new().nest_service("/unstuck", widget.clone());
    let mut pages = Vec::new();
    // Without pages to show there is something to write.
    let kb = options.kb.or_else(|| options.examples.is_none().then(|| "kb".into()));
    if let Some(kb) = &kb {
        router = router.merge(preview::router(preview::start(kb)?));
        pages.push(("preview", "preview/".to_owned()));
    }
    if let Some(examples) = &options.examples {
        router = router.nest_service("/examples", ServeDir::new(examples)).fallback_service(widget);
        pages.insert(0, ("help centre", String::new()));
        pages.extend(["portal", "login", "billing"].map(|it| (it, format!("examples/{it}.html"))));
        pages.extend(has_workbench.then(|| ("workbench", "workbench.html".into())));
    } else {
        router = router.route("/", get(|| async { Redirect::temporary("/preview/") }));
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}; try another --port"))?;
    let address = listener.local_addr()?;
    let mut said = String::new();
    for (name, path) in pages {
        let _ = writeln!(said, "{name:<12} http://{address}/{path}");
    }
    // Whoever started the server need not listen to it.
    let _ = std::io::stdout().write_all(said.as_bytes());
    axum::serve(listener, router).await?;
    Ok(())
}
