//! `unstuck build`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use unstuck::kb::{Book, BuiltFile, SingleFile};

use crate::{AudienceArgument, KbArgument, Outcome, load};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    kb: KbArgument,
    /// Folder to write to; made where it does not exist
    #[arg(long)]
    out: PathBuf,
    /// Whom the build is for: it holds no byte that is for a narrower circle
    #[arg(long, value_enum, default_value_t = AudienceArgument::Customer)]
    audience: AudienceArgument,
    /// Only in this language, as the only one; all languages otherwise
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Also write one page with everything in it, to be opened from a disk: AUDIENCE.single.html
    #[arg(long)]
    single_file: bool,
    /// Folder with the built widget, for --single-file
    #[arg(long, default_value = "dist")]
    widget: PathBuf,
}

pub fn run(options: &Options) -> Result<Outcome> {
    let kb = &options.kb.kb;
    let mut book = Book::read(&load::sources(kb)?);
    book.check();
    if book.has_errors() {
        load::print(&mut std::io::stderr(), &book, kb, &book.diagnostics)?;
        eprintln!("{}: nothing was built", kb.display());
        return Ok(Outcome::Findings);
    }
    let audience = options.audience.into();
    let book = load::in_language(&book, kb, options.lang.as_deref())?;
    let single = if options.single_file { Some(book.single_file(audience, &script(&options.widget)?)) } else { None };
    // The manifest is the last of the files: see `Build::files`.
    let build = if options.lang.is_some() { book.build_alone(audience) } else { book.build(audience) };
    for it in build.files {
        write(&options.out, &it)?;
    }
    if let Some(SingleFile { html, script_hash }) = single {
        let file = BuiltFile { path: format!("{audience}.single.html"), bytes: html.into_bytes() };
        write(&options.out, &file)?;
        // Whoever reads it may have heard enough.
        let _ = writeln!(
            std::io::stdout(),
            "single file  {}\nscript-src   '{script_hash}'",
            options.out.join(&file.path).display()
        );
    }
    Ok(Outcome::Clean)
}

/// The widget's script that needs no other file.
fn script(widget: &Path) -> Result<String> {
    let path = widget.join("standalone.js");
    if !path.is_file() {
        bail!("no standalone.js in {}: run `cargo xtask build`, or name the folder with --widget", widget.display());
    }
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(out: &Path, it: &BuiltFile) -> Result<()> {
    load::write(&out.join(&it.path), &it.bytes)
}
