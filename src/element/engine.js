// The WASM and the knowledge bases. Fetched once, however many elements there
// are. The build lays this name on its own output: the glue that wasm-bindgen
// makes.
import init, { Knowledge, Session } from "unstuck-wasm";

/** The format of the manifest and of the index that this widget reads. */
const FORMAT = 1;

let engine;
const shelves = new Map();

/**
 * The engine, and a knowledge base: that of a folder for an audience in a
 * language, or the bytes of one. Instances share both; what failed is tried
 * again next time. `answers` may have some by address; each is taken once.
 */
export async function load({ base, audience, lang, data }, answers) {
  engine ??= start(answers).catch((error) => {
    if (!error.final) engine = undefined;
    throw error;
  });
  if (data) {
    await engine;
    return { knowledge: open(data), Session };
  }
  const key = JSON.stringify([base, audience, lang]);
  if (!shelves.has(key)) {
    const bytes = fetchKnowledge(base, audience, lang, answers);
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

async function start(answers) {
  if (!globalThis.WebAssembly) throw fault("wasm-refused", "this browser has no WebAssembly");
  const response = await get(new URL("unstuck.wasm", import.meta.url), "wasm-unreachable", "wasm-unreachable", answers);
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

async function fetchKnowledge(base, audience, lang, answers) {
  const response = await get(new URL(`${encodeURIComponent(audience)}.json`, base), "kb-not-found", "kb-unreachable", answers);
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
    throw named(error);
  }
}

async function get(url, missing, unreachable, answers = {}) {
  const answer = answers[url] ?? fetch(url);
  answers[url] = undefined;
  const response = await answer.catch((error) => {
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

/** What the engine threw, as a fault: its own name it, any other is a trap. */
export function named(error) {
  return fault(/^kb-/.test(error.name) ? error.name : "trap", error.message);
}

/** A fault of the element's contract: its code and what happened. */
export function fault(code, message) {
  return Object.assign(new Error(message), { code });
}
