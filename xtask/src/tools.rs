//! The tools that building and testing need: found, or installed, or asked for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{cargo, command, run, say, succeeds};

/// Trunk's version in `cargo xtask test --trunk`. Later ones did not resolve
/// with their own lock file.
const TRUNK_VERSION: &str = "0.21.14";

/// The version of cargo-fuzz in `cargo xtask fuzz`.
const CARGO_FUZZ_VERSION: &str = "0.13.2";

/// The version of cargo-deny in `cargo xtask supply`.
const CARGO_DENY_VERSION: &str = "0.20.2";

/// The target of the page's WASM.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// `cargo` with a subcommand for the target and a feature, ready for its arguments.
///
/// The standard library is compiled along with the rest, so that a panic is a
/// trap and nothing else: what it would say, the code that puts that together,
/// and the places it would name are an eighth of the WASM, and in a page nobody
/// hears of them. The compiler that is there allows it when asked by the
/// variable that its own build uses.
pub fn cargo_for_wasm(subcommand: &str, feature: &str) -> Result<Command> {
    let mut command = cargo();
    command
        .args([subcommand, "--target", WASM_TARGET, "--no-default-features", "--features", feature])
        .arg("-Zbuild-std=std,panic_abort")
        .env("RUSTC_BOOTSTRAP", "1");
    with_flags(&mut command, &["-Zunstable-options", "-Cpanic=immediate-abort"])?;
    if !has_library_source() {
        say("installing the source of the standard library: rustup component add rust-src");
        if !succeeds(crate::run::command("rustup").args(["component", "add", "rust-src"])) || !has_library_source() {
            bail!(
                "the source of Rust's standard library is missing and could not be installed. Run\n\
                 \x20   rustup component add rust-src\n\
                 or, where rustup cannot reach its server, take a toolchain that has it\n\
                 (Debian: apt-get install rustc-web cargo-web rust-web-src lld-22) and run\n\
                 \x20   CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22 cargo xtask build"
            );
        }
    }
    Ok(command)
}

fn has_library_source() -> bool {
    library_lock().is_some()
}

/// What the standard library is built from besides itself, where its source is there.
pub fn library_lock() -> Option<PathBuf> {
    Some(sysroot()?.join("lib/rustlib/src/rust/library/Cargo.lock")).filter(|it| it.is_file())
}

/// Where the compiler's own files are.
fn sysroot() -> Option<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = command(rustc).args(["--print", "sysroot"]).output().ok()?;
    Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// The target of the command line for Node.
pub const WASI_TARGET: &str = "wasm32-wasip1";

/// Installs the standard library for [`WASI_TARGET`] where it is missing.
pub fn wasi_library() -> Result<()> {
    let has_it = || sysroot().is_some_and(|it| it.join("lib/rustlib").join(WASI_TARGET).join("lib").is_dir());
    if has_it() {
        return Ok(());
    }
    say(&format!("installing the standard library for Node: rustup target add {WASI_TARGET}"));
    if !succeeds(crate::run::command("rustup").args(["target", "add", WASI_TARGET])) || !has_it() {
        bail!(
            "Rust's standard library for {WASI_TARGET} is missing and could not be installed. Run\n\
             \x20   rustup target add {WASI_TARGET}\n\
             or take a toolchain that has it (Debian: apt-get install libstd-rust-dev-wasm32)"
        );
    }
    Ok(())
}

/// Gives flags to the compiler for something that is shipped, and with them
/// those by which no path of this machine gets into it: paths are nobody's
/// business, and differ from machine to machine.
pub fn with_flags(command: &mut Command, flags: &[&str]) -> Result<()> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let sources = fs::read_dir(home.unwrap_or_default().join("registry/src")).into_iter().flatten().flatten();
    let mut named: Vec<(PathBuf, &str)> = sources.map(|it| (it.path(), "/crates")).collect();
    named.extend(sysroot().map(|it| (it, "/rust")));
    named.push((fs::canonicalize(crate::run::root())?, "/unstuck"));
    let remaps = named.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    let flags: Vec<String> = flags.iter().map(|it| (*it).to_owned()).chain(remaps).collect();
    // Not RUSTFLAGS, whose flags end at a space: a folder may have one in its name.
    command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    // With it, what is in this folder is compiled in other pieces.
    command.env("CARGO_INCREMENTAL", "0");
    Ok(())
}

/// A program that npm installed, by its name.
pub fn npm_tool(name: &str) -> Result<PathBuf> {
    npm_packages()?;
    let folder = fs::canonicalize("node_modules/.bin").context("npm installed no programs")?;
    Ok(folder.join(name))
}

