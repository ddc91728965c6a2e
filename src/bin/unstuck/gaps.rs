//! `unstuck gaps`.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;
use unstuck::kb::{self, Gaps, Unanswered, Unhelpful};

use crate::{AudienceArgument, Outcome, count, load};

#[derive(Args)]
pub struct Options {
    /// Recorded events of the element, one { "type", "time", "detail" } a line
    events: PathBuf,
    /// Folder with kb.toml and Markdown files, or a compiled .bin file
    #[arg(default_value = "kb")]
    kb: PathBuf,
    /// How many of each are printed at most; all of them with --json
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Compare with the translation into this language
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// Compare with what this audience sees; everything otherwise
    #[arg(long, value_enum, default_value_t = AudienceArgument::Staff)]
    audience: AudienceArgument,
    /// Write an object
    #[arg(long)]
    json: bool,
}

pub fn run(options: &Options) -> Result<Outcome> {
    let index = load::index(&options.kb, options.audience.into(), options.lang.as_deref())?;
    let events = fs::read(&options.events).with_context(|| format!("cannot read {}", options.events.display()))?;
    let gaps = kb::gaps(&index, &events);
    let mut out = std::io::stdout().lock();
    if options.json {
        let mut value = serde_json::to_value(&gaps)?;
        for (at, it) in gaps.unhelpful.iter().enumerate() {
            value["unhelpful"][at]["not_resolved_share"] = json!(share(it));
        }
        writeln!(out, "{value:#}")?;
    } else {
        print(&mut load::Tame(out), &gaps, options)?;
    }
    Ok(Outcome::from(gaps.bad.is_empty()))
}

/// Of those who said how it ended, whom it did not help.
fn share(it: &Unhelpful) -> Option<f64> {
    let told = it.resolved + it.not_resolved;
    (told > 0).then(|| f64::from(it.not_resolved as u32) / f64::from(told as u32))
}

fn print(out: &mut impl Write, gaps: &Gaps, options: &Options) -> Result<()> {
    let Gaps { lines: _, types, private, unanswered, unhelpful, bad } = gaps;
    let n_events: usize = types.values().sum();
    let types: Vec<String> = types.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    let types = if types.is_empty() { "none".into() } else { types.join(", ") };
    writeln!(out, "{}: {types}", count(n_events, "event", "events"))?;

    let n: usize = unanswered.iter().map(|it| it.count).sum();
    let searches = count(n, "search", "searches");
    let things = count(unanswered.len(), "thing", "things");
    writeln!(out, "\n{searches} without a match, about {things}")?;
    for it in unanswered.iter().take(options.limit) {
        print_unanswered(out, it)?;
    }
    print_rest(out, unanswered.len(), options.limit)?;
    if *private > 0 {
        writeln!(out, "{private} more without their text: the element was private")?;
    }

    writeln!(out, "\n{} that did not help", count(unhelpful.len(), "entry", "entries"))?;
    for it in unhelpful.iter().take(options.limit) {
        let of = it.resolved + it.not_resolved;
        let is_gone = it.symptom.is_empty();
        // What is gone helps nobody: how often it did not is no reason to rewrite it.
        let share = share(it).filter(|_| !is_gone).map_or(String::new(), |it| format!(" ({:.0} %)", 100.0 * it));
        writeln!(out, "{:>6} of {of}{share}  {}{}", it.not_resolved, if is_gone { "gone: " } else { "" }, it.id)?;
        let symptom = if is_gone { "there is no such entry any more" } else { &it.symptom };
        writeln!(out, "        {symptom}; opened {}, resolved {}, escalated {}", it.opened, it.resolved, it.escalated)?;
    }
    print_rest(out, unhelpful.len(), options.limit)?;

    if !bad.is_empty() {
        writeln!(out, "\n{} could not be read", count(bad.len(), "line", "lines"))?;
        for it in bad {
            writeln!(out, "{} line {}: {}", options.events.display(), it.line, it.message)?;
        }
    }
    Ok(())
}

fn print_unanswered(out: &mut impl Write, it: &Unanswered) -> Result<()> {
    writeln!(out, "{:>6}  {}", it.count, it.query)?;
    if it.variants.len() > 1 {
        let variants: Vec<String> = it.variants.iter().map(|it| format!("{:?} {}", it.query, it.count)).collect();
        writeln!(out, "        said as {}", variants.join(", "))?;
    }
    if it.escalated > 0 {
        writeln!(out, "        {} asked for help about it", it.escalated)?;
    }
    if !it.areas.is_empty() {
        let areas: Vec<String> = it.areas.iter().map(|(id, n)| format!("{id} {n}")).collect();
        writeln!(out, "        in {}", areas.join(", "))?;
    }
    if let Some(id) = &it.answered_by {
        writeln!(out, "        answered by now: {id}")?;
    }
    if !it.unknown.is_empty() {
        writeln!(out, "        not known here: {}", it.unknown.join(", "))?;
    }
    if it.nearest.is_empty() {
        writeln!(out, "        no entry has any of it")?;
    }
    for near in it.nearest.iter().filter(|near| it.answered_by.as_ref() != Some(&near.id)) {
        let lacks = if near.lacks.is_empty() { String::new() } else { format!("; lacks {}", near.lacks.join(", ")) };
        let name = if it.perhaps.as_ref() == Some(&near.id) { "perhaps" } else { "near" };
        writeln!(out, "        {name}: {} ({}){lacks}", near.id, near.symptom)?;
    }
    Ok(())
}

fn print_rest(out: &mut impl Write, n: usize, limit: usize) -> Result<()> {
    if n > limit {
        writeln!(out, "and {} more: --limit {n} shows them", n - limit)?;
    }
    Ok(())
}
