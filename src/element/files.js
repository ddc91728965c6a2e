// Stands in for `fetch` in the standalone script: the WASM is in the script,
// the files of the knowledge base are in the page, as `unstuck build
// --single-file` writes it.
import wasm from "unstuck-wasm-bytes";

/** The answer to a request, by the name of the file alone. */
export async function fetch(url) {
  const name = new URL(url).pathname.split("/").at(-1);
  if (name === "unstuck.wasm") return new Response(wasm);
  const file = document.querySelector(`script[data-unstuck-file="${CSS.escape(name)}"]`);
  if (!file) return new Response(null, { status: 404 });
  return new Response(Uint8Array.from(atob(file.textContent), (it) => it.charCodeAt(0)));
}
