// The engines of the benchmark, in the order of the report, and the bytes that
// a page loads for each before any index.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

import esbuild from "esbuild";

import { sizes } from "./sizes.js";

/**
 * `maxQueries`: no more of them in a large corpus, as each takes seconds.
 * `once`: each query is asked a single time, as answers stay in memory.
 */
export const ENGINES = [
  { id: "unstuck", name: "Unstuck" },
  { id: "minisearch", name: "MiniSearch" },
  { id: "flexsearch", name: "FlexSearch" },
  { id: "flexsearch-one-field", name: "FlexSearch, one field" },
  { id: "fuse", name: "Fuse", maxQueries: 20 },
  { id: "lunr", name: "lunr" },
  { id: "pagefind", name: "Pagefind", once: true },
];

/** More entries than this are a large corpus. */
export const LARGE = 1000;

/** The script of each engine as the page gets it: bundled with its library and minified. */
export async function bundle() {
  const { outputFiles } = await esbuild.build({
    entryPoints: ENGINES.map(({ id }) => `bench/engines/${id}.js`),
    alias: { "unstuck-wasm": "./target/widget/glue.js", "unstuck-guard": "./src/element/guard.js" },
    external: ["/pagefind/*"],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    outdir: "engines",
    write: false,
  });
  return new Map(ENGINES.map(({ id }) => [id, Buffer.from(outputFiles.find((it) => it.path.endsWith(`/${id}.js`)).contents)]));
}

/** Bytes of scripts and WASM of each engine. `pagefind` is a folder with its files. */
export async function codeSizes(scripts, wasm, pagefind) {
  const code = new Map();
  for (const [id, script] of scripts) code.set(id, { script: await sizes(script), wasm: null });
  code.get("unstuck").wasm = await sizes(wasm);
  // Its files are compressed already, with a signature before the WASM that they hold.
  const [main, worker, packed] = await Promise.all(["pagefind.js", "pagefind-worker.js", "wasm.en.pagefind"].map((it) => readFile(`${pagefind}/${it}`)));
  code.set("pagefind", { script: await sizes(Buffer.concat([main, worker])), wasm: { raw: gunzipSync(packed).length, brotli: packed.length } });
  return code;
}
