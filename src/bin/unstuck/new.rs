//! `unstuck new`.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use unstuck::kb::STARTER;

use crate::Outcome;

#[derive(Args)]
pub struct Options {
    /// Folder to make; it must be empty or not exist yet
    dir: PathBuf,
}

pub fn run(options: &Options) -> Result<Outcome> {
    let dir = &options.dir;
    if dir.exists() && !dir.is_dir() {
        bail!("{} is a file: name a folder that does not exist yet", dir.display());
    }
    if dir.is_dir() {
        let mut entries = fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
        if entries.next().is_some() {
            bail!("{} is not empty: name a folder that is, or that does not exist yet", dir.display());
        }
    }
    fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    for (name, text) in STARTER {
        let path = dir.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let kb = dir.display();
    // Whoever started it may have heard enough.
    let _ = write!(
        std::io::stdout(),
        "{kb} has an example of each shape: a table in printing.md, sections in meeting-rooms.md, a guide in \
         move-your-desk.md\nnext: `unstuck check {kb}`, then `unstuck serve {kb}` and change a file\n"
    );
    Ok(Outcome::Clean)
}
