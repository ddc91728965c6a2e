// A compiled knowledge base as nobody's compiler writes it: whatever it is told
// stands in it, with a checksum that fits. The form is that of src/index/write.rs.

/** Bytes in the making. */
class Out {
  bytes = [];

  u8(value) {
    this.bytes.push(value);
  }

  varint(value) {
    for (; value >= 0x80; value = Math.floor(value / 0x80)) this.bytes.push((value % 0x80) | 0x80);
    this.bytes.push(value);
  }

  text(text) {
    const bytes = new TextEncoder().encode(text);
    this.varint(bytes.length);
    for (const it of bytes) this.bytes.push(it);
  }

  list(items, write) {
    this.varint(items.length);
    for (const it of items) write(it);
  }

  texts(texts) {
    this.list(texts, (it) => this.text(it));
  }
}

const KINDS = ["note", "warning", "item", "picture", "code"];

function resolution({ guide = false, contact, description = [], after = [], steps = [] }) {
  const out = new Out();
  out.u8(guide ? 1 : 0);
  out.varint(contact === undefined ? 0 : contact + 1);
  out.texts(description);
  out.texts(after);
  out.list(steps, ({ text, notes = [], minutes, hands }) => {
    if (minutes !== undefined) {
      out.u8(1);
      out.varint(minutes);
    } else if (hands !== undefined) {
      out.u8(3);
      out.varint(hands);
    } else out.u8(0);
    out.text(text);
    out.list(notes, ({ kind = "note", text, src = "", alt = "" }) => {
      out.u8(KINDS.indexOf(kind));
      out.text(text);
      if (kind === "picture") {
        out.text(src);
        out.text(alt);
      }
    });
  });
  return out.bytes;
}

/** The bytes of an index with these contents, in the JSON form; nothing in it can be searched for, all of it is listed. */
export function forge({ lang = "en", title = "", heading = "", text = "", areas, contacts = [], links = [], entries }) {
  const meta = new Out();
  for (const it of [lang, "customer", title, heading, text]) meta.text(it);
  meta.list(areas, (it) => [it.id, it.title].forEach((it) => meta.text(it)));
  for (const list of [contacts, links]) meta.list(list, (it) => [it.id, it.label, it.href, it.text].forEach((it) => meta.text(it)));
  meta.varint(0);
  const titles = new Out();
  const summaries = new Out();
  const resolutions = new Out();
  entries.forEach((it, at) => {
    titles.varint(at ? 1 : 0);
    titles.varint(4);
    summaries.varint(it.area * 2 + (it.lang ? 1 : 0));
    if (it.lang) summaries.text(it.lang);
    summaries.text(it.id);
    summaries.text(it.symptom);
    summaries.texts(it.causes ?? []);
    const one = resolution(it);
    resolutions.varint(one.length);
    for (const byte of one) resolutions.u8(byte);
  });
  // No folding, no terms, no phrases.
  const sections = [meta.bytes, [0, 0, 0], [], [], [12, 0], [], titles.bytes, summaries.bytes, [], resolutions.bytes];
  const body = [];
  const u32 = (value) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
  let start = 24 + 4 * sections.length;
  for (const it of sections) {
    body.push(...u32(start));
    start += it.length;
  }
  for (const it of sections) for (const byte of it) body.push(byte);
  const head = [...new TextEncoder().encode("UNSTUCK"), 0x1a, ...u32(2), ...u32(24 + body.length)];
  return Uint8Array.from([...head, ...checksum(Uint8Array.from(body)), ...body]);
}

/** The sum of src/index/format.rs, in its eight bytes. */
function checksum(bytes) {
  const view = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 8) * 8));
  new Uint8Array(view.buffer).set(bytes);
  let sum = 0x9e3779b97f4a7c15n ^ BigInt(bytes.length);
  for (let at = 0; at < view.byteLength; at += 8) {
    const product = BigInt.asUintN(64, (sum ^ view.getBigUint64(at, true)) * 0xff51afd7ed558ccdn);
    sum = BigInt.asUintN(64, (product << 29n) | (product >> 35n));
  }
  const out = new DataView(new ArrayBuffer(8));
  out.setBigUint64(0, sum, true);
  return new Uint8Array(out.buffer);
}
