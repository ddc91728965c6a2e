//! `unstuck serve`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use axum::Router;
use clap::Args;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

use crate::Outcome;

#[derive(Args)]
pub struct Options {
    /// Folder with the built widget; served at / and at /unstuck/
    #[arg(long, default_value = "dist")]
    widget: PathBuf,
    /// Folder with example pages; served at /examples/
    #[arg(long)]
    examples: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 for a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

pub fn run(options: Options) -> Result<Outcome> {
    if !options.widget.join("unstuck.js").is_file() {
        bail!("no widget in {}: run `cargo xtask build`, or name its folder with --widget", options.widget.display());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(serve(options))?;
    Ok(Outcome::Clean)
}

async fn serve(options: Options) -> Result<()> {
    let widget = ServeDir::new(&options.widget);
    let mut router = Router::new().nest_service("/unstuck", widget.clone());
    if let Some(examples) = &options.examples {
        router = router.nest_service("/examples", ServeDir::new(examples));
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}; try another --port"))?;
    let address = listener.local_addr()?;
    let mut pages = format!("help centre  http://{address}/\n");
    if options.examples.is_some() {
        for page in ["portal", "login", "billing"] {
            let _ = writeln!(pages, "{page:<12} http://{address}/examples/{page}.html");
        }
    }
    // Whoever started the server need not listen to it.
    let _ = std::io::stdout().write_all(pages.as_bytes());
    axum::serve(listener, router.fallback_service(widget)).await?;
    Ok(())
}
