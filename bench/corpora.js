// What is searched and what for: the project's own knowledge base, real
// entries in numbers, and generated ones where those are absent.
//
// A corpus is `{ title, entries, queries }`. An entry has `id`, `area`,
// `symptom`, `cause` and `actions`, each in one line, the same for every
// engine. A query has `q`, the ids it should find in `expect`, and its `kind`.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** Known-item queries for one corpus, over all kinds. */
const MAX_QUERIES = 400;

/** What stands where an entry tells nothing to do: the compiler refuses such entries. */
const NO_ACTIONS = "Contact support.";

/** How people write in a table that there is nothing to do. */
const NOTHING = /^(n\/?a|none|nothing|tbd|[^\p{L}\p{N}]*)$/iu;

/** The project's own entries from the JSON form of a build, and the queries people wrote for them. */
export async function own(json) {
  const { areas, entries } = JSON.parse(json);
  const texts = (...parts) => parts.flat().map(plain).join(" ");
  return {
    title: `${entries.length} entries of this project`,
    own: true,
    entries: entries.map((it) => ({
      id: it.id,
      area: areas[it.area].title,
      symptom: plain(it.symptom),
      cause: texts(it.causes),
      actions: texts(it.description, it.steps.map((step) => [step.text, step.notes.map((note) => note.text)]).flat(2), it.after),
    })),
    queries: lines(await readFile("tests/search/queries.jsonl", "utf8")),
  };
}

/** The first `n` of the real entries, with the queries for them. Null where the corpora are absent. */
export async function real(folder, n) {
  let packed;
  try {
    packed = await readFile(join(folder, "entries.jsonl.gz"));
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
  const all = lines((await promisify(gunzip)(packed)).toString());
  const entries = all.slice(0, n).map(({ id, area, symptom, cause, actions }) => ({
    id,
    area,
    symptom: oneLine(symptom),
    cause: oneLine(cause),
    actions: NOTHING.test(oneLine(actions)) ? NO_ACTIONS : oneLine(actions),
  }));
  const known = new Set(entries.map((it) => it.id));
  const queries = lines(await readFile(join(folder, "queries.jsonl"), "utf8"));
  return {
    title: `${entries.length.toLocaleString("en")} real entries`,
    real: true,
    entries,
    queries: balanced(queries.filter((it) => it.expect.some((id) => known.has(id))), MAX_QUERIES),
  };
}

/** Writes a corpus as a knowledge base folder: a file an area, a row an entry. */
export async function knowledgeBase(corpus, folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "kb.toml"), 'title = "Benchmark"\nlang = "en"\n');
  for (const area of new Set(corpus.entries.map((it) => it.area))) {
    const entries = corpus.entries.filter((it) => it.area === area);
    const slug = area.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    const row = (it) => `| ${it.id} | ${escape(it.symptom)} | ${escape(it.cause)} | ${escape(it.actions)} |`;
    const head = `# ${escape(area)} {#${slug}}\n\n| Id | Symptom | Likely cause | What to do |\n|---|---|---|---|\n`;
    await writeFile(join(folder, `${slug}.md`), `${head}${entries.map(row).join("\n")}\n`);
  }
}

/**
 * Text so that none of it is read as Markdown. Braces become code: outside of
 * code they are marks, whether or not a backslash stands before them.
 */
function escape(text) {
  return text.replace(/[\\`*_[\]<>&#|~!]/g, "\\$&").replace(/[{}]+/g, "`$&`");
}

/** As many of each kind as there is room for, at least one, the first in their order. */
export function balanced(queries, limit) {
  const ofEach = Math.max(1, Math.floor(limit / new Set(queries.map((it) => it.kind)).size));
  const taken = new Map();
  return queries.filter(({ kind }) => {
    taken.set(kind, (taken.get(kind) ?? 0) + 1);
    return taken.get(kind) <= ofEach;
  });
}

/** `n` entries about nothing in particular, always the same, and queries of the four kinds for them. */
export function generated(n) {
  const random = generator(20);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const seen = new Set();
  const entries = [];
  while (entries.length < n) {
    const [thing, place, area] = [THINGS, PLACES, AREAS].map(pick);
    const symptom = `The ${thing} ${pick(FAULTS)} ${place}`;
    if (seen.has(symptom)) continue;
    seen.add(symptom);
    entries.push({
      id: `entry-${entries.length}`,
      area,
      symptom,
      cause: `${pick(REASONS)} for the ${thing} ${place}.`,
      actions: `Open the settings of ${area.toLowerCase()}; ${pick(STEPS)} the ${pick(THINGS)}; then try the ${thing} again.`,
    });
  }
  const queries = entries.filter((_, at) => at % 10 === 0).map((it, at) => {
    const words = it.symptom.toLowerCase().split(" ").slice(1);
    const kind = ["subset", "typo", "prefix", "body"][at % 4];
    const q = {
      subset: () => words.filter((_, at) => at !== 1).join(" "),
      typo: () => words.map((word) => (word.length > 5 ? word.slice(0, 2) + word.slice(3) : word)).join(" "),
      prefix: () => words.join(" ").slice(0, -2),
      body: () => it.cause,
    }[kind]();
    return { q, expect: [it.id], kind };
  });
  return { title: `${n} generated entries`, entries, queries };
}

const AREAS = ["Accounts", "Devices", "Reports", "Messages"];
const THINGS = "printer invoice calendar password report dashboard recording contact message upload export browser headset keyboard schedule template picture account subscription webhook".split(" ");
const FAULTS = ["is missing", "does not open", "stays empty", "shows an old state", "is refused", "appears twice", "stops halfway", "cannot be saved", "loads slowly", "lost its name"];
const PLACES = ["after signing in", "on a second screen", "in the archive", "behind a proxy", "during an update", "in the mobile view", "with a shared link", "for new members", "at midnight", "without a network"];
const REASONS = ["The permission has run out", "A setting was changed by somebody else", "The server keeps an earlier copy", "The size limit was reached", "The session has ended"];
const STEPS = ["rename", "remove", "refresh", "copy", "unlock", "reconnect"];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rich text of the index without its marks, see src/index/text.rs. A link's target goes too. */
function plain(rich) {
  return oneLine(rich.replace(/\u0005[^\u0006]*\u0006|[\u0001-\u0007]/g, ""));
}

function oneLine(text) {
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}

function lines(text) {
  return text.trim().split("\n").map((it) => JSON.parse(it));
}
