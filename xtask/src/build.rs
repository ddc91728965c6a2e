//! What a host needs, made from the sources.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};
use walrus::{Export, ExportId, ExportItem, Module};
use wasm_bindgen_cli_support::Bindgen;

use crate::help_centre;
use crate::notices;
use crate::run::{cargo, command, run, say};
use crate::tools;

/// Where the steps leave what only the next one needs.
const SCRATCH: &str = "target/widget";

/// The built library, before anything was done to it.
const LIBRARY: &str = "target/wasm32-unknown-unknown/widget/unstuck.wasm";

/// Builds everything into a folder.
pub fn build(out: &Path) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    fs::create_dir_all(SCRATCH)?;
    glue()?;
    wasm(out)?;
    compiler(out)?;
    scripts(out)?;
    integrity(out)?;
    knowledge_base(out)?;
    pages(out)
}

/// The command line, built. Its path.
pub fn command_line() -> Result<PathBuf> {
    run(cargo().args(["build", "--quiet", "--package", "unstuck", "--bin", "unstuck"]))?;
    let folder = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    fs::canonicalize(folder.join("debug/unstuck")).context("cargo built no unstuck")
}

/// The library for the page, compiled and given its glue.
fn glue() -> Result<()> {
    say("building the widget for WebAssembly (from nothing this takes about two minutes)");
    library("widget", &[])?;
    Bindgen::new()
        .input_path(LIBRARY)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .out_name("glue")
        .generate(SCRATCH)?;
    let (library, script) = (format!("{SCRATCH}/glue_bg.wasm"), format!("{SCRATCH}/glue.js"));
    let mut module = Module::from_file(&library)?;
    let mut glue = fs::read_to_string(&script)?;
    shorten_names(&mut module, &mut glue);
    forget_marks(&mut module)?;
    for id in module.data.iter().map(walrus::Data::id).collect::<Vec<_>>() {
        let bytes = &mut module.data.get_mut(id).value;
        forget_paths(bytes);
        forget_panics(bytes);
    }
    module.emit_wasm_file(&library)?;
    fs::write(&script, guard(&glue)?)?;
    Ok(())
}

/// Compiles the library for pages with a feature, to [`LIBRARY`].
fn library(feature: &str, more: &[&str]) -> Result<()> {
    // The library alone: binary and library of one name would write the same file.
    // The target folder is ours, so that the paths hold wherever the host's is.
    run(tools::cargo_for_wasm("rustc", feature)?
        .args(["--package", "unstuck", "--lib", "--crate-type", "cdylib"])
        .args(["--profile", "widget", "--target-dir", "target"])
        .args(more))
}

/// The compiler for pages: the same library with another feature, from the same
/// standard library. What is ours in it is built for speed, as a person who
/// types waits for it.
fn compiler(out: &Path) -> Result<()> {
    say("building the compiler for WebAssembly");
    library("workbench", &["--", "-Copt-level=3"])?;
    Bindgen::new()
        .input_path(LIBRARY)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .out_name("compiler")
        .generate(SCRATCH)?;
    let library = format!("{SCRATCH}/compiler_bg.wasm");
    let mut module = Module::from_file(&library)?;
    for id in module.data.iter().map(walrus::Data::id).collect::<Vec<_>>() {
        forget_paths(&mut module.data.get_mut(id).value);
    }
    module.emit_wasm_file(&library)?;
    run(command(tools::npm_tool("wasm-opt")?)
        .args(["-O3", "--low-memory-unused", "--strip-debug", "--strip-producers", &library, "-o"])
        .arg(out.join("compiler.wasm")))
}

/// Puts the guard of `src/element/guard.js` between the glue and the library.
fn guard(glue: &str) -> Result<String> {
    const EXPORTS: &str = "wasm = instance.exports;";
    ensure!(glue.matches(EXPORTS).count() == 1, "expected `{EXPORTS}` once in what wasm-bindgen wrote");
    let guarded = glue.replace(EXPORTS, "wasm = guarded(instance.exports);");
    Ok(format!("import {{ guarded }} from \"unstuck-guard\";\n{guarded}"))
}