/// Installs what package-lock.json names, where it is not there yet.
pub fn npm_packages() -> Result<()> {
    let changed = |path: &str| fs::metadata(path).and_then(|it| it.modified()).ok();
    if changed("node_modules/.package-lock.json") >= changed("package-lock.json") {
        return Ok(());
    }
    if !succeeds(command("npm").arg("--version")) {
        bail!("npm is missing: install Node.js 20 or later with npm (Debian: apt-get install nodejs npm)");
    }
    say("installing esbuild, binaryen, typescript and what drives browsers: npm ci");
    run(command("npm").args(["ci", "--no-fund", "--no-audit", "--loglevel=error"]))
}

/// Chromium, installed from the system's packages where that is possible.
pub fn chromium() -> Result<PathBuf> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    from_system("CHROMIUM", &NAMES, "chromium")
}

/// nginx, the same way: one of the servers that the files are tested on.
pub fn nginx() -> Result<PathBuf> {
    from_system("NGINX", &["nginx", "/usr/sbin/nginx"], "nginx-light")
}

/// Python, for its file server.
pub fn python() -> Result<PathBuf> {
    from_system("PYTHON", &["python3"], "python3")
}

/// Firefox, the same way.
pub fn firefox() -> Result<PathBuf> {
    from_system("FIREFOX", &["firefox-esr", "firefox"], "firefox-esr")
}

/// The driver of `WebKit`, which brings its small browser.
pub fn webkit() -> Result<PathBuf> {
    from_system("WEBKIT_DRIVER", &["WebKitWebDriver"], "webkit2gtk-driver")
}

/// A screen without a screen, for the browser of `WebKit`.
pub fn xvfb() -> Result<PathBuf> {
    from_system("XVFB", &["Xvfb"], "xvfb")
}

/// A program by its names: the one that a variable says, one that is there, or
/// one that a package brings.
fn from_system(variable: &str, names: &[&str], package: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Ok(path.into());
    }
    let find = || names.iter().find_map(|it| on_path(it));
    if let Some(path) = find() {
        return Ok(path);
    }
    say(&format!("installing {package}: apt-get install {package}"));
    let quietly = |args: &[&str]| {
        let direct = succeeds(command("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive"));
        direct || succeeds(command("sudo").args(["-n", "apt-get"]).args(args))
    };
    quietly(&["update"]);
    quietly(&["install", "-y", "--no-install-recommends", package]);
    find().with_context(|| {
        format!(
            "{} is missing and could not be installed. Run `apt-get install {package}` as root, or set {variable} to its path",
            names[0]
        )
    })
}

/// Trunk, installed where it is missing.
pub fn trunk() -> Result<PathBuf> {
    let folder = Path::new("target/tools");
    let trunk = folder.join("bin/trunk");
    if !trunk.exists() {
        say("installing Trunk, which takes some minutes");
        let root = folder.to_string_lossy();
        run(cargo().args(["install", "trunk", "--version", TRUNK_VERSION, "--locked", "--debug", "--root", &root]))?;
    }
    Ok(trunk)
}

/// cargo-fuzz, installed where it is missing.
pub fn cargo_fuzz() -> Result<PathBuf> {
    if let Some(path) = on_path("cargo-fuzz") {
        return Ok(path);
    }
    let folder = Path::new("target/tools");
    let path = folder.join("bin/cargo-fuzz");
    if !path.exists() {
        say("installing cargo-fuzz, which takes some minutes");
        run(cargo()
            .args(["install", "cargo-fuzz", "--version", CARGO_FUZZ_VERSION, "--locked", "--root"])
            .arg(folder))?;
    }
    Ok(path)
}

/// cargo-deny, installed where it is missing.
pub fn cargo_deny() -> Result<PathBuf> {
    let folder = Path::new("target/tools");
    let path = folder.join("bin/cargo-deny");
    // Another version would say other things, and refuse what this one understands.
    let said = command(&path).arg("--version").output().map(|it| it.stdout).unwrap_or_default();
    if String::from_utf8_lossy(&said).trim() != format!("cargo-deny {CARGO_DENY_VERSION}") {
        say("installing cargo-deny, which takes a minute or two");
        run(cargo()
            .args([
                "install",
                "cargo-deny",
                "--version",
                CARGO_DENY_VERSION,
                "--locked",
                "--debug",
                "--quiet",
                "--root",
            ])
            .arg(folder))?;
    }
    Ok(path)
}

fn on_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|it| it.join(name)).find(|it| it.is_file())
}
