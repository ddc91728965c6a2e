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
import { dirname, parse, posix, resolve } from "node:path";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { lend, serve } from "./serve.js";

/** The program, beside this file. */
const PROGRAM = new URL("unstuck-command.wasm", import.meta.url);

/** It sees all that this user sees, below the root of the drive that it is called on. */
const { root } = parse(process.cwd());
const below = (path) => `/${path.slice(root.length).replaceAll("\\", "/")}`;

/** The program cannot tell a terminal from a file: where one of them is none, nothing is coloured. */
const plain = isatty(1) && isatty(2) ? {} : { NO_COLOR: "1" };

/** Where the functions of the interface that take paths take them: as a place in the memory and a length. */
const PATHS = {
  path_create_directory: [1],
  path_filestat_get: [2],
  path_filestat_set_times: [2],
  path_open: [2],
  path_readlink: [1],
  path_remove_directory: [1],
  path_rename: [1, 4],
  path_unlink_file: [1],
};

/** The library (0.10.5) goes up too far at each `..`, so that none comes to it: what is left of a path is never longer. */
function withoutUp(interfaces, memory) {
  for (const [name, places] of Object.entries(PATHS)) {
    const original = interfaces[name];
    interfaces[name] = (...given) => {
      for (const at of places) {
        const bytes = new Uint8Array(memory(), given[at], given[at + 1]);
        const path = Buffer.from(bytes).toString();
        if (!path.split("/").includes("..")) continue;
        const plain = Buffer.from(posix.normalize(path));
        bytes.set(plain);
        given[at + 1] = plain.length;
      }
      return original(...given);
    };
  }
}

/** It takes where a link leads for a path from here. */
const readlinkSync = (path, ...options) => resolve(dirname(path), fs.readlinkSync(path, ...options));

/** Runs the program; the code with which it ends. */
async function run() {
  // It tells the console of each call that fails, which the program itself reports.
  console.warn = () => {};
  const wasi = new WASI({
    version: "preview1",
    args: ["unstuck", ...process.argv.slice(2)],
    env: { UNSTUCK_WIDGET: below(dirname(fileURLToPath(import.meta.url))), ...process.env, ...plain, PWD: below(process.cwd()) },
    preopens: { "/": root },
    fs: { ...fs, readlinkSync },
    returnOnExit: true,
    // A thread may end before its console has written.
    ...(isMainThread ? {} : { printErr: (line) => fs.writeSync(2, `${line}\n`) }),
  });
  const program = await WebAssembly.compile(fs.readFileSync(PROGRAM));
  const imports = wasi.getImportObject();
  const memory = () => instance.exports.memory.buffer;
  withoutUp(imports.wasi_snapshot_preview1, memory);
  const end = isMainThread ? () => {} : lend(imports.wasi_snapshot_preview1, memory);
  const instance = await WebAssembly.instantiate(program, imports);
  const code = wasi.start(instance);
  end();
  return code;
}

if (isMainThread && process.argv[2] === "serve") await serve(new URL(import.meta.url));
else process.exitCode = await run();