/// Leptos marks a module for a tool that splits it, which nobody runs here. The
/// mark is another one in each folder that the module is compiled in.
fn forget_marks(module: &mut Module) -> Result<()> {
    let is_mark = |it: &&Export| it.name.contains("_WASM_SPLIT_MARKER_");
    let marks: Vec<ExportId> = module.exports.iter().filter(is_mark).map(Export::id).collect();
    ensure!(!marks.is_empty(), "expected a mark for splitting, which Leptos leaves: is `forget_marks` still needed?");
    for it in marks {
        module.exports.delete(it);
    }
    module.customs.remove_raw("__wasm_split_unstable");
    Ok(())
}

/// What panics of the standard library and of dependencies say. In a page they
/// say it to nobody: a panic is a trap, whatever it says.
const PANICS: [&str; 45] = [
    "a formatting trait implementation returned an error when the underlying stream did not",
    "Executor::spawn_local called, but no global 'spawn_local' function is configured.",
    "Executor::spawn called, but no global 'spawn' function is configured.",
    "cannot access a Thread Local Storage value during or after destruction: ",
    "the guard should always be in place until the Drop implementation",
    "Tried to access a reactive value that has already been disposed.",
    "Attempted to initialize thread-local while it is being dropped",
    "internal error: entered unreachable code",
    "one-time initialization may not be performed recursively",
    "a Display implementation returned an error unexpectedly",
    "attempt to join into collection with len > usize::MAX",
    "assertion failed: self.is_char_boundary(new_len)",
    "LazyCell instance has previously been poisoned",
    "called `Option::unwrap()` on a `None` value",
    "`async fn` resumed after completion",
    "attempt to divide by zero",
    "RefCell already mutably borrowed",
    "RefCell already borrowed",
    "Tried to shrink to a larger capacity",
    "does not match destination slice length (",
    "copy_from_slice: source slice length (",
    " out of range for slice of length ",
    "index out of bounds: the len is ",
    "recursive use of an object detected which would lead to ",
    "attempted to take ownership of Rust value while it was borrowed",
    "closure invoked recursively or after being dropped",
    "called `Option::unwrap_throw()` on a `None` value",
    "called `Result::unwrap_throw()` on an `Err` value",
    "array contains a value of the wrong type",
    "FnOnce called more than once",
    "Hash table capacity overflow",
    "null pointer passed to rust",
    ") should be <= len (is ",
    "slice index starts at ",
    ") should be < len (is ",
    "`at` split index (is ",
    "Arc counter overflow",
    "removal index (is ",
    "min > max. min = ",
    "assertion `left ",
    " but the index is ",
    "capacity overflow",
    "range start index ",
    "invalid Once state",
    "inner is None only in drop",
];

/// Overwrites what panics would say: half a kilobyte.
fn forget_panics(bytes: &mut [u8]) {
    for it in PANICS {
        while let Some(at) = bytes.windows(it.len()).position(|bytes| bytes == it.as_bytes()) {
            bytes[at..at + it.len()].fill(b' ');
        }
    }
}

/// Names between the library and its glue are long, and some have hashes in
/// them, which nothing compresses: two kilobytes after brotli. Here they get
/// short ones.
fn shorten_names(module: &mut Module, glue: &mut String) {
    let mut n = 0;
    let mut short = || {
        n += 1;
        format!("_{n}")
    };
    for it in module.imports.iter_mut() {
        let hash = it.name.rsplit('_').next().unwrap_or_default();
        if hash.len() == 16 && hash.bytes().all(|it| it.is_ascii_hexdigit()) {
            let short = short();
            *glue = glue.replace(&it.name, &short);
            it.name = short;
        }
    }
    for it in module.exports.iter_mut() {
        // Not what stands for itself in the glue: its memory, and what starts it.
        if matches!(it.item, ExportItem::Function(_)) && it.name != "__wbindgen_start" {
            let short = short();
            *glue = replace_member(glue, &it.name, &short);
            it.name = short;
        }
    }
}

/// Replaces `wasm.name` by another name, and not `wasm.names`.
fn replace_member(glue: &str, name: &str, other: &str) -> String {
    let member = format!("wasm.{name}");
    let mut pieces = glue.split(&member);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for it in pieces {
        let goes_on = it.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_' || it == '$');
        out += if goes_on { &member } else { "wasm." };
        out += if goes_on { "" } else { other };
        out += it;
    }
    out
}

