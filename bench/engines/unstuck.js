// Unstuck as it is shipped: the glue of its WASM, and the index that its
// compiler made. The interface is in the WASM too.
import init, { Knowledge, Session } from "unstuck-wasm";

const { memory } = await init({ module_or_path: "/unstuck.wasm" });

export function load(bytes) {
  const knowledge = new Knowledge(bytes);
  const session = new Session(knowledge, { messages: {}, base: "", headingLevel: 2, tell() {} });
  return { knowledge, session };
}

export function search({ session }, query) {
  return session.search(query, "", 10).map((it) => it.id);
}

export function drop({ knowledge, session }) {
  session.free();
  knowledge.free();
}

export function wasmBytes() {
  return memory.buffer.byteLength;
}
