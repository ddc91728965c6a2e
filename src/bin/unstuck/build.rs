//! `unstuck build`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use clap::Args;
use unstuck::kb::{Audience, Book, BuiltFile, SingleFile};

use crate::{AudienceArgument, KbArgument, Outcome, check, count, load};

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
    /// Folder with the built widget, for --single-file; default: dist, in the package for Node its own
    #[arg(long)]
    widget: Option<PathBuf>,
    /// Remove hashed files that no manifest in the folder has named for so many days; otherwise all of them stay
    #[arg(long, value_name = "DAYS")]
    keep: Option<u32>,
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
    if book.is_empty() {
        eprintln!("{}", check::no_entry(kb));
        eprintln!("{}: nothing was built", kb.display());
        return Ok(Outcome::Findings);
    }
    let audience = options.audience.into();
    let book = load::in_language(&book, kb, options.lang.as_deref())?;
    let single =
        if options.single_file { Some(book.single_file(audience, &script(options.widget.as_deref())?)) } else { None };
    let noted = note_use(&options.out, SystemTime::now());
    if options.keep.is_some() {
        noted?;
        // Before anything is written: what is still needed is also what others have built here.
        named(&options.out, Some(audience))?;
    }
    // The manifest is the last of the files: see `Build::files`.
    let build = if options.lang.is_some() { book.build_alone(audience) } else { book.build(audience) };
    for it in &build.files {
        write(&options.out, it)?;
    }
    // Whoever reads it may have heard enough, here and below.
    let _ = writeln!(
        std::io::stdout(),
        "{}: {} for {audience}, {} written to {}",
        kb.display(),
        count(book.contents(audience).entries.len(), "entry", "entries"),
        count(build.files.len(), "file", "files"),
        options.out.display()
    );
    if let Some(SingleFile { html, script_hash }) = single {
        let file = BuiltFile { path: format!("{audience}.single.html"), bytes: html.into_bytes() };
        write(&options.out, &file)?;
        let _ = writeln!(
            std::io::stdout(),
            "single file  {}\nscript-src   '{script_hash}'",
            options.out.join(&file.path).display()
        );
    }
    if let Some(days) = options.keep {
        remove_old(&options.out, Duration::from_secs(u64::from(days) * 24 * 60 * 60))?;
    }
    Ok(Outcome::Clean)
}

/// The hashed files that the manifests in a folder name, but for the manifest
/// that is about to be replaced.
fn named(out: &Path, replaced: Option<Audience>) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for audience in Audience::ALL.into_iter().filter(|it| Some(*it) != replaced) {
        let path = out.join(format!("{audience}.json"));
        if !path.is_file() {
            continue;
        }
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let manifest: serde_json::Value = serde_json::from_slice(&text)
            .with_context(|| format!("cannot tell which files {} still needs", path.display()))?;
        for it in manifest["languages"].as_object().into_iter().flat_map(serde_json::Map::values) {
            names.extend(it["file"].as_str().map(str::to_owned));
            names.extend(it["blocks"].as_object().into_iter().flat_map(serde_json::Map::keys).cloned());
        }
    }
    Ok(names)
}

/// The files that stand in a folder, in the order of their names; none where
/// there is no folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|it| Some(it.ok()?.path())).filter(|it| it.is_file()).collect();
    files.sort();
    Ok(files)
}

/// Notes in the times of the files which of them are in use until now, however
/// long ago they were written. A manifest that cannot be read is about to be
/// replaced, or is nobody's business until something is to be removed.
fn note_use(out: &Path, now: SystemTime) -> Result<()> {
    for name in named(out, None).unwrap_or_default() {
        let path = out.join(name);
        if path.is_file() {
            let file = fs::File::options().append(true).open(&path);
            file.and_then(|it| it.set_modified(now)).with_context(|| format!("cannot touch {}", path.display()))?;
        }
    }
    Ok(())
}

/// Removes the hashed files that no manifest names and that were in use, or
/// written, longer ago than this: nobody who loaded an old manifest asks for
/// them any more. Also what an interrupted build left of them.
fn remove_old(out: &Path, age: Duration) -> Result<()> {
    let named = named(out, None)?;
    let now = SystemTime::now();
    for path in files(out)? {
        let Some(name) = path.file_name().and_then(|it| it.to_str()) else { continue };
        let stem = name.strip_suffix(".new").unwrap_or(name).strip_suffix(".bin").unwrap_or_default();
        let is_hashed = stem.len() == 16 && stem.bytes().all(|it| it.is_ascii_hexdigit());
        if !is_hashed || named.contains(name) {
            continue;
        }
        let used = fs::metadata(&path).and_then(|it| it.modified());
        let used = used.with_context(|| format!("cannot tell the age of {}", path.display()))?;
        if now.duration_since(used).unwrap_or_default() >= age {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// The widget's script that needs no other file.
fn script(widget: Option<&Path>) -> Result<String> {
    let widget = widget.map(PathBuf::from).or_else(crate::own_widget).unwrap_or_else(|| "dist".into());
    let path = widget.join("standalone.js");
    if !path.is_file() {
        bail!("no standalone.js in {}: run `cargo xtask build`, or name the folder with --widget", widget.display());
    }
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(out: &Path, it: &BuiltFile) -> Result<()> {
    load::write(&out.join(&it.path), &it.bytes)
}
