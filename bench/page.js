// What runs in the page: one engine at a time, from its bytes to its answers.
//
// An engine is a module with `load` and `search`; with `build` and `save`
// where its index is made in the page; with `drop` where forgetting it is not
// enough. `load` gets text, or bytes where the index is no text.
import { median } from "./statistics.js";

/** Shorter measurements are repeated until they take this long, in milliseconds: the clock ticks every 0.005. */
const AT_LEAST = 0.5;

/** Loads a module; what it measures is about the index alone. */
export async function open(name) {
  return { name, engine: await import(`/engines/${name}.js`), index: null };
}

/** Builds the index from the entries and leaves it, as it would be shipped, with the server. Milliseconds, the median. */
export async function build({ name, engine }, { most, budget }) {
  const entries = await (await fetch("/entries.json")).json();
  const times = await repeat(most, budget, async () => {
    const start = performance.now();
    const index = engine.build(entries);
    const ms = performance.now() - start;
    await fetch(`/index/${name}`, { method: "PUT", body: engine.save(index) });
    return ms;
  });
  return median(times);
}

/**
 * From bytes in memory to the first answer, once for each query; the first is
 * cold. What was loaded last stays. Milliseconds.
 */
export async function first(opened, queries, { budget }) {
  const { name, engine } = opened;
  // Without a parameter it fetches what it needs by itself.
  const bytes = engine.load.length ? new Uint8Array(await (await fetch(`/index/${name}`)).arrayBuffer()) : null;
  let at = 0;
  return repeat(queries.length, budget, async () => {
    close(opened);
    const start = performance.now();
    opened.index = await engine.load(engine.build ? new TextDecoder().decode(bytes) : bytes);
    await engine.search(opened.index, queries[at++]);
    return performance.now() - start;
  });
}

/** Lets go of the index. */
export function close(opened) {
  if (opened.index) opened.engine.drop?.(opened.index);
  opened.index = null;
}

/**
 * The ids that each query finds and the milliseconds it takes: the median of
 * some rounds over all queries. `once`: a repetition would only measure what
 * the first time has left in memory.
 */
export async function ask({ engine, index }, queries, { rounds, budget, once }) {
  const found = [];
  const cold = [];
  for (const it of queries) {
    const start = performance.now();
    found.push(await engine.search(index, it));
    cold.push(performance.now() - start);
  }
  if (once) return { found, ms: cold };
  const warm = await repeat(rounds, budget, () => queries.map((it) => time(() => engine.search(index, it))));
  return { found, ms: queries.map((_, at) => median(warm.map((round) => round[at]))) };
}

/** Milliseconds a query over batches of `size` queries: the median batch. */
export async function batches({ engine, index }, queries, { size, most, budget }) {
  const times = await repeat(most, budget, async () => {
    const start = performance.now();
    for (let at = 0; at < size; at++) {
      const answer = engine.search(index, queries[at % queries.length]);
      if (answer instanceof Promise) await answer;
    }
    return (performance.now() - start) / size;
  });
  return median(times);
}

export function wasmBytes({ engine }) {
  return engine.wasmBytes?.() ?? null;
}

/** Milliseconds of one call, from as many as the clock needs. */
function time(call) {
  const start = performance.now();
  let calls = 0;
  let ms = 0;
  while (ms < AT_LEAST) {
    call();
    calls++;
    ms = performance.now() - start;
  }
  return ms / calls;
}

/** Does something at least once, at most `most` times, and not again when `budget` milliseconds are spent. */
async function repeat(most, budget, action) {
  const results = [];
  const end = performance.now() + budget;
  do results.push(await action());
  while (results.length < most && performance.now() < end);
  return results;
}
