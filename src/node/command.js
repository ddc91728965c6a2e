#!/usr/bin/env node
// `unstuck` for who has Node and no Rust: the very command line, compiled to
// WebAssembly, with the files and the terminal of this machine lent to it. It
// holds no rule of its own, so that what it says and writes is what the native
// program says and writes.
//
// Node has an interface of its own for such programs (`node:wasi`); in Node 20
// it crashes where a knowledge base of ten thousand entries makes the memory
// grow, so that of a library is used.
import { WASI } from "@tybys/wasm-util";
import * as fs from "node:fs";
import { parse } from "node:path";

/** The program, beside this file. */
const PROGRAM = new URL("unstuck-command.wasm", import.meta.url);

/** It sees all that this user sees, below the root of the drive that it is called on. */
const { root } = parse(process.cwd());
const below = (path) => `/${path.slice(root.length).replaceAll("\\", "/")}`;

/** The program cannot tell a terminal from a file: where one of them is none, nothing is coloured. */
const plain = process.stdout.isTTY && process.stderr.isTTY ? {} : { NO_COLOR: "1" };

const wasi = new WASI({
  version: "preview1",
  args: ["unstuck", ...process.argv.slice(2)],
  env: { ...process.env, ...plain, PWD: below(process.cwd()) },
  preopens: { "/": root },
  fs,
  returnOnExit: true,
});
const program = await WebAssembly.compile(fs.readFileSync(PROGRAM));
const instance = await WebAssembly.instantiate(program, wasi.getImportObject());
process.exitCode = wasi.start(instance);
