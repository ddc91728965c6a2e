//! What others' work the project stands on: what it may be, whether it is known
//! to be dangerous, and whether exactly that is named.
//!
//! Knowing of dangers takes the network. Where that cannot be had, this says so
//! and goes on: nothing is passed over in silence, and nothing fails for want of
//! a line to the world.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use spdx::{Expression, Licensee, ParseMode};

use crate::notices;
use crate::run::{command, run, say};
use crate::tools;

/// Packages of crates, and of npm, each with a file that locks them.
const CRATES: [(&str, &str); 2] = [("Cargo.toml", "--workspace"), ("fuzz/Cargo.toml", "--all-features")];
const NPM: [(&str, &str); 2] = [(".", "package-lock.json"), ("bench", "bench/package-lock.json")];

/// The licences that what comes from npm may have. It builds and tests; what of
/// it is shipped has to be among the fewer of `notices.rs` too.
const NPM_LICENCES: [&str; 8] = ["MIT", "ISC", "0BSD", "Zlib", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MPL-2.0"];

/// Checks everything, and returns what could not be checked and why.
pub fn check() -> Result<Vec<String>> {
    let mut unchecked = Vec::new();
    say(&format!("comparing {} with what is shipped", notices::FILE));
    tools::npm_packages()?;
    notices::check()?;
    let unknown = notices::unknown_in_standard_library()?;
    if !unknown.is_empty() {
        unchecked.push(format!(
            "whether {} of this compiler's standard library is in what is shipped, which xtask/notices/parts.toml does not say",
            unknown.join(", ")
        ));
    }
    say("checking licences, versions and sources of all crates: cargo deny");
    let deny = tools::cargo_deny()?;
    let in_all = |what: &[&str]| {
        CRATES.iter().try_for_each(|(manifest, scope)| {
            let mut deny = command(&deny);
            deny.args(["--locked", "--log-level", "warn", "--manifest-path", manifest, scope]);
            deny.args(["--config", "deny.toml", "check", "--hide-inclusion-graph"]);
            deny.args(["--allow", "license-exception-not-encountered"]);
            if *manifest == "Cargo.toml" {
                deny.args(["--deny", "unmatched-skip", "--deny", "unmatched-skip-root"]);
            } else {
                // The settings are about the whole, of which this is a part.
                deny.args(["--allow", "license-not-encountered", "--allow", "advisory-not-detected"]);
                deny.args(["--allow", "unmatched-skip", "--allow", "unmatched-skip-root"]);
            }
            run(deny.args(what))
        })
    };
    in_all(&["licenses", "bans", "sources"])?;
    say("asking for known dangers of crates: cargo deny check advisories");
    match said(command(&deny).args(["--config", "deny.toml", "fetch", "db"])) {
        Ok(()) => in_all(&["advisories"])?,
        Err(why) => unchecked.push(format!("known dangers of crates, as their database cannot be had: {why}")),
    }
    for (folder, lock) in NPM {
        npm_lock(folder, lock)?;
        say(&format!("asking for known dangers of npm's packages: npm audit --prefix {folder}"));
        let audit =
            command("npm").args(["audit", "--json", "--prefix", folder]).output().context("cannot start npm")?;
        match audited(&audit.stdout) {
            Ok(()) => {}
            Err(Audit::Found(what)) => bail!("npm knows of dangers in what {lock} names: {what}"),
            Err(Audit::NotToBeHad(why)) => {
                unchecked.push(format!("known dangers of what {lock} names: {why}"));
            }
        }
    }
    for it in &unchecked {
        say(&format!("NOT CHECKED: {it}"));
    }
    Ok(unchecked)
}

/// The same as a command of its own: who asks wants an answer, so that what was
/// not checked is a failure.
pub fn supply() -> Result<()> {
    let unchecked = check()?;
    ensure!(unchecked.is_empty(), "all that could be checked is well; {} could not be", unchecked.len());
    say("all is well");
    Ok(())
}

/// Runs a command for what it does; its last line where it fails.
fn said(command: &mut std::process::Command) -> std::result::Result<(), String> {
    let output = command.output().map_err(|it| it.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(text.lines().rfind(|it| !it.trim().is_empty()).unwrap_or("it says nothing").trim().to_owned())
}

/// Why what npm was asked is no clean bill.
enum Audit {
    Found(String),
    NotToBeHad(String),
}

/// Reads what `npm audit --json` says.
fn audited(json: &[u8]) -> std::result::Result<(), Audit> {
    let report: Value = serde_json::from_slice(json).unwrap_or_default();
    let Some(found) = report["vulnerabilities"].as_object().filter(|_| report["metadata"].is_object()) else {
        let why = [&report["message"], &report["error"]["summary"]].into_iter().find_map(Value::as_str);
        let why = why.and_then(|it| it.lines().next()).unwrap_or("npm gave no report");
        return Err(Audit::NotToBeHad(without_address(why)));
    };
    if found.is_empty() {
        return Ok(());
    }
    let named = found.iter().map(|(name, it)| format!("{name} ({})", it["severity"].as_str().unwrap_or("unknown")));
    Err(Audit::Found(named.collect::<Vec<_>>().join(", ")))
}

/// What went wrong is of interest, not where the registry is.
fn without_address(why: &str) -> String {
    why.split(' ').filter(|it| !it.contains("://")).collect::<Vec<_>>().join(" ")
}

/// What is asked of npm is one version each, known by its hash, under a licence
/// that is no burden.
fn npm_lock(folder: &str, lock: &str) -> Result<()> {
    let manifest: Value = serde_json::from_slice(&fs::read(Path::new(folder).join("package.json"))?)?;
    for (name, version) in
        ["dependencies", "devDependencies"].iter().filter_map(|it| manifest[it].as_object()).flatten()
    {
        let version = version.as_str().unwrap_or_default();
        ensure!(
            !version.is_empty() && version.bytes().all(|it| it.is_ascii_digit() || it == b'.'),
            "what {lock} is made from asks for {name} {version}: name one version"
        );
    }
    let locked: Value = serde_json::from_slice(&fs::read(lock)?)?;
    let packages = locked["packages"].as_object().with_context(|| format!("{lock} names no packages"))?;
    for (name, it) in packages.iter().filter(|(name, _)| !name.is_empty()) {
        check_package(name, it).with_context(|| lock.to_owned())?;
    }
    Ok(())
}

fn check_package(name: &str, package: &Value) -> Result<()> {
    ensure!(package["integrity"].is_string(), "{name} is not known by its hash");
    let licence = package["license"].as_str().unwrap_or_default();
    let accepted = NPM_LICENCES.map(|it| Licensee::parse(it).expect("each is a licence"));
    let is_accepted = Expression::parse_mode(licence, ParseMode::LAX)
        .is_ok_and(|it| it.evaluate(|asked| accepted.iter().any(|it| it.satisfies(asked))));
    ensure!(is_accepted, "{name} is under \"{licence}\", and not one of {}", NPM_LICENCES.join(", "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check_audit(report: &str, expected: &str) {
        let said = match audited(report.as_bytes()) {
            Ok(()) => "clean".to_owned(),
            Err(Audit::Found(what)) => format!("found: {what}"),
            Err(Audit::NotToBeHad(why)) => format!("not to be had: {why}"),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn a_report_is_clean_only_where_npm_gave_one() {
        check_audit(r#"{ "vulnerabilities": {}, "metadata": {} }"#, "clean");
        let left = r#"{ "vulnerabilities": { "left": { "severity": "high" } }, "metadata": {} }"#;
        check_audit(left, "found: left (high)");
        let refused = r#"{ "message": "405 Method Not Allowed - POST https://registry.example.com/bulk" }"#;
        check_audit(refused, "not to be had: 405 Method Not Allowed - POST");
        check_audit(r#"{ "error": { "summary": "no line" } }"#, "not to be had: no line");
        check_audit(r#"{ "vulnerabilities": {} }"#, "not to be had: npm gave no report");
        check_audit("", "not to be had: npm gave no report");
    }

    #[track_caller]
    fn check_lock(package: &Value, expected: &str) {
        let said = check_package("some", package).map_or_else(|it| it.to_string(), |()| "accepted".into());
        assert!(said.starts_with(expected), "{said}");
    }

    #[test]
    fn a_package_of_npm_has_a_hash_and_a_licence_that_is_no_burden() {
        check_lock(&json!({ "integrity": "sha512-", "license": "MIT" }), "accepted");
        check_lock(&json!({ "integrity": "sha512-", "license": "(MIT OR GPL-3.0-or-later)" }), "accepted");
        check_lock(
            &json!({ "integrity": "sha512-", "license": "GPL-3.0-only" }),
            "some is under \"GPL-3.0-only\", and",
        );
        check_lock(&json!({ "integrity": "sha512-" }), "some is under \"\", and not one of MIT");
        check_lock(&json!({ "license": "MIT" }), "some is not known by its hash");
    }
}
