import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

/** Bytes as they are, and as a server sends them at best. */
export async function sizes(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return { raw: bytes.length, brotli: (await promisify(brotliCompress)(bytes, { params })).length };
}
