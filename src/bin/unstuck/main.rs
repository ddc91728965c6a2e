//! `unstuck`: checks, builds, searches and measures knowledge bases.
//!
//! Files, arguments, the terminal and exit codes are here; everything else is
//! in the library.

mod answer;
mod build;
mod check;
mod eval;
mod gaps;
mod import;
mod load;
mod new;
mod preview;
mod search;
mod serve;
mod why;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use unstuck::kb::Audience;

/// Checks, builds, searches and measures knowledge bases.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Say what is wrong with a knowledge base
    Check(check::Options),
    /// Compile a knowledge base to the files that a page loads
    Build(build::Options),
    /// Show the entries that a query finds, with scores and why
    Search(search::Options),
    /// Measure search quality on a set of queries
    Eval(eval::Options),
    /// Make a knowledge base of Markdown that was written elsewhere
    Import(import::Options),
    /// Show a knowledge base in the browser as it is written, or serve built files
    Serve(serve::Options),
    /// Make a knowledge base to start from
    New(new::Options),
    /// Say what to write next, by the events that a site recorded
    Gaps(gaps::Options),
}

/// Where the knowledge base is.
#[derive(Args)]
struct KbArgument {
    /// Folder with kb.toml and Markdown files
    #[arg(default_value = "kb")]
    kb: PathBuf,
}

/// The audiences, as an argument.
#[derive(Clone, Copy, ValueEnum)]
enum AudienceArgument {
    Customer,
    Agent,
    Staff,
}

impl From<AudienceArgument> for Audience {
    fn from(it: AudienceArgument) -> Self {
        match it {
            AudienceArgument::Customer => Self::Customer,
            AudienceArgument::Agent => Self::Agent,
            AudienceArgument::Staff => Self::Staff,
        }
    }
}

/// How a command ended. The one place that knows what its exit code is.
enum Outcome {
    /// Nothing to object to; hits found; measure met.
    Clean,
    /// Errors in the content; no hit; measure missed.
    Findings,
}

/// The folder of the widget that this program came with, where it came with
/// one: the package for Node says so.
fn own_widget() -> Option<PathBuf> {
    std::env::var_os("UNSTUCK_WIDGET").map(PathBuf::from)
}

/// A number of things in words: "1 entry", "2 entries".
fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

impl From<bool> for Outcome {
    fn from(clean: bool) -> Self {
        if clean { Self::Clean } else { Self::Findings }
    }
}

fn main() -> ExitCode {
    enter_folder();
    let outcome = match Cli::parse().command {
        Command::Check(options) => check::run(&options),
        Command::Build(options) => build::run(&options),
        Command::Search(options) => search::run(&options),
        Command::Eval(options) => eval::run(&options),
        Command::Import(options) => import::run(&options),
        Command::Serve(options) => serve::run(options),
        Command::New(options) => new::run(&options),
        Command::Gaps(options) => gaps::run(&options),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        // Nobody reads on: as with every command in a pipe, that is no failure of ours.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("unstuck: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|it| it.downcast_ref::<std::io::Error>())
        .any(|it| it.kind() == std::io::ErrorKind::BrokenPipe)
}

/// In Node a program begins in the root of what it may see, and is told where
/// it was called.
#[cfg(target_os = "wasi")]
fn enter_folder() {
    if let Some(folder) = std::env::var_os("PWD") {
        // Where there is no such folder, relative paths are those of the root.
        let _ = std::env::set_current_dir(folder);
    }
}

/// Elsewhere the system does it.
#[cfg(not(target_os = "wasi"))]
fn enter_folder() {}
