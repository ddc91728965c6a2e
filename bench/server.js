// What the page of the benchmark fetches: files from memory, a folder, and
// what the page itself put there.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync } from "node:zlib";

const TYPES = { ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };

/** What a server compresses; Pagefind's own files are compressed already. */
const COMPRESSIBLE = /\.(css|html|js|json|wasm|bin)$/;

/**
 * Starts a server. `files` maps paths to bytes and may change; `folders` maps
 * beginnings of paths to folders on disk. With `compresses` it sends brotli,
 * and `sent` fills with the path and the bytes of each answer.
 */
export async function serve() {
  const files = new Map();
  const folders = new Map();
  const compressed = new Map();
  const compress = (path, bytes) => {
    if (!compressed.has(path)) compressed.set(path, brotliCompressSync(bytes));
    return compressed.get(path);
  };
  const site = { files, folders, compresses: false, sent: [] };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (request.method === "PUT") {
      const chunks = [];
      for await (const it of request) chunks.push(it);
      files.set(pathname, Buffer.concat(chunks));
      return void response.writeHead(204).end();
    }
    let bytes = files.get(pathname) ?? (await fromFolder(folders, pathname));
    const isCompressed = bytes && site.compresses && COMPRESSIBLE.test(pathname);
    if (isCompressed) bytes = compress(pathname, bytes);
    if (site.compresses) site.sent.push({ path: pathname, bytes: bytes?.length ?? 0 });
    response.writeHead(bytes ? 200 : 404, {
      "content-type": TYPES[extname(pathname)] ?? "application/octet-stream",
      ...(isCompressed && { "content-encoding": "br" }),
      "cache-control": "no-store",
      // A page by itself gets a finer clock: five microseconds instead of a hundred.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    response.end(bytes);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => new Promise((done) => (server.close(done), server.closeAllConnections()));
  return Object.assign(site, { origin: `http://127.0.0.1:${server.address().port}`, stop });
}

async function fromFolder(folders, path) {
  for (const [start, folder] of folders) {
    if (path.startsWith(start)) return readFile(join(folder, normalize(path.slice(start.length)))).catch(() => undefined);
  }
  return undefined;
}