/// Overwrites the paths of source files that panics would name: there is nobody
/// whom they could name them to, they are a kilobyte, and they differ from
/// machine to machine.
fn forget_paths(bytes: &mut [u8]) {
    let is_in_path = |it: &u8| it.is_ascii_alphanumeric() || b"/._-".contains(it);
    let is_path = |it: &[u8]| [b"/rustc/".as_slice(), b"/rust/", b"/crates/"].iter().any(|root| it.starts_with(root));
    let mut end = 0;
    while let Some(at) = bytes[end..].windows(3).position(|it| it == b".rs") {
        let start = end;
        end += at + 3;
        let path = bytes[start..end].iter().rposition(|it| !is_in_path(it)).map_or(start, |it| start + it + 1);
        // From its first slash: what stands before it may be another text.
        if let Some(slash) = bytes[path..end].iter().position(|it| *it == b'/')
            && is_path(&bytes[path + slash..end])
        {
            bytes[path + slash..end].fill(b' ');
        } else if let Some(own) = bytes[path..end].windows(4).rposition(|it| it == b"src/") {
            // Ours: from the folder of the repository on.
            bytes[path + own..end].fill(b' ');
        }
    }
}

/// The library made small.
fn wasm(out: &Path) -> Result<()> {
    say("making it small: wasm-opt");
    // For speed and not for size: a search takes a fifth less, and the bytes are the same.
    // Nothing of ours stands below address 1024, where the stack would end.
    // No list of features: the module says itself which it uses, and
    // `--all-features` makes modules that browsers refuse.
    run(command(tools::npm_tool("wasm-opt")?)
        .args([
            "--flatten",
            "--rereloop",
            "-O4",
            "--converge",
            "--low-memory-unused",
            "--code-folding",
            "-O4",
            "--reorder-functions-by-name",
            "--strip-debug",
            "--strip-producers",
            &format!("{SCRATCH}/glue_bg.wasm"),
            "-o",
        ])
        .arg(out.join("unstuck.wasm")))
}

/// The command line for who has Node and no Rust: the program compiled for
/// WASI, and the script that lends it files and terminal.
pub fn node_command(out: &Path) -> Result<()> {
    say("building the command line for Node");
    tools::wasi_library()?;
    let target = tools::WASI_TARGET;
    let mut build = cargo();
    build
        .args(["build", "--quiet", "--package", "unstuck", "--bin", "unstuck", "--profile", "node", "--target", target])
        .args(["--no-default-features", "--features", "commands", "--target-dir", "target"]);
    tools::with_flags(&mut build, &[])?;
    run(&mut build)?;
    run(command(tools::npm_tool("wasm-opt")?)
        .args(["-Os", "--strip-debug", "--strip-producers", &format!("target/{target}/node/unstuck.wasm"), "-o"])
        .arg(out.join("unstuck-command.wasm")))?;
    run(command(tools::npm_tool("esbuild")?).args([
        "--log-level=warning",
        "--bundle",
        "--platform=node",
        "--format=esm",
        "--target=node20",
        "--minify-syntax",
        "--legal-comments=none",
        "src/node/command.js",
        &format!("--outfile={}", out.join("unstuck-command.js").display()),
    ]))
}

/// The files that pages load, each when it is needed.
pub const SCRIPTS: [&str; 9] = ["unstuck", "element", "frame", "watch", "widget", "page", "print", "rescue", "words"];

/// The compiler for pages, and the page that it is made for.
pub const WORKBENCH: [&str; 3] = ["compiler", "workbench", "workbench-worker"];

/// The languages whose words lie in files of their own.
pub const LANGUAGES: [&str; 5] = ["ar", "de", "es", "fr", "ja"];

/// What the scripts call among themselves the parts of an element and what they
/// do: shortened, in all of them alike, as nobody outside knows them. No name
/// that anything else has.
const PARTS: [&str; 39] = [
    "answers",
    "customStates",
    "box",
    "dress",
    "emit",
    "input",
    "isOpen",
    "isTyped",
    "kept",
    "live",
    "make",
    "named",
    "placed",
    "renew",
    "sheets",
    "show",
    "source",
    "changed",
    "mount",
    "unmount",
    "take",
    "trapped",
    "typed",
    "pressed",
    "watching",
    "words",
    "rules",
    "spoken",
    "speaking",
    "wasm",
    "addBlock",
    "configure",
    "setArea",
    "setAreas",
    "setContact",
    "setContext",
    "setEntry",
    "setQuery",
    "takeSuggestion",
];

