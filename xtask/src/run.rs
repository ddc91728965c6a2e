//! Running other programs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The folder of the repository.
pub fn root() -> PathBuf {
    // The manifest of xtask stands one folder below it.
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What is being done, for whoever waits.
pub fn say(what: &str) {
    eprintln!("xtask: {what}");
}

/// A command in the folder of the repository.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}

/// Cargo, the one that runs us.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command; its failure is ours.
pub fn run(command: &mut Command) -> Result<()> {
    let status =
        command.status().with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))?;
    if !status.success() {
        let args: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
        bail!("failed ({status}): {} {}", command.get_program().to_string_lossy(), args.join(" "));
    }
    Ok(())
}

/// Whether a command can be run and ends well, with nothing of it shown.
pub fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|it| it.status.success())
}
