// The indexes that are made outside of the page: Unstuck's by its compiler,
// Pagefind's by its native program.
import { execFile } from "node:child_process";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import * as pagefind from "pagefind";

/** Longer than any build takes, in milliseconds: beyond it something hangs. */
const PATIENCE = 60 * 60_000;

/**
 * Compiles a knowledge base folder into `folder`. `index` are the bytes that a page needs
 * before its first answer, `bytes` those of all compiled files, `ms` what the
 * compiler took.
 */
export async function unstuck(program, kb, out) {
  const start = performance.now();
  await promisify(execFile)(program, ["build", kb, "--out", out], { timeout: PATIENCE, maxBuffer: 1 << 28 });
  const ms = performance.now() - start;
  const compiled = (await readdir(out, { recursive: true })).filter((it) => it.endsWith(".bin"));
  const sizes = await Promise.all(compiled.map(async (it) => (await stat(join(out, it))).size));
  return {
    ms,
    folder: out,
    index: await readFile(join(out, indexFile(JSON.parse(await readFile(join(out, "customer.json"), "utf8"))))),
    bytes: sizes.reduce((sum, it) => sum + it, 0),
    json: await readFile(join(out, "customer.entries.json"), "utf8"),
  };
}

/**
 * The index without the texts that it shows: what is in its sections for
 * summaries and resolutions, see src/index/format.rs. Only to be weighed; an
 * index of another version than the one that is known here is refused.
 */
export function withoutTexts(index) {
  const [VERSION, SECTIONS, HEAD, SUMMARIES, RESOLUTIONS] = [2, 10, 24, 7, 9];
  const found = index.readUInt32LE(8);
  if (found !== VERSION || index.readUInt32LE(HEAD) !== HEAD + 4 * SECTIONS) {
    throw new Error(`the bench weighs indexes of version ${VERSION} with ${SECTIONS} sections, found version ${found}`);
  }
  const start = (section) => (section < SECTIONS ? index.readUInt32LE(HEAD + 4 * section) : index.length);
  const section = (number) => index.subarray(start(number), start(number + 1));
  const kept = Array.from({ length: SECTIONS }, (_, number) => number).filter((it) => it !== SUMMARIES && it !== RESOLUTIONS);
  return Buffer.concat([index.subarray(0, start(0)), ...kept.map(section)]);
}

/** The file that `new Knowledge` takes, as the manifest names it. */
export function indexFile(manifest) {
  return manifest.languages[manifest.default].file;
}

/** Writes Pagefind's index of a corpus to a folder. Milliseconds. */
export async function pagefindIndex(corpus, folder) {
  const start = performance.now();
  const { index } = await pagefind.createIndex({ forceLanguage: "en" });
  for (const it of corpus.entries) {
    // The title weighs more than the content by Pagefind's own default.
    const { errors } = await index.addCustomRecord({
      url: `/${it.id}`,
      language: "en",
      content: `${it.symptom}. ${it.cause} ${it.actions}`,
      meta: { title: it.symptom, id: it.id },
    });
    if (errors.length) throw new Error(`Pagefind refused ${it.id}: ${errors.join(", ")}`);
  }
  await index.writeFiles({ outputPath: folder });
  await index.deleteIndex();
  return performance.now() - start;
}