/// Stylesheets, and the names under which the scripts import them.
const STYLES: [(&str, &str); 4] = [
    ("src/ui/unstuck.css", "unstuck-style"),
    ("src/element/eager.css", "unstuck-eager-style"),
    ("src/element/frame.css", "unstuck-frame-style"),
    ("src/element/rescue.css", "unstuck-rescue-style"),
];

/// The scripts, bundled and minified, with their types; the stylesheets and the words are in them.
fn scripts(out: &Path) -> Result<()> {
    say("bundling the scripts: esbuild");
    let esbuild = tools::npm_tool("esbuild")?;
    let bundle = |args: &[&str]| run(command(&esbuild).args(["--log-level=warning", "--minify"]).args(args));
    let scratch = fs::canonicalize(SCRATCH)?;
    let place = |name: &str| scratch.join(name).to_string_lossy().into_owned();
    let words = fs::read_to_string("src/ui/messages/en.json")?;
    let taken = PARTS.iter().find(|it| words.contains(&format!("\"{it}\":")));
    ensure!(taken.is_none(), "a page may set the word {}, whose name is not ours alone", taken.unwrap_or(&""));
    let letter = |at: usize| char::from(b'a' + at as u8);
    let short = |at: usize| if at < 26 { letter(at).to_string() } else { format!("{}_", letter(at - 26)) };
    let names: serde_json::Map<_, _> =
        PARTS.iter().enumerate().map(|(at, it)| (it.to_string(), short(at).into())).collect();
    fs::write(place("parts.json"), serde_json::Value::from(names).to_string())?;
    let guard = fs::canonicalize("src/element/guard.js")?;
    let mut imports = vec![
        format!("--alias:unstuck-wasm={}", place("glue.js")),
        format!("--alias:unstuck-guard={}", guard.display()),
        format!("--mangle-props=^({})$", PARTS.join("|")),
        format!("--mangle-cache={}", place("parts.json")),
        format!("--define:WASM_INTEGRITY=\"{}\"", digest(&fs::read(out.join("unstuck.wasm"))?)),
    ];
    for (sheet, name) in STYLES {
        let file = place(&format!("{name}.css"));
        bundle(&[sheet, &format!("--outfile={file}")])?;
        // Its last line break would be a character of a script.
        fs::write(&file, fs::read_to_string(&file)?.trim())?;
        imports.push(format!("--alias:{name}={file}"));
    }
    imports.extend(LANGUAGES.map(|it| format!("--external:./words/{it}.js")));
    imports.extend(SCRIPTS.iter().map(|it| format!("--external:./{it}.js")));
    // What few pages ask for, and no standalone page can.
    let compiler = "--external:./compiler.js";
    let imports: Vec<&str> = imports.iter().map(String::as_str).collect();
    let metafile = place("scripts.json");
    let script = |from: &str, name: &str| {
        [
            from.to_owned(),
            compiler.into(),
            format!("--outfile={}", out.join(format!("{name}.js")).display()),
            format!("--metafile={metafile}"),
            "--bundle".into(),
            "--format=esm".into(),
            "--target=es2022".into(),
            "--legal-comments=none".into(),
            "--loader:.css=text".into(),
            "--charset=utf8".into(),
            "--define:Symbol.dispose=undefined".into(),
        ]
    };
    for name in LANGUAGES.map(|it| format!("words/{it}")).iter().map(String::as_str).chain(SCRIPTS) {
        let script = script(&format!("src/element/{name}.js"), name);
        bundle(&[script.each_ref().map(String::as_str).as_slice(), imports.as_slice()].concat())?;
        notices::ensure_own(metafile.as_ref())?;
    }
    let compiler_imports = [
        format!("--alias:unstuck-compiler={}", place("compiler.js")),
        format!("--define:COMPILER_INTEGRITY=\"{}\"", digest(&fs::read(out.join("compiler.wasm"))?)),
        "--external:./unstuck.js".into(),
    ];
    for (from, name) in ["compiler", "page", "worker"].into_iter().zip(WORKBENCH) {
        let script = script(&format!("src/workbench/{from}.js"), name);
        let all = script.iter().chain(&compiler_imports).map(String::as_str).collect::<Vec<_>>();
        // Its own entry is not outside.
        let all = all.into_iter().filter(|it| name != "compiler" || *it != compiler).collect::<Vec<_>>();
        bundle(&all)?;
    }
    let sheet = format!("--outfile={}", out.join("workbench.css").display());
    // With the sheet that it shares with the preview.
    bundle(&["src/workbench/page.css", "--bundle", &sheet])?;
    fs::copy("src/workbench/page.html", out.join("workbench.html"))?;
    fs::copy("src/kb/knowledge-base.schema.json", out.join("knowledge-base.schema.json"))?;
    // All of it in one, which finds in the page what the others fetch.
    let inside = [
        &format!("--alias:unstuck-wasm-bytes={}", fs::canonicalize(out.join("unstuck.wasm"))?.display()),
        "--inject:src/element/files.js",
        "--loader:.wasm=binary",
    ];
    let own = imports.iter().filter(|it| !it.starts_with("--external:")).copied();
    bundle(
        &[
            &script("src/element/standalone.js", "standalone").each_ref().map(String::as_str),
            inside.as_slice(),
            &own.collect::<Vec<_>>(),
        ]
        .concat(),
    )?;
    notices::ensure_own(metafile.as_ref())?;
    go_along(&out.join("standalone.js"))?;
    for name in ["element.d.ts", "unstuck.d.ts", "custom-elements.json"] {
        fs::copy(Path::new("src/element").join(name), out.join(name))?;
    }
    fs::copy(notices::FILE, out.join(notices::FILE))?;
    Ok(())
}

