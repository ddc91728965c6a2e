//! Unstuck: a troubleshooting widget that any web page can embed.
//!
//! A support team's symptom tables and guides are compiled from Markdown to a
//! small index; the page searches that index, walks a person through the fix
//! and hands over when it fails. All of it from static files.
//!
//! The rooms in reading order; arrows point one way
//! (`element → ui → session → search → index`, `kb → search → index`):
//!
//! - [`index`]: the byte format of a compiled knowledge base. Pure.
//! - [`search`]: a query in, ranked entries out. Pure.
//! - [`session`]: one person's way through the widget, as a state machine. Pure.
//! - `kb`: Markdown to index, with diagnostics (feature `compiler`).
//! - `ui`: the Leptos component (feature `widget`).
//! - `element`: the boundary to JavaScript (feature `widget`).
//! - `workbench`: the compiler's boundary to JavaScript (feature `workbench`).

// What is asked for each of a million postings is built for speed, all else for size.
#![cfg_attr(all(target_family = "wasm", feature = "widget"), feature(optimize_attribute))]

pub mod index;
pub mod search;
pub mod session;

#[cfg(feature = "compiler")]
pub mod kb;

#[cfg(feature = "widget")]
mod ui;

#[cfg(feature = "widget")]
mod element;

#[cfg(feature = "workbench")]
mod workbench;
