//! The same sources give the same files, wherever and by whomever they are
//! built: shown by building twice from nothing, in different circumstances.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use crate::run::{command, run, say};

/// Where it happens.
const FOLDER: &str = "target/reproduce";

/// What of the tree is not its source.
const NOT_SOURCE: [&str; 5] = [".git", "target", "dist", "node_modules", "public"];

/// What is shipped, below the folder of a build.
const SHIPPED: [&str; 2] = ["dist", "target/package"];

/// Builds the package twice and compares what came of it, byte for byte.
pub fn reproduce() -> Result<()> {
    let folder = std::env::current_dir()?.join(FOLDER);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let (one, other) = (folder.join("one"), folder.join("and another/somewhat deeper"));
    for it in [&one, &other] {
        copy_source(Path::new("."), it)?;
    }

    say("building from nothing: in one folder");
    run(&mut package(&one, "022"))?;
    say("building from nothing: in another, elsewhere, by somebody else, who keeps files to himself");
    let mut build = package(&other, "077");
    build
        .env("CARGO_TARGET_DIR", folder.join("built elsewhere"))
        .env("CARGO_HOME", cargo_home_elsewhere(&folder)?)
        .env("TMPDIR", made(&folder.join("scratch"))?)
        .envs([("USER", "somebody"), ("LOGNAME", "somebody"), ("HOSTNAME", "elsewhere.example")])
        .envs([("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")]);
    run(&mut build)?;

    let (files, others) = (shipped(&one)?, shipped(&other)?);
    compare(&files, &others)?;
    let bytes: usize = files.values().map(Vec::len).sum();
    say(&format!("both builds gave the same {} files with {bytes} bytes", files.len()));
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".tgz")) {
        let hash = Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect::<String>();
        say(&format!("{}: sha256 {hash}", path.display()));
    }
    for (program, argument) in [("rustc", "--version"), ("node", "--version"), ("npm", "--version")] {
        let output = command(program).arg(argument).output().with_context(|| format!("cannot start {program}"))?;
        say(&format!("with {program} {}", String::from_utf8_lossy(&output.stdout).trim()));
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// The command that builds and packs in a folder, with what new files may be
/// read by.
fn package(folder: &Path, umask: &str) -> Command {
    let mut shell = command("sh");
    shell.current_dir(folder).args(["-c", &format!("umask {umask} && exec cargo xtask package")]);
    // Ours, which would speak of this folder.
    shell.env_remove("CARGO_TARGET_DIR").env_remove("TRUNK_STAGING_DIR");
    shell
}

/// A home for cargo with another name, and what is in the present one: so the
/// sources of all crates have other paths, and need not be fetched again.
fn cargo_home_elsewhere(folder: &Path) -> Result<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let elsewhere = made(&folder.join("another home of cargo"))?;
    for it in fs::read_dir(home.context("cargo has no home")?)? {
        run(command("ln").arg("-s").arg(it?.path()).arg(&elsewhere))?;
    }
    Ok(elsewhere)
}

fn made(folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    Ok(folder.to_owned())
}

fn copy_source(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for it in fs::read_dir(from)? {
        let it = it?;
        let (name, kind) = (it.file_name(), it.file_type()?);
        if NOT_SOURCE.iter().any(|it| name == **it) {
            continue;
        }
        if kind.is_dir() {
            copy_source(&it.path(), &to.join(name))?;
        } else {
            fs::copy(it.path(), to.join(name))?;
        }
    }
    Ok(())
}

/// Every file that a build ships, by its path.
fn shipped(build: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut open: Vec<PathBuf> = SHIPPED.iter().map(|it| build.join(it)).collect();
    while let Some(folder) = open.pop() {
        for it in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = it?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let bytes = fs::read(&path)?;
                files.insert(path.strip_prefix(build)?.to_owned(), bytes);
            }
        }
    }
    Ok(files)
}

fn compare(files: &BTreeMap<PathBuf, Vec<u8>>, others: &BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    let mut differences = Vec::new();
    for path in files.keys().chain(others.keys().filter(|it| !files.contains_key(*it))) {
        match (files.get(path), others.get(path)) {
            (Some(one), Some(other)) if one == other => {}
            (Some(one), Some(other)) => differences.push(format!("{}: {}", path.display(), difference(one, other))),
            _ => differences.push(format!("{}: one build made it and the other did not", path.display())),
        }
    }
    ensure!(!files.is_empty(), "nothing was built");
    if !differences.is_empty() {
        bail!("{} files differ; both builds are in {FOLDER}:\n{}", differences.len(), differences.join("\n"));
    }
    Ok(())
}

/// Where two files begin to differ, and what stands there.
fn difference(one: &[u8], other: &[u8]) -> String {
    let at = one.iter().zip(other).position(|(one, other)| one != other).unwrap_or(one.len().min(other.len()));
    let there = |bytes: &[u8]| {
        let end = bytes.len().min(at + 40);
        bytes[at.saturating_sub(20)..end].escape_ascii().to_string()
    };
    format!(
        "{} and {} bytes, which differ from byte {at} on: \"{}\", \"{}\"",
        one.len(),
        other.len(),
        there(one),
        there(other)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(files: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
        files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
    }

    #[track_caller]
    fn check(one: &[(&str, &str)], other: &[(&str, &str)], expected: &str) {
        let said = compare(&built(one), &built(other)).map_or_else(|it| it.to_string(), |()| "the same".into());
        assert_eq!(said, expected);
    }

    #[test]
    fn the_first_byte_that_differs_is_shown_of_every_file() {
        let both = "files differ; both builds are in target/reproduce:";
        check(&[("a", "x"), ("b", "y")], &[("a", "x"), ("b", "y")], "the same");
        check(
            &[("a", "made by ann"), ("b", "y")],
            &[("a", "made by bo"), ("b", "y")],
            &format!("1 {both}\na: 11 and 10 bytes, which differ from byte 8 on: \"made by ann\", \"made by bo\""),
        );
        check(
            &[("a", "x")],
            &[("a", "xy")],
            &format!("1 {both}\na: 1 and 2 bytes, which differ from byte 1 on: \"x\", \"xy\""),
        );
        check(
            &[("a", "x")],
            &[("b", "x")],
            &format!(
                "2 {both}\na: one build made it and the other did not\nb: one build made it and the other did not"
            ),
        );
        check(&[], &[], "nothing was built");
    }
}