/// Writes the licences of what is in a script at its end: the page that it
/// becomes part of is passed on alone. No other page loads that script.
fn go_along(script: &Path) -> Result<()> {
    let notices = fs::read_to_string(notices::FILE)?;
    // It does not end the element that the script will stand in.
    let ends = ["<!--", "</script"].iter().find(|it| notices.contains(**it));
    ensure!(ends.is_none(), "{} contains {}, and could not stand in a page", notices::FILE, ends.unwrap_or(&""));
    let mut text = fs::read_to_string(script)?;
    // Line by line, as a licence may have what would end a longer comment.
    text.extend(notices.trim().lines().map(|it| format!("//{}{it}\n", if it.is_empty() { "" } else { " " })));
    fs::write(script, text)?;
    Ok(())
}

/// Writes the hash of each file of the widget, as a page's `integrity` takes it.
fn integrity(out: &Path) -> Result<()> {
    let mut hashes = serde_json::Map::new();
    let words = LANGUAGES.map(|it| format!("words/{it}"));
    let names = SCRIPTS.into_iter().chain(WORKBENCH).chain(["standalone"]).map(str::to_owned).chain(words);
    let scripts = names.map(|it| format!("{it}.js"));
    for name in scripts.chain(["compiler.wasm".into(), "unstuck.wasm".into()]) {
        let hash = digest(&fs::read(out.join(&name))?);
        hashes.insert(name, hash.into());
    }
    fs::write(out.join("integrity.json"), format!("{:#}\n", serde_json::Value::from(hashes)))?;
    Ok(())
}

fn digest(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

/// The knowledge base for customers. Other audiences are built by hand and go
/// where the host controls access.
fn knowledge_base(out: &Path) -> Result<()> {
    say("compiling the knowledge base: unstuck build kb");
    let kb = out.join("kb");
    if kb.exists() {
        fs::remove_dir_all(&kb)?;
    }
    run(command(command_line()?).args(["build", "kb", "--out"]).arg(&kb))?;
    help_centre::update(&kb)
}

/// The help centre. Under Trunk its page is Trunk's work.
fn pages(out: &Path) -> Result<()> {
    if std::env::var_os("TRUNK_STAGING_DIR").is_none() {
        fs::copy("index.html", out.join("index.html"))?;
    }
    copy_folder("site".as_ref(), &out.join("site"))
}

/// Copies a folder and what is in it.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for it in fs::read_dir(from)? {
        let it = it?;
        let other = to.join(it.file_name());
        if it.file_type()?.is_dir() {
            copy_folder(&it.path(), &other)?;
        } else {
            fs::copy(it.path(), other)?;
        }
    }
    Ok(())
}
