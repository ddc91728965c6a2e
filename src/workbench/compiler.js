// The compiler in a page: for the workbench, and for an element whose `kbData`
// is an object. Its WASM is loaded when it is first asked for. The build lays
// the name of the glue on what wasm-bindgen makes.
import init, { Compiled, Files, indexOf, isSource, starter } from "unstuck-compiler";

/** Where the WASM is, in the words that bundlers look for, and its hash, which the build puts in. */
const wasm = { url: new URL("compiler.wasm", import.meta.url), integrity: COMPILER_INTEGRITY };

/** The codes that the compiler throws by name. */
const CODES = ["kb-corrupt", "kb-version"];

let started;

/** All that the compiler can do; what failed is tried again next time. */
export function compiler() {
  started ??= start().catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function start() {
  const bytes = await fetch(wasm.url, wasm)
    .then((it) => {
      if (!it.ok) throw new Error(`${it.url}: ${it.status}`);
      return it.arrayBuffer();
    })
    .catch(failed("wasm-unreachable"));
  await init({ module_or_path: bytes }).catch(failed("wasm-refused"));
  return { Compiled, Files, isSource, starter };
}

/** The bytes of a knowledge base that is given in its JSON form, as an object. */
export async function index(object) {
  await compiler();
  try {
    // Of a function or a symbol it makes nothing, and then that is what was found.
    return indexOf(`${JSON.stringify(object)}`);
  } catch ({ name, message }) {
    throw failed(CODES.includes(name) ? name : "kb-corrupt", { message });
  }
}

/** An error of the element's contract; without a cause what makes one of its cause and throws it. */
function failed(code, cause) {
  const fault = ({ message }) => Object.assign(new Error(message), { code });
  if (cause) return fault(cause);
  return (error) => {
    throw fault(error);
  };
}
