//! `unstuck search`.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use unstuck::index::{Index, text};
use unstuck::search::{self, Hit};

use crate::why::{self, Aliases};
use crate::{AudienceArgument, Outcome, load};

/// How many entries are shown that are no answers, where there is none.
const NEAREST: usize = 3;

/// What the numbers say, for whoever asks for help.
const NUMBERS: &str = "\
The number before an entry is its score: larger is better, within one search only.
Confidence says whether an entry is an answer at all: above 0 it is, and the more the clearer.
The number after a word is what it counts: the rarer the word, and the nearer to what was typed, the more.
Where no entry is an answer, those that came nearest stand below, with what they lack.

It ends with 0 when there are answers, with 1 when there are none, and with 2 when it could not search.";

#[derive(Args)]
#[command(override_usage = "unstuck search [OPTIONS] [KB] QUERY", after_help = NUMBERS)]
pub struct Options {
    /// What to look for, in quotation marks; before it the knowledge base, a folder or a compiled .bin file, where that
    /// is not kb
    #[arg(num_args = 1.., required = true, value_name = "QUERY")]
    kb_and_query: Vec<String>,
    /// Only in this area (id or title)
    #[arg(long)]
    area: Option<String>,
    /// How many entries at most
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Search the translation into this language
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Search what this audience sees; everything otherwise
    #[arg(long, value_enum, default_value_t = AudienceArgument::Staff)]
    audience: AudienceArgument,
    /// Write an array of objects
    #[arg(long)]
    json: bool,
}

pub fn run(options: &Options) -> Result<Outcome> {
    let (kb, query) = match options.kb_and_query.as_slice() {
        // What is a knowledge base for certain is no query.
        [kb] if Path::new(kb).join("kb.toml").is_file() || kb.ends_with(".bin") && Path::new(kb).is_file() => {
            bail!("the query is missing: say what to look for, as in unstuck search {kb} \"it does not start\"")
        }
        [query] => (PathBuf::from("kb"), query),
        [kb, query] if Path::new(kb).exists() => (PathBuf::from(kb), query),
        [kb, query] => bail!(
            "no knowledge base at {kb}: expected a folder or a compiled file; where \"{kb}\" is a part of the query, \
             put all of it in quotation marks: unstuck search \"{kb} {query}\""
        ),
        [kb, words @ ..] if Path::new(kb).exists() => {
            bail!("expected one query, found {} words: {}", words.len(), quoted(kb, words))
        }
        words => bail!("expected one query, found {} words: {}", words.len(), quoted("", words)),
    };
    if query.trim().is_empty() {
        bail!("the query is missing: say what to look for, in quotation marks");
    }
    let limit = options.limit as usize;
    let index = load::index(&kb, options.audience.into(), options.lang.as_deref())?;
    let area = options.area.as_deref().map(|it| area(&index, it)).transpose()?;
    // Some answers come near, and an author wants to know why they are none.
    let why = search::explain(&index, query, area, limit.max(NEAREST));
    let found = &why.found;
    // A query without a word asks for everything in a page, and for nothing here.
    let hits = if why.words.is_empty() { Vec::new() } else { search::answers(&index, found, limit) };
    let mut out = std::io::stdout().lock();
    if options.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&hits)?)?;
    } else {
        let mut out = load::Tame(out);
        let aliases = Aliases::of(&kb, options.lang.as_deref())?;
        for it in &hits {
            let nearest = why.nearest.iter().find(|nearest| nearest.id == it.id);
            writeln!(out, "{:>6}  {}\n        {} ({})", it.score, it.symptom, it.id, it.area)?;
            if !it.matched.is_empty() {
                writeln!(out, "        matched: {}", it.matched.join(", "))?;
            } else if let Some(alias) = nearest.and_then(|it| aliases.best(it)) {
                writeln!(out, "        matched by the alias “{alias}”")?;
            } else {
                writeln!(out, "        matched by none of its words that are shown")?;
            }
            if let Some(it) = nearest {
                writeln!(out, "        {}", why::evidence(it, &aliases))?;
            }
        }
        if hits.is_empty() {
            writeln!(out, "no match{}", if why.words.is_empty() { ": there is no word in the query" } else { "" })?;
        }
        let symptom = |it: &Hit| text::plain(&index.summary(it.doc).symptom);
        for it in &found.near {
            writeln!(out, "perhaps meant: {}", symptom(it))?;
        }
        if hits.is_empty() {
            for it in why.nearest.iter().take(NEAREST) {
                writeln!(out, "nearest: {}\n        {}", it.id, why::evidence(it, &aliases))?;
            }
        }
        if let Some(it) = &found.elsewhere {
            writeln!(out, "better in {}: {}", index.areas()[index.area_of(it.doc)].id, symptom(it))?;
        }
        if found.is_clear {
            writeln!(out, "the first is clear: pages show it opened")?;
        }
        // Why: also what matched in steps that are not listed here.
        let stood_for: Vec<String> = found.terms.iter().map(|it| index.nth_term(*it)).collect();
        let mut stood_for: Vec<&str> = stood_for.iter().map(String::as_str).collect();
        stood_for.sort_unstable();
        stood_for.dedup();
        if !stood_for.is_empty() {
            writeln!(out, "the words stood for these stems: {}", stood_for.join(", "))?;
        }
        let unknown = why::unknown(&why.words);
        if !unknown.is_empty() {
            writeln!(out, "not known here: {}", unknown.join(", "))?;
        }
    }
    Ok(Outcome::from(!hits.is_empty()))
}

/// What was most likely meant by words without quotation marks.
fn quoted(kb: &str, words: &[String]) -> String {
    let kb = if kb.is_empty() { String::new() } else { format!("{kb} ") };
    format!("put the query in quotation marks: unstuck search {kb}\"{}\"", words.join(" "))
}

/// The area with this id or title.
pub fn area(index: &Index, name: &str) -> Result<usize> {
    let at = index.areas().iter().position(|it| it.id == name || it.title.eq_ignore_ascii_case(name));
    let Some(at) = at else {
        let known: Vec<&str> = index.areas().iter().map(|it| it.id.as_str()).collect();
        bail!("unknown area \"{name}\", expected one of {}", known.join(", "));
    };
    Ok(at)
}
