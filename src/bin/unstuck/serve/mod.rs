//! `unstuck serve`: what is served, and what is said of it. How requests come
//! is the business of `network`, the program's own server, and of `lent`, where
//! another program has the network.

mod lent;
#[cfg(feature = "cli")]
mod network;

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::Args;

use crate::Outcome;
use crate::preview::Preview;

/// The page for authors, beside the widget.
const WORKBENCH: &str = "workbench.html";

#[derive(Args)]
pub struct Options {
    /// Folder with kb.toml and Markdown files, shown at /preview/ and again whenever a file is saved; default: kb, or
    /// none with --examples
    kb: Option<PathBuf>,
    /// Folder with the built widget; served at /unstuck/, and with --examples at /; default: dist beside the knowledge
    /// base, or here, in the package for Node its own
    #[arg(long)]
    widget: Option<PathBuf>,
    /// Folder with example pages; served at /examples/
    #[arg(long)]
    examples: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 for a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

/// What is served.
struct Site {
    widget: PathBuf,
    examples: Option<PathBuf>,
    preview: Option<Arc<Preview>>,
    /// Where it is to be served; nobody but this machine is let in.
    address: SocketAddr,
}

pub fn run(options: Options) -> Result<Outcome> {
    let widget = options.widget.or_else(crate::own_widget).unwrap_or_else(|| {
        let beside = options.kb.as_ref().and_then(|it| it.parent()).map(|it| it.join("dist"));
        beside.filter(|it| has_widget(it)).unwrap_or_else(|| "dist".into())
    });
    if !has_widget(&widget) {
        bail!("no widget in {}: run `cargo xtask build`, or name its folder with --widget", widget.display());
    }
    // Without pages to show there is something to write.
    let kb = options.kb.or_else(|| options.examples.is_none().then(|| "kb".into()));
    let preview = kb.map(|it| Preview::start(&it)).transpose()?.map(Arc::new);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let site = Site { widget, examples: options.examples, preview, address };
    #[cfg(feature = "cli")]
    if !lent::is_wanted() {
        network::serve(&site)?;
        return Ok(Outcome::Clean);
    }
    lent::serve(&site)?;
    Ok(Outcome::Clean)
}

fn has_widget(folder: &Path) -> bool {
    folder.join("unstuck.js").is_file()
}

impl Site {
    /// What the terminal is told: where each page is.
    fn pages(&self, address: SocketAddr) -> String {
        let mut pages = Vec::new();
        if self.examples.is_some() {
            pages.push(("help centre", String::new()));
        }
        if self.preview.is_some() {
            pages.push(("preview", "preview/".to_owned()));
        }
        if self.examples.is_some() {
            pages.extend(["portal", "login", "billing"].map(|it| (it, format!("examples/{it}.html"))));
            // A widget from elsewhere need not have it.
            if self.widget.join(WORKBENCH).is_file() {
                pages.push(("workbench", WORKBENCH.to_owned()));
            }
        }
        let mut said = String::new();
        for (name, path) in pages {
            let _ = writeln!(said, "{name:<12} http://{address}/{path}");
        }
        said
    }

    /// What is said where the port is taken, or not for everybody.
    fn cannot_listen(&self) -> String {
        format!("cannot listen on {}; try another --port", self.address)
    }
}
