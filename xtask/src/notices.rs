//! The list of other people's software in what is shipped: `THIRD-PARTY.txt`.
//!
//! Nearly every licence demands that its text goes along, also with what was
//! compiled from the source. What is in a module is asked of cargo and esbuild
//! themselves; what neither knows of, the standard library above all, stands in
//! `xtask/notices/parts.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use spdx::{Expression, Licensee, ParseMode};

use crate::run::{cargo, command, run};
use crate::tools;

/// The list in the tree; the build copies it to what it goes along with.
pub const FILE: &str = "THIRD-PARTY.txt";

/// What neither cargo nor esbuild knows of.
const PARTS: &str = "xtask/notices/parts.toml";

/// A library or a program that is shipped compiled.
struct Module {
    /// Its file, and what else holds it.
    files: &'static str,
    features: &'static str,
    target: &'static str,
}

/// Everything that is compiled and shipped.
const MODULES: [Module; 3] = [
    Module { files: "unstuck.wasm, standalone.js", features: "widget", target: tools::WASM_TARGET },
    Module { files: "compiler.wasm", features: "workbench", target: tools::WASM_TARGET },
    Module { files: "unstuck-command.wasm", features: "commands", target: tools::WASI_TARGET },
];

/// Scripts with packages from npm in them: what is shipped, its source, and where it runs. The
/// scripts of the page have none (see [`ensure_own`]).
const SCRIPTS: [(&str, &str, &str); 2] = [
    ("unstuck-command.js", "src/node/command.js", "node"),
    ("workbench-worker.js", "src/workbench/worker.js", "browser"),
];

/// The licences that what is shipped may have: where there is a choice, the
/// first one is taken. Each allows everybody to pass on what was compiled, as
/// long as its text goes along.
const ACCEPTED: [&str; 10] = [
    "MIT",
    "Zlib",
    "0BSD",
    "CC0-1.0",
    "BSL-1.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Unicode-3.0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
];

/// By which words the text of a licence is known, white space aside. A text
/// that has those of several is all of them.
const TELLING: [(&str, &str); 9] = [
    ("MIT", "to any person obtaining a copy of this software and associated documentation files"),
    ("Zlib", "Altered source versions must be plainly marked as such"),
    ("0BSD", "to use, copy, modify, and/or distribute this software for any purpose"),
    ("CC0-1.0", "CC0 1.0 Universal"),
    ("BSL-1.0", "Boost Software License - Version 1.0"),
    ("BSD-2-Clause", "Redistributions in binary form must reproduce the above copyright notice"),
    ("BSD-3-Clause", "may be used to endorse or promote products derived from this software"),
    ("Unicode-3.0", "UNICODE LICENSE V3"),
    ("Apache-2.0", "Apache License Version 2.0, January 2004"),
];

/// The texts of the MIT licence differ in their headings; from here on they are one.
const MIT_BEGINS: &str = "Permission is hereby granted";

/// Something of other people's that is shipped.
struct Part {
    /// With its version.
    name: String,
    licence: String,
    /// What of the licence is made use of.
    taken: String,
    texts: Vec<String>,
}

/// Makes the list anew.
pub fn update() -> Result<()> {
    fs::write(FILE, list()?)?;
    Ok(())
}

/// Fails where the list in the tree is not what it should be.
pub fn check() -> Result<()> {
    let (is, should) = (fs::read_to_string(FILE).unwrap_or_default(), list()?);
    if is != should {
        let line = is.lines().zip(should.lines()).position(|(is, should)| is != should);
        let line = line.unwrap_or_else(|| is.lines().count().min(should.lines().count()));
        let at = |text: &str| text.lines().nth(line).unwrap_or("the end").to_owned();
        bail!(
            "{FILE} is out of date: line {} is \"{}\" and should be \"{}\". Run `cargo xtask notices`, and look at what changed",
            line + 1,
            at(&is),
            at(&should)
        );
    }
    Ok(())
}

/// Fails where a script holds a package from npm that the list does not look
/// for: from what esbuild says of what it put together.
pub fn ensure_own(metafile: &Path) -> Result<()> {
    let package = packages_in(metafile)?.into_iter().next();
    ensure!(
        package.is_none(),
        "{} holds the package {} from npm: name it in `SCRIPTS` of xtask/src/notices.rs, so that its licence goes along",
        metafile.display(),
        package.unwrap_or_default()
    );
    Ok(())
}

