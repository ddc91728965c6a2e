// What the compiler takes natively: `unstuck build` and `unstuck check` on the
// first entries of the same corpus, at several sizes, and the rules of one file
// that a live preview asks on each key press.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";

import { knowledgeBase } from "./corpora.js";

/** How often the memory of a process is read, in milliseconds. The system keeps its peak, so that little is missed. */
const PERIOD = 2;

/**
 * For each corpus `{ n, build, check, file, longest }`: `build` and `check`
 * are `{ ms, peak }` of the whole command, `file` and `longest` the milliseconds of
 * the rules for the median and for the slowest of its files.
 */
export async function compiling({ program, scratch, corpora, rounds }) {
  const measured = [];
  for await (const corpus of corpora) {
    const kb = join(scratch, `compiling-${corpus.entries.length}`);
    const out = `${kb}-built`;
    await knowledgeBase(corpus, kb);
    const build = await median(rounds, () => run(program, ["build", kb, "--out", out]));
    const check = await median(rounds, () => run(program, ["check", kb]));
    // By itself, as it reads every file once more.
    const { told } = await run(program, ["check", kb, "--timings"]);
    const [file, longest] = ["one file", "the longest file"].map((what) => {
      const found = new RegExp(`^${what} ([0-9.]+) ms$`, "m").exec(told);
      if (!found) throw new Error(`check --timings does not tell of ${what}: ${told}`);
      return Number(found[1]);
    });
    measured.push({ n: corpus.entries.length, build, check, file, longest });
    await rm(kb, { recursive: true });
    await rm(out, { recursive: true });
  }
  return measured;
}

/** The run that took neither longest nor shortest, and the highest peak of all. */
async function median(rounds, once) {
  const runs = [];
  for (let round = 0; round < rounds; round++) runs.push(await once());
  const peaks = runs.map((it) => it.peak).filter((it) => it !== null);
  const ms = runs.map((it) => it.ms).toSorted((a, b) => a - b)[runs.length >> 1];
  return { ms, peak: peaks.length ? Math.max(...peaks) : null };
}

/** Milliseconds until the end of a command, its peak of memory in bytes where the system tells, and what it said on standard error. */
async function run(program, args) {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let peak = null;
  const timer = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), PERIOD);
  let told = "";
  child.stderr.on("data", (text) => (told += text));
  try {
    const code = await new Promise((done, failed) => child.on("error", failed).on("close", done));
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}: ${told}`);
  } finally {
    clearInterval(timer);
  }
  return { ms: performance.now() - start, peak: peak || null, told };
}

/** The most memory that a process had, as Linux keeps it; nothing on other systems. */
function peakOf(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
