// The WASM and the knowledge bases. Fetched once, however many elements there
// are. The build lays this name on its own output: the glue that wasm-bindgen
// makes.
import init, { Knowledge, Session } from "unstuck-wasm";

/** The format of the manifest and of the index that this widget reads. */
const FORMAT = 2;

/** What may be wrong with a file: it is not there, cannot be reached, or is another. */
const WASM = ["wasm-unreachable", "wasm-unreachable", "wasm-corrupt"];
const KB = ["kb-not-found", "kb-unreachable", "kb-corrupt"];
const BLOCK = ["kb-unreachable", "kb-unreachable", "kb-corrupt"];

let engine;
const shelves = new Map();

/**
 * The engine, and a knowledge base: that of a folder for an audience in a
 * language, or the bytes of one. Instances share both; what failed is tried
 * again next time. `answers` may have some by address, `wasm` has the address
 * of the WASM and the options of the request for it.
 */
export async function load({ base, audience, lang, data }, { answers, wasm }) {
  engine ??= start({ answers, ...wasm }).catch((error) => {
    engine = undefined;
    throw error;
  });
  if (data) {
    // Bytes have a length; any other object is compiled first.
    const bytes = data.byteLength === undefined ? import("./compiler.js").then((it) => it.index(data), unreachable) : data;
    return { knowledge: open((await Promise.all([bytes, engine]))[0]), Session };
  }
  const key = JSON.stringify([base, audience, lang]);
  if (!shelves.has(key)) {
    const shelf = fetchKnowledge(base, audience, lang, { answers });
    const opened = Promise.all([shelf, engine]).then(([{ bytes, blocks }]) => ({ knowledge: open(bytes), blocks, Session }));
    shelves.set(key, opened);
    opened.catch(() => shelves.delete(key));
  }
  return shelves.get(key);
}

/** A file with resolutions, out of the folder of a large knowledge base. */
export async function block(base, file, integrity) {
  return new Uint8Array(await body(await get(base + file, BLOCK, { integrity }), BLOCK));
}

async function start(options) {
  if (!globalThis.WebAssembly) throw fault("wasm-refused", "this browser has no WebAssembly");
  const response = await get(options.url, WASM, options);
  const bytes = await body(response, WASM);
  // It is ours and whole: what is wrong with it is the page's policy, or the browser.
  await init({ module_or_path: bytes }).catch(({ message }) => {
    throw fault("wasm-refused", message);
  });
}

async function fetchKnowledge(base, audience, lang, options) {
  const manifest = `${base}${encodeURIComponent(audience)}.json`;
  const edition = await readManifest(await get(manifest, KB, options), lang);
  try {
    return await fetchIndex(base, edition);
  } catch (error) {
    // Perhaps another was published in between, and a cache still has the manifest of before.
    const newer = await readManifest(await get(manifest, KB, { cache: "reload" }), lang);
    if (newer.file === edition.file) throw error;
    return fetchIndex(base, newer);
  }
}

async function fetchIndex(base, { file, integrity, blocks }) {
  // Whoever wrote the manifest: a file of its own folder, and no address.
  const response = await get(base + encodeURIComponent(file), KB, { integrity });
  return { bytes: await body(response, KB), blocks };
}

/** What a manifest says of the knowledge base in a language. */
async function readManifest(response, lang) {
  const manifest = await response.json().catch((error) => {
    throw fault(error instanceof SyntaxError ? "kb-corrupt" : "kb-unreachable", `${response.url}: ${error.message}`);
  });
  if (!manifest?.languages) throw fault("kb-corrupt", `${response.url} is no manifest`);
  if (manifest.format !== FORMAT) {
    throw fault("kb-version", `${response.url} has format ${manifest.format}, expected ${FORMAT}`);
  }
  const { languages } = manifest;
  const known = languages[lang] ?? languages[lang.split("-")[0]] ?? languages[manifest.default];
  if (!known?.file) throw fault("kb-corrupt", `${response.url} names no file`);
  return known;
}

function open(bytes) {
  try {
    return new Knowledge(new Uint8Array(bytes));
  } catch (error) {
    throw named(error);
  }
}

/**
 * An answer with all that was asked for. The codes say what may be wrong with
 * it; `answers` are those that were asked for already, each taken once; the
 * rest are options of `fetch`.
 */
async function get(url, [missing, unreachable, corrupt], { answers = {}, ...options }) {
  const asked = answers[url] ?? fetch(url, options);
  answers[url] = undefined;
  const failed = (code) => ({ message }) => {
    throw fault(code, `${url}: ${message}`);
  };
  const response = await asked.catch(async () => {
    // It is not there, or it is something else, or it once was and a cache has
    // kept that: the page is told no more. So what is there now?
    const now = await fetch(url, { cache: "reload" }).catch(failed(unreachable));
    await now.arrayBuffer().catch(failed(unreachable));
    return now.ok ? fetch(url, options).catch(failed(corrupt)) : now;
  });
  if (response.ok) return response;
  throw fault(response.status === 404 || response.status === 410 ? missing : unreachable, `${url}: ${response.status}`);
}

function body(response, [, unreachable]) {
  return response.arrayBuffer().catch((error) => {
    throw fault(unreachable, `${response.url}: ${error.message}`);
  });
}

/** What the engine threw, as a fault: its own name it, any other is a trap. */
export function named(error) {
  return fault(/^kb-/.test(error.name) ? error.name : "trap", error.message);
}

/** Of a script of ours. */
function unreachable({ message }) {
  throw fault("wasm-unreachable", message);
}

/** A fault of the element's contract: its code and what happened. */
export function fault(code, message) {
  return Object.assign(new Error(message), { code });
}