/// The whole list.
fn list() -> Result<String> {
    // By name: which files a part is in.
    let mut parts: BTreeMap<String, (Part, BTreeSet<&str>)> = BTreeMap::new();
    let mut add = |part: Part, files: &'static str| {
        parts.entry(part.name.to_lowercase()).or_insert_with(|| (part, BTreeSet::new())).1.extend(files.split(", "));
    };
    let packages = metadata()?;
    for module in &MODULES {
        for it in crates(module)? {
            let package = packages.get(&it).with_context(|| format!("cargo has no manifest of {} {}", it.0, it.1))?;
            add(crate_part(package)?, module.files);
        }
    }
    for (file, source, platform) in SCRIPTS {
        for it in bundled(source, platform)? {
            add(npm_part(&it)?, file);
        }
    }
    let mut out = fs::read_to_string("xtask/notices/head.txt")?;
    let mut others =
        fs::read_to_string(PARTS)?.parse::<toml::Table>().with_context(|| format!("cannot read {PARTS}"))?;
    let others = others.remove("part").and_then(|it| it.try_into::<Vec<toml::Table>>().ok());
    let mut with_files: Vec<(Part, String)> = Vec::new();
    for it in others.with_context(|| format!("{PARTS} has no [[part]]"))? {
        let files = it.get("files").and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        with_files.push((written_part(&it)?, files));
    }
    with_files.extend(parts.into_values().map(|(part, files)| (part, Vec::from_iter(files).join(", "))));
    with_files.sort_by_key(|(it, _)| it.name.to_lowercase());
    out.extend(with_files.iter().map(|(part, files)| {
        let taken = if part.taken == part.licence { String::new() } else { format!(" (taken: {})", part.taken) };
        format!("{}\n    {}{taken}\n    in {files}\n", part.name, part.licence)
    }));
    Ok(out + &texts(with_files.iter().map(|(it, _)| it)))
}

/// The texts, each once, above it whose it is.
fn texts<'a>(parts: impl Iterator<Item = &'a Part>) -> String {
    // By what they say: the text as it stands, and whose it is.
    let mut texts: Vec<(String, String, Vec<String>)> = Vec::new();
    for part in parts {
        for it in &part.texts {
            let (head, body) = split(it);
            let head = if head.is_empty() { String::new() } else { format!("\n    {}", head.replace('\n', "\n    ")) };
            let whose = format!("{}{head}", part.name);
            let says = words(&body);
            match texts.iter_mut().find(|(other, ..)| *other == says) {
                Some((.., names)) if names.contains(&whose) => {}
                Some((.., names)) => names.push(whose),
                None => texts.push((says, body, vec![whose])),
            }
        }
    }
    // The text that most have first; equal ones as their parts come.
    texts.sort_by_key(|(.., whose)| std::cmp::Reverse(whose.len()));
    let line = "=".repeat(78);
    texts.iter().map(|(_, text, whose)| format!("\n{line}\n{}\n{line}\n\n{text}\n", whose.join("\n"))).collect()
}

/// A text of the MIT licence in what is its owner's and what all of them share;
/// any other is left whole.
fn split(text: &str) -> (String, String) {
    let Some(begin) = text.find(MIT_BEGINS).filter(|_| kinds(text) == ["MIT"]) else {
        return (String::new(), text.trim().to_owned());
    };
    let is_title = |it: &str| {
        let it = it.trim_matches(['#', ' ', ':', '.']).to_lowercase();
        ["", "mit license", "the mit license", "the mit license (mit)", "mit license (mit)"].contains(&&*it)
    };
    let head = text[..begin].lines().map(str::trim).filter(|it| !is_title(it)).collect::<Vec<_>>().join("\n");
    (head, text[begin..].trim().to_owned())
}

/// A text without what white space and typography make of it.
fn words(text: &str) -> String {
    text.replace(['“', '”'], "\"").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of which licences a text is one.
fn kinds(text: &str) -> Vec<&'static str> {
    let words = words(text).to_lowercase();
    let mut kinds: Vec<&str> =
        TELLING.into_iter().filter(|(_, telling)| words.contains(&telling.to_lowercase())).map(|it| it.0).collect();
    if kinds.contains(&"BSD-3-Clause") {
        kinds.retain(|it| *it != "BSD-2-Clause");
    }
    kinds
}

/// What is made use of where a licence leaves a choice.
fn taken(licence: &str) -> Result<Vec<String>> {
    let expression = Expression::parse_mode(licence, ParseMode::LAX)
        .ok()
        .with_context(|| format!("\"{licence}\" is no expression of licences"))?;
    let accepted = ACCEPTED.map(|it| Licensee::parse(it).expect("each is a licence"));
    let taken = expression.minimized_requirements(&accepted).ok().with_context(|| {
        format!("\"{licence}\" is not among the licences that may be shipped: {}", ACCEPTED.join(", "))
    })?;
    Ok(taken.iter().map(ToString::to_string).collect())
}

/// Each package by name and version, from cargo.
fn metadata() -> Result<BTreeMap<(String, String), Value>> {
    let output = cargo().args(["metadata", "--format-version", "1", "--all-features", "--locked"]).output()?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array_mut().map(std::mem::take).unwrap_or_default();
    Ok(packages.into_iter().map(|it| ((text(&it["name"]), text(&it["version"])), it)).collect())
}

