//! Random input to what reads it, until something breaks or the time is over.

use std::fs;

use anyhow::{Result, ensure};

use crate::run::{command, root, run, say};
use crate::tools;

/// What is fuzzed: the targets in `fuzz/fuzz_targets`.
const TARGETS: [&str; 4] = ["knowledge_base", "index", "query", "session"];

/// In seconds by the clock: an input that takes longer is a finding. A machine
/// that others use takes seconds for what is done in a tenth of one.
const TIMEOUT: u32 = 30;

/// In bytes: longer inputs find little that shorter ones do not, and slower.
const MAX_LEN: u32 = 4096;

/// Runs each target for so many minutes, from the inputs in `fuzz/corpus`. What
/// else it found interesting stays in the target folder, what broke in
/// `fuzz/artifacts`.
pub fn fuzz(minutes: u32, wanted: &[String]) -> Result<()> {
    if let Some(unknown) = wanted.iter().find(|it| !TARGETS.contains(&it.as_str())) {
        ensure!(false, "no target \"{unknown}\"; there are {}", TARGETS.join(", "));
    }
    let cargo_fuzz = tools::cargo_fuzz()?;
    for target in TARGETS.into_iter().filter(|it| wanted.is_empty() || wanted.iter().any(|name| name == it)) {
        say(&format!("fuzzing {target} for {minutes} minutes"));
        let found = root().join("target/fuzz").join(target);
        fs::create_dir_all(&found)?;
        // Coverage is asked for by unstable options, which the compiler takes as it does for the widget.
        run(command(&cargo_fuzz)
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["run", "--sanitizer", "none", target])
            .arg(&found)
            .args([
                format!("fuzz/corpus/{target}"),
                "--".into(),
                format!("-max_total_time={}", 60 * minutes),
                format!("-timeout={TIMEOUT}"),
                format!("-max_len={MAX_LEN}"),
            ]))?;
    }
    Ok(())
}
