// Everything behind the search field: the WASM, the knowledge bases, the
// stylesheet and the words. Fetched once, however many elements there are.
// The build lays these two names on its own output: the glue that wasm-bindgen
// makes, and src/ui/unstuck.css minified.
import init, { Knowledge, Session } from "unstuck-wasm";
import messages from "../ui/messages/en.json";
import style from "unstuck-style";

/** The format of the manifest and of the index that this widget reads. */
const FORMAT = 1;

export { Page } from "./page.js";
export { messages, style };

let engine;
const shelves = new Map();

/**
 * The engine, and the knowledge base of a folder for an audience in a
 * language. Instances share both; what failed is tried again next time.
 */
export async function load(base, audience, lang) {
  const key = JSON.stringify([base, audience, lang]);
  engine ??= start().catch((error) => {
    if (!error.final) engine = undefined;
    throw error;
  });
  if (!shelves.has(key)) {
    const bytes = fetchKnowledge(base, audience, lang);
    const knowledge = Promise.all([bytes, engine]).then(([bytes]) => open(bytes));
    shelves.set(key, knowledge);
    knowledge.catch(() => shelves.delete(key));
  }
  return { knowledge: await shelves.get(key), Session };
}

/** A file with resolutions, out of the folder of a large knowledge base. */
export async function block(base, file) {
  return new Uint8Array(await body(await get(new URL(file, base), "kb-unreachable", "kb-unreachable"), "kb-unreachable"));
}

async function start() {
  if (!globalThis.WebAssembly) throw fault("wasm-refused", "this browser has no WebAssembly");
  const response = await get(new URL("unstuck.wasm", import.meta.url), "wasm-unreachable", "wasm-unreachable");
  const bytes = await body(response, "wasm-unreachable");
  const module = await WebAssembly.compile(bytes).catch((error) => {
    // A module that is sound was refused by the page's policy.
    throw fault(WebAssembly.validate(bytes) ? "wasm-refused" : "wasm-corrupt", error.message);
  });
  await init({ module_or_path: module }).catch((error) => {
    // Sound, and not ours: it wants or gives other things. The glue takes one
    // module in its life, so that trying again makes no sense.
    throw Object.assign(fault("wasm-corrupt", error.message), { final: true });
  });
}

async function fetchKnowledge(base, audience, lang) {
  const response = await get(new URL(`${encodeURIComponent(audience)}.json`, base), "kb-not-found", "kb-unreachable");
  const manifest = await response.json().catch((error) => {
    throw fault("kb-corrupt", `${response.url}: ${error.message}`);
  });
  if (!manifest?.languages) throw fault("kb-corrupt", `${response.url} is no manifest`);
  if (manifest.format !== FORMAT) {
    throw fault("kb-version", `${response.url} has format ${manifest.format}, expected ${FORMAT}`);
  }
  const { languages } = manifest;
  const known = languages[lang] ?? languages[lang.split("-")[0]] ?? languages[manifest.default];
  if (!known?.file) throw fault("kb-corrupt", `${response.url} names no file`);
  return body(await get(new URL(known.file, base), "kb-not-found", "kb-unreachable"), "kb-unreachable");
}

function open(bytes) {
  try {
    return new Knowledge(new Uint8Array(bytes));
  } catch (error) {
    throw fault(error.name, error.message);
  }
}

async function get(url, missing, unreachable) {
  const response = await fetch(url).catch((error) => {
    throw fault(unreachable, `${url}: ${error.message}`);
  });
  if (response.ok) return response;
  throw fault(response.status === 404 || response.status === 410 ? missing : unreachable, `${url}: ${response.status}`);
}

function body(response, unreachable) {
  return response.arrayBuffer().catch((error) => {
    throw fault(unreachable, `${response.url}: ${error.message}`);
  });
}

function fault(code, message) {
  return Object.assign(new Error(message), { code });
}
