// Pagefind. Its index is made by its native program and fetched in pieces, and
// it answers from a worker: what is measured is the way from the query to the
// texts of the first ten answers, as it is for a person. It has no typos.
const START = "/pagefind/pagefind.js";

/** A module of its own each time, so that nothing is loaded yet. */
export async function load() {
  const engine = await import(`${START}?${performance.now()}`);
  await engine.init();
  return engine;
}

export async function search(engine, query) {
  const { results } = await engine.search(query);
  const texts = await Promise.all(results.slice(0, 10).map((it) => it.data()));
  return texts.map((it) => it.meta.id);
}

export function drop(engine) {
  return engine.destroy();
}
