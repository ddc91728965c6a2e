// `unstuck serve` in Node: the network is Node's, and every answer is the
// program's. It runs in a thread of its own, where its standard input waits for
// what a browser asks; what it has written by the time it asks for more is the
// answer. src/bin/unstuck/serve/lent.rs is the other end.
import { writeSync } from "node:fs";
import { createServer } from "node:http";
import { getSystemErrorMap } from "node:util";
import { Worker, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";

/** Longest head of a request, in bytes: as in the native program, an address may have 65,534 of them. */
const MAX_HEAD = 1 << 17;

/** Runs the program in a thread, and answers until this process is ended. */
export async function serve(program) {
  // Each question rings it, which wakes the thread.
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(program, { argv: process.argv.slice(2), workerData: bell });
  const waiting = [];
  const told = () => new Promise((done) => waiting.push(done));
  const ask = (it) => {
    thread.postMessage(`${JSON.stringify(it)}\n`);
    Atomics.add(bell, 0, 1);
    Atomics.notify(bell, 0);
    return told();
  };
  thread.on("message", ({ said, isLast }) => (isLast ? say(said) : waiting.shift()(understood(said))));
  thread.on("error", ({ message }) => {
    writeSync(2, `unstuck: the program broke off: ${message}\n`);
    process.exit(2);
  });
  thread.on("exit", (code) => process.exit(code));

  const { port, look_ms: pause } = await told();
  const listeners = new Set();
  const server = createServer({ maxHeaderSize: MAX_HEAD }, async (request, response) => {
    if (!["GET", "HEAD"].includes(request.method)) return response.writeHead(405, { allow: "GET,HEAD" }).end();
    const wanted = read(request);
    if (!wanted) return response.writeHead(400).end();
    const { status, headers, goes_on: goesOn, body } = await ask({ get: wanted });
    if (headers.location) headers.location = encodeURI(headers.location);
    if (!goesOn || request.method === "HEAD") return response.writeHead(status, { ...headers, "content-length": body.length }).end(body);
    response.writeHead(status, headers).write(body);
    listeners.add(response);
    response.on("close", () => listeners.delete(response));
  });
  const opened = await new Promise((done) => {
    server.on("error", (error) => done({ failed: reason(error) }));
    server.listen(port, "127.0.0.1", () => done({ at: `127.0.0.1:${server.address().port}` }));
  });
  say((await ask(opened)).body);

  const look = async () => {
    const { body } = await ask("look");
    if (body.length) for (const it of listeners) it.write(body);
    setTimeout(look, pause);
  };
  look();
}

/** What a browser asks for; nothing where its address is none. */
function read({ headers, url }) {
  const [path, ...query] = url.split("?");
  try {
    return { host: headers.host ?? "", path: decodeURIComponent(path), query: Object.fromEntries(new URLSearchParams(query.join("?"))) };
  } catch {
    return undefined;
  }
}

/** An answer of the program: a line of JSON, and what follows it. */
function understood(said) {
  const end = said.indexOf(10);
  return { ...JSON.parse(Buffer.from(said.subarray(0, end)).toString()), body: said.subarray(end + 1) };
}

/** Why it cannot listen, in the words of the native program. */
function reason({ errno, message }) {
  const [, words = message] = getSystemErrorMap().get(errno) ?? [];
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} (os error ${-errno})`;
}

/** To the terminal. Whoever started the server need not listen to it. */
function say(bytes) {
  try {
    writeSync(1, bytes);
  } catch {}
}

/**
 * In the thread: makes standard input and output of the program the way to the
 * server. Call what it gives when the program has ended.
 */
export function lend(interfaces, memory) {
  const { fd_read: readFile, fd_write: writeFile } = interfaces;
  const said = [];
  let asked = Buffer.alloc(0);
  const places = (at, n) => {
    const view = new DataView(memory());
    return Array.from({ length: n }, (_, i) => new Uint8Array(memory(), view.getUint32(at + 8 * i, true), view.getUint32(at + 8 * i + 4, true)));
  };
  const succeed = (at, bytes) => (new DataView(memory()).setUint32(at, bytes, true), 0);
  const tell = (isLast) => parentPort.postMessage({ said: new Uint8Array(Buffer.concat(said.splice(0))), isLast });
  interfaces.fd_write = (fd, at, n, written) => {
    if (fd !== 1) return writeFile(fd, at, n, written);
    const bytes = Buffer.concat(places(at, n));
    said.push(bytes);
    return succeed(written, bytes.length);
  };
  interfaces.fd_read = (fd, at, n, read) => {
    if (fd !== 0) return readFile(fd, at, n, read);
    if (!asked.length) {
      tell(false);
      asked = Buffer.from(next());
    }
    let bytes = 0;
    for (const it of places(at, n)) {
      const part = asked.subarray(0, it.length);
      it.set(part);
      asked = asked.subarray(part.length);
      bytes += part.length;
    }
    return succeed(read, bytes);
  };
  return () => tell(true);
}

/** Waits for the next question. */
function next() {
  for (;;) {
    const rung = Atomics.load(workerData, 0);
    const found = receiveMessageOnPort(parentPort);
    if (found) return found.message;
    Atomics.wait(workerData, 0, rung);
  }
}
