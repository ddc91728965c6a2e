//! The repository's own chores: build, serve, test.
//!
//! `cargo xtask help` lists them. Each finds or installs the tools it needs,
//! says so, and stops with the command to run where it cannot.

mod bench;
mod build;
mod fuzz;
mod help_centre;
mod notices;
mod package;
mod reproduce;
mod run;
mod soak;
mod supply;
mod test;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Builds, serves and tests Unstuck.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build what a host needs: the element, its WASM and the knowledge base
    Build {
        /// Folder to write to; under Trunk its staging folder
        #[arg(long, env = "TRUNK_STAGING_DIR", default_value = "dist")]
        out: PathBuf,
    },
    /// Build, then serve the help centre and the example pages
    Serve {
        /// Port on 127.0.0.1
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Build, then measure against other search libraries; writes bench/RESULTS.md
    Bench,
    /// Check the code for pages, the widget's and the workbench's, with clippy
    ClippyWasm,
    /// Build, then run all tests, in a real browser too
    Test {
        /// Also install Trunk and check that it builds the same files
        #[arg(long)]
        trunk: bool,
        /// Also what takes minutes: ten thousand elements that come and go, the examples for frameworks, Lighthouse, two builds from nothing
        #[arg(long)]
        long: bool,
    },
    /// Give random input to all that reads input
    Fuzz {
        /// For how long each
        #[arg(long, default_value_t = 20)]
        minutes: u32,
        /// Only these; otherwise all
        targets: Vec<String>,
    },
    /// Build, then use the portal page at random; writes target/soak/report.json and report.txt
    Soak {
        /// For how long
        #[arg(long, default_value_t = 60)]
        minutes: u32,
        /// What is chosen; another number is another run, and it is said at the start
        #[arg(long)]
        seed: Option<u32>,
        /// Stop after so many acts, however long they take: the same run again as far as where it failed
        #[arg(long, conflicts_with = "minutes")]
        acts: Option<u32>,
        /// Go on after what is found, and tell of all of it at the end
        #[arg(long)]
        go_on: bool,
    },
    /// Build, then pack the element for npm into target/package
    Package,
    /// Check licences, versions and known dangers of all that the project stands on
    Supply,
    /// Make the list of other people's software in what is shipped, THIRD-PARTY.txt
    Notices,
    /// Build twice from nothing, in different circumstances, and compare every file
    Reproduce,
    /// Make the README's tables and the types from custom-elements.json
    Contract,
}

fn main() -> ExitCode {
    match execute(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> Result<()> {
    std::env::set_current_dir(run::root())?;
    match command {
        Command::Build { out } => build::build(&out),
        Command::Serve { port } => serve(port),
        Command::Bench => bench::bench(),
        Command::ClippyWasm => ["widget", "workbench"].into_iter().try_for_each(|feature| {
            let mut clippy = tools::cargo_for_wasm("clippy", feature)?;
            run::run(clippy.args(["--package", "unstuck", "--lib", "--quiet", "--", "-D", "warnings"]))
        }),
        Command::Test { trunk, long } => test::test(trunk, long),
        Command::Fuzz { minutes, targets } => fuzz::fuzz(minutes, &targets),
        Command::Soak { minutes, seed, acts, go_on } => soak::soak(minutes, seed, acts, go_on),
        Command::Package => package::package().map(drop),
        Command::Supply => supply::supply(),
        Command::Notices => tools::npm_packages().and_then(|()| notices::update()),
        Command::Reproduce => reproduce::reproduce(),
        Command::Contract => run::run(run::command("node").arg("xtask/contract.js")),
    }
}

fn serve(port: u16) -> Result<()> {
    build::build("dist".as_ref())?;
    let server = build::command_line()?;
    let port = port.to_string();
    run::run(run::command(&server).args(["serve", "--examples", "examples", "--port", &port]))
}