/// What is linked into a module, but for what is ours. What only makes code
/// while it is compiled is not.
fn crates(module: &Module) -> Result<BTreeSet<(String, String)>> {
    let output = cargo()
        .args(["tree", "--locked", "--package", "unstuck", "--edges", "normal,no-proc-macro", "--prefix", "none"])
        .args(["--no-default-features", "--features", module.features, "--target", module.target, "--format", "{p}"])
        .output()?;
    ensure!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout)?;
    let mut found = BTreeSet::new();
    // `name v1.2.3`, then the folder of what is ours, or `(*)` where it came before.
    for line in tree.lines() {
        let mut words = line.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if words.next().is_none_or(|it| it == "(*)") {
            found.insert((name.to_owned(), version.trim_start_matches('v').to_owned()));
        }
    }
    ensure!(found.len() > 10, "cargo tree names {} crates of {}", found.len(), module.files);
    Ok(found)
}

fn crate_part(package: &Value) -> Result<Part> {
    let folder = PathBuf::from(text(&package["manifest_path"])).with_file_name("");
    let authors: Vec<String> = package["authors"].as_array().into_iter().flatten().map(text).collect();
    part(&text(&package["name"]), &text(&package["version"]), &text(&package["license"]), &folder, &authors)
}

fn npm_part(name: &str) -> Result<Part> {
    let folder = Path::new("node_modules").join(name);
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("package.json"))?)?;
    let author = manifest["author"].as_str().or_else(|| manifest["author"]["name"].as_str());
    let authors: Vec<String> = author.map(str::to_owned).into_iter().collect();
    part(name, &text(&manifest["version"]), &text(&manifest["license"]), &folder, &authors)
}

/// A part of which there is a folder with its texts.
fn part(name: &str, version: &str, licence: &str, folder: &Path, authors: &[String]) -> Result<Part> {
    let name = format!("{name} {version}");
    let wanted = taken(licence).with_context(|| format!("the licence of {name}"))?;
    let mut missing = wanted.clone();
    let mut texts = Vec::new();
    for it in files_about_licences(folder)? {
        let text = fs::read_to_string(&it).with_context(|| format!("cannot read {}", it.display()))?.replace('\r', "");
        let kinds = kinds(&text);
        // Who has the rights is told in a file of its own by some.
        let is_notice = ["NOTICE", "COPYRIGHT"].iter().any(|stem| it.file_stem().is_some_and(|it| it == *stem));
        if is_notice || kinds.iter().any(|it| wanted.iter().any(|wanted| wanted == it)) {
            missing.retain(|it| !kinds.contains(&it.as_str()));
            texts.push(text);
        }
    }
    for it in missing {
        let whom = if authors.is_empty() { format!("the authors of {name}") } else { authors.join(", ") };
        texts.push(standard_text(&it, &format!("Copyright (c) {}", without_addresses(&whom)))?);
    }
    Ok(Part { name, licence: licence.to_owned(), taken: wanted.join(" AND "), texts })
}

/// A part as the file of parts has it.
fn written_part(table: &toml::Table) -> Result<Part> {
    let field = |name: &str| table.get(name).and_then(toml::Value::as_str).map(str::to_owned);
    let name = field("name").with_context(|| format!("a part without a name in {PARTS}"))?;
    let licence = field("licence").with_context(|| format!("\"{name}\" has no licence in {PARTS}"))?;
    let licences = taken(&licence).with_context(|| format!("the licence of {name}"))?;
    let texts = match (field("text"), field("copyright")) {
        (Some(file), None) => vec![fs::read_to_string(Path::new(PARTS).with_file_name(&file))?],
        (None, Some(copyright)) => {
            licences.iter().map(|it| standard_text(it, &copyright)).collect::<Result<Vec<_>>>()?
        }
        _ => bail!("\"{name}\" in {PARTS} needs `text` or `copyright`, and not both"),
    };
    Ok(Part { name, taken: licences.join(" AND "), licence, texts })
}

/// The text of a licence whose own nobody put beside the source.
fn standard_text(licence: &str, copyright: &str) -> Result<String> {
    let id = spdx::license_id(licence).with_context(|| format!("there is no text of {licence}"))?;
    // The line that says whose it is, to be filled in: it has something in angle brackets.
    let is_gap = |line: &str| line.starts_with("Copyright") && line.contains('<');
    let lines = id.text().lines().map(|it| if is_gap(it) { copyright } else { it });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// Who reads the list has no use for mail addresses.
fn without_addresses(people: &str) -> String {
    let names: Vec<&str> = people.split(", ").map(|it| it.split(" <").next().unwrap_or(it)).collect();
    names.join(", ")
}

fn files_about_licences(folder: &Path) -> Result<Vec<PathBuf>> {
    const STEMS: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];
    let is_about = |it: &Path| {
        let name = it.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        it.is_file() && STEMS.iter().any(|stem| name.starts_with(stem))
    };
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|it| it.path()).filter(|it| is_about(it)).collect();
    files.sort();
    Ok(files)
}

/// The packages from npm that a script holds once it is bundled.
fn bundled(source: &str, platform: &str) -> Result<BTreeSet<String>> {
    let folder = Path::new("target/notices");
    fs::create_dir_all(folder)?;
    let metafile = folder.join("meta.json");
    run(command(tools::npm_tool("esbuild")?)
        .args(["--log-level=warning", "--bundle", "--external:./compiler.js", source])
        .args([
            format!("--platform={platform}"),
            format!("--outfile={}", folder.join("bundle.js").display()),
            format!("--metafile={}", metafile.display()),
            "--format=esm".into(),
        ]))?;
    packages_in(&metafile)
}

fn packages_in(metafile: &Path) -> Result<BTreeSet<String>> {
    let meta: Value = serde_json::from_slice(&fs::read(metafile)?)?;
    let inputs = meta["inputs"].as_object().into_iter().flatten();
    let packages = inputs.filter_map(|(path, _)| {
        let (_, inside) = path.rsplit_once("node_modules/")?;
        let n = if inside.starts_with('@') { 2 } else { 1 };
        Some(inside.split('/').take(n).collect::<Vec<_>>().join("/"))
    });
    Ok(packages.collect())
}

/// Says which crates of this compiler's standard library the file of parts does
/// not know: they change with the compiler, and so not with anything here.
pub fn unknown_in_standard_library() -> Result<Vec<String>> {
    let Some(lock) = tools::library_lock() else { return Ok(Vec::new()) };
    let parts = fs::read_to_string(PARTS)?.parse::<toml::Table>()?;
    let mut known: BTreeSet<String> = BTreeSet::new();
    for it in ["linked", "not-linked"] {
        let names = parts["standard-library"][it].as_array().into_iter().flatten();
        known.extend(names.filter_map(|it| Some(it.as_str()?.to_owned())));
    }
    let lock: toml::Table = fs::read_to_string(&lock)?.parse()?;
    let packages = lock.get("package").and_then(toml::Value::as_array).into_iter().flatten();
    let others = packages.filter(|it| it.get("source").is_some()).filter_map(|it| it.get("name")?.as_str());
    Ok(others.filter(|it| !known.contains(*it)).map(str::to_owned).collect())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_taken(licence: &str, expected: &str) {
        assert_eq!(taken(licence).map_or_else(|it| it.to_string(), |it| it.join(" AND ")), expected, "{licence}");
    }

    #[test]
    fn of_a_choice_the_licence_is_taken_that_asks_least() {
        check_taken("MIT OR Apache-2.0", "MIT");
        check_taken("Apache-2.0/MIT", "MIT");
        check_taken("Unlicense OR MIT", "MIT");
        check_taken("(MIT OR Apache-2.0) AND Unicode-3.0", "MIT AND Unicode-3.0");
        check_taken("(Apache-2.0 OR MIT) AND BSD-3-Clause", "MIT AND BSD-3-Clause");
        check_taken("MIT OR GPL-3.0-only", "MIT");
    }

    #[test]
    fn what_may_not_be_shipped_is_named() {
        for it in ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "MPL-2.0"] {
            check_taken(
                it,
                &format!("\"{it}\" is not among the licences that may be shipped: {}", ACCEPTED.join(", ")),
            );
        }
        check_taken("free as in beer", "\"free as in beer\" is no expression of licences");
    }

    #[test]
    fn every_licence_that_may_be_shipped_is_known_by_its_text() {
        for it in ACCEPTED.iter().filter(|it| !it.contains(' ')) {
            let text = standard_text(it, "Copyright (c) Somebody").expect("it has a text");
            assert_eq!(kinds(&text), [*it]);
        }
    }

    #[test]
    fn texts_of_one_licence_are_one_text_and_keep_their_owners() {
        let of = |name: &str, text: String| Part {
            name: name.into(),
            licence: "MIT".into(),
            taken: "MIT".into(),
            texts: vec![text],
        };
        let standard = standard_text("MIT", "Copyright (c) Ann").expect("it has a text");
        let other =
            standard.replace("MIT License", "# The MIT License (MIT)").replace("Ann", "Bo").replace('\n', "\n\n");
        let texts = texts([of("one 1.0", standard), of("two 2.0", other)].iter());
        assert_eq!(texts.matches(MIT_BEGINS).count(), 1);
        assert!(texts.contains("one 1.0\n    Copyright (c) Ann\ntwo 2.0\n    Copyright (c) Bo\n"), "{texts}");
    }
}
