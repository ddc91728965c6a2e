// `kbData` as an object in the JSON form, and the schema that describes it: what
// the one refuses, the other does too.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import Ajv from "ajv/dist/2020.js";
import { PAGES, UNSTUCK, add, answer, build, checkNumber, checkResults, events, eventually, finish, folder, openFound, requests, search, site, steps } from "./harness.js";

const built = site({ examples: PAGES });
const schema = JSON.parse(await readFile("src/kb/knowledge-base.schema.json", "utf8"));
const validate = new Ajv({ allErrors: false }).compile(schema);
const whole = JSON.parse(await readFile("dist/kb/customer.entries.json", "utf8"));

/** A small one with everything in it. */
const SMALL = {
  format: 2,
  lang: "en",
  audience: "customer",
  title: "Office",
  way_on_heading: "Nothing fits?",
  way_on_text: "Go on here.",
  areas: [{ id: "tea", title: "Tea" }, { id: "coffee", title: "Coffee" }],
  contacts: [{ id: "desk", label: "Desk", href: "mailto:desk@example.com", text: "When all fails." }],
  links: [{ id: "all", label: "All", href: "/all", text: "Everything." }],
  popular: ["tea-cold"],
  moved: [["tea-chilly", "tea-cold"]],
  synonyms: [["tea", "brew"]],
  entries: [
    {
      id: "tea-cold", area: 0, symptom: "The tea is cold", causes: ["The kettle is off."], guide: false, description: ["It happens."], after: ["That is all."], contact: 0, aliases: ["lukewarm drink"],
      steps: [
        { kind: "do", text: "Switch it on.", notes: [{ kind: "warning", text: "It is hot.", src: "", alt: "" }] },
        { kind: { wait: { minutes: 3 } }, text: "Wait.", notes: [] },
        { kind: { escalate: { contact: 0 } }, text: "Ask the desk.", notes: [] },
      ],
    },
    { id: "coffee-bitter", lang: "de", area: 1, symptom: "Der Kaffee ist bitter", causes: [], guide: true, description: [], after: [], contact: null, steps: [{ kind: "check", text: "Look.", notes: [{ kind: "picture", text: "Where", src: "images/a.svg", alt: "" }] }] },
  ],
};

/** What the reader says of some objects: the number of bytes, or the error. */
const read = (page, objects) =>
  page.evaluate(async (objects) => {
    const { index } = await import("/compiler.js");
    return Promise.all(objects.map((it) => index(it).then((bytes) => bytes.length, ({ code, message }) => ({ code, message }))));
  }, objects);

async function opened(attributes = {}) {
  const page = await built.open("/examples/blank.html", {});
  return { page, help: await add(page, { loading: "interaction", ...attributes }) };
}

test("An object in the JSON form gives the very index that was built, for every audience and language", async () => {
  const { page } = await opened();
  const bytes = (object) => page.evaluate(async (object) => Array.from(await (await import("/compiler.js")).index(object)), object);
  for (const audience of ["customer", "agent", "staff"]) {
    const out = await folder();
    await build("kb", out, "--audience", audience);
    const { languages, default: own } = JSON.parse(await readFile(join(out, `${audience}.json`), "utf8"));
    for (const [lang, { file }] of Object.entries(languages)) {
      const stem = lang === own ? audience : `${audience}.${lang}`;
      const object = JSON.parse(await readFile(join(out, `${stem}.entries.json`), "utf8"));
      assert.deepEqual(Buffer.from(await bytes(object)), await readFile(join(out, file)), stem);
    }
  }
  await finish(page);
});

test("`kbData` may be such an object: it is searched and opened, and the compiler comes for it alone", async () => {
  const { page, help } = await opened();
  assert.deepEqual(requests(page, /compiler/), []);
  await help.evaluate((it, object) => ((it.kbData = object), it.ready.then(() => undefined)), SMALL);
  await checkNumber(help, 2);
  assert.deepEqual(requests(page, /compiler|\/kb\//), ["/compiler.js", "/compiler.wasm"]);
  // By an alias and by a synonym.
  await search(help, "lukewarm drink");
  await answer(help, "The tea is cold").waitFor();
  await search(help, "brew");
  await checkResults(help, ["The tea is cold"]);
  const row = await openFound(help, "The tea is cold");
  assert.equal(await steps(row).count(), 3);
  await help.evaluate((it) => it.openEntry("tea-chilly"));
  // Another object, then bytes, then a URL.
  await help.evaluate((it, object) => ((it.kbData = object), it.ready.then(() => undefined)), { ...SMALL, entries: SMALL.entries.slice(1) });
  await search(help, "");
  await checkResults(help, ["Der Kaffee ist bitter"]);
  await help.evaluate((it) => ((it.kbData = undefined), it.ready.then(() => undefined)));
  await checkNumber(help, 20);
  await finish(page);
});

for (const [what, change, code, message] of [
  ["another type", (it) => (it.entries[1].symptom = 3), "kb-corrupt", "entries[1].symptom: expected a text, found 3"],
  ["a slip in a name", (it) => (it.entries[0].steps[1].txt = "x"), "kb-corrupt", 'entries[0].steps[1]: expected one of kind, text, notes, found "txt"'],
  ["something that is missing", (it) => delete it.entries[0].steps[0].text, "kb-corrupt", "entries[0].steps[0].text: expected a value, found none"],
  ["an area that is not there", (it) => (it.entries[1].area = 2), "kb-corrupt", "entries[1].area: expected a position in areas, which has 2, found 2"],
  ["an id that is there twice", (it) => (it.entries[1].id = "tea-cold"), "kb-corrupt", 'entries[1].id: expected an id of its own, found "tea-cold", which [0] has'],
  ["no entries at all", (it) => delete it.entries, "kb-corrupt", "entries: expected a value, found none"],
  ["a later format", (it) => (it.format = 3), "kb-version", "format: expected format 2, found 3"],
]) {
  test(`An object with ${what} is refused with its code and the place`, async () => {
    const { page, help } = await opened();
    const object = structuredClone(SMALL);
    change(object);
    const rejected = await help.evaluate((it, object) => ((it.kbData = object), it.ready.catch((code) => code)), object);
    assert.equal(rejected, code);
    assert.deepEqual((await events(page, "error")).map((it) => it.detail), [{ code, message }]);
    // What stands inside stays.
    await help.getByText("What we wrote ourselves").waitFor();
    await finish(page);
  });
}

test("What is no JSON at all is refused too: a text, a list, a cycle, a function", async () => {
  const { page, help } = await opened();
  const said = await help.evaluate(async (it) => {
    const cycle = {};
    cycle.self = cycle;
    const said = [];
    it.addEventListener("unstuck-error", ({ detail }) => said.push(detail));
    for (const data of ["{}", [], cycle, () => {}, 1n]) {
      it.kbData = data;
      await it.ready.catch(() => {});
    }
    return said;
  });
  assert.deepEqual(said.map((it) => it.code), Array(5).fill("kb-corrupt"));
  assert.deepEqual(said.slice(0, 2).map((it) => it.message), ['expected an object, found "{}"', "expected an object, found a list"]);
  await finish(page);
});

test("Where the compiler cannot be loaded, the error says so", async () => {
  const { page, help } = await opened();
  await page.route(/compiler\.wasm/, (route) => route.abort());
  const rejected = await help.evaluate((it, object) => ((it.kbData = object), it.ready.catch((code) => code)), SMALL);
  assert.equal(rejected, "wasm-unreachable");
  await eventually(async () => assert.equal((await events(page, "error")).length, 1));
  await finish(page, { console: [/compiler\.wasm|ERR_FAILED/] });
});

test("Every property of the schema is described, and what builds write fits it", async () => {
  const check = (it, path) => {
    if (it.properties) {
      assert.equal(it.additionalProperties, false, path);
      for (const [name, property] of Object.entries(it.properties)) {
        assert.ok((property.description ?? schema.$defs[property.$ref?.split("/").at(-1)]?.description)?.endsWith("."), `${path}.${name}`);
        check(property, `${path}.${name}`);
      }
    }
    for (const sub of [it.items, ...(it.oneOf ?? [])].filter(Boolean)) check(sub, path);
  };
  check(schema, "");
  for (const [name, it] of Object.entries(schema.$defs)) check(it, name);
  const starter = join(await folder(), "kb");
  await promisify(execFile)(UNSTUCK, ["new", starter]);
  for (const kb of ["kb", starter]) {
    for (const audience of ["customer", "agent", "staff"]) {
      const out = await folder();
      await build(kb, out, "--audience", audience);
      for (const stem of kb === "kb" ? [audience, `${audience}.es`] : [audience]) {
        validate(JSON.parse(await readFile(join(out, `${stem}.entries.json`), "utf8")));
        assert.equal(validate.errors, null, `${kb} ${stem}`);
      }
    }
  }
  validate(SMALL);
  assert.equal(validate.errors, null);
});

/** Every place in a value: a way of keys. */
function* places(value, way = []) {
  yield way;
  if (typeof value === "object" && value) for (const key of Object.keys(value)) yield* places(value[key], [...way, Array.isArray(value) ? Number(key) : key]);
}

/** A copy with another value at a place, or with none. */
function changed(object, way, other) {
  if (!way.length) return other;
  const copy = structuredClone(object);
  const last = way.at(-1);
  const around = way.slice(0, -1).reduce((it, key) => it[key], copy);
  if (other !== undefined) around[last] = other;
  else if (Array.isArray(around)) around.splice(last, 1);
  else delete around[last];
  return copy;
}

const at = (value, way) => way.reduce((it, key) => it?.[key], value);
const isObject = (it) => typeof it === "object" && it !== null && !Array.isArray(it);

/** What stands in the place of anything. */
const OTHERS = [undefined, null, true, 0, 1, -1, 2, 1.5, 4294967296, 1e300, "", "x", "a b", "a/b", "en", "do", "picture", "staff", [], ["x"], ["x", "y"], [3], {}, { wait: { minutes: 1 } }, { wait: { minutes: 0 } }, { escalate: { contact: 0 } }, { wait: { minutes: 1 }, escalate: { contact: 0 } }, { text: "x" }];

/** What no schema can say. */
const BEYOND = /: expected (a position in|an id of its own)/;

test("What the schema refuses the reader refuses, and the reverse, however an object is changed", async () => {
  const { page } = await opened();
  const mutants = [...places(SMALL)].flatMap((way) => [
    ...OTHERS.map((other) => ({ way, object: changed(SMALL, way, other) })),
    // A property that nobody knows.
    ...(isObject(at(SMALL, way)) ? [{ way, object: changed(SMALL, [...way, "odd"], 1) }] : []),
  ]).filter((it) => it.object !== undefined);
  const said = await read(page, mutants.map((it) => it.object));
  let refused = 0;
  mutants.forEach(({ way, object }, n) => {
    const json = JSON.parse(JSON.stringify(object));
    const fits = validate(json);
    const told = said[n];
    if (typeof told === "object") refused++;
    const where = `${way.join(".")}: ${JSON.stringify(at(json, way))}`;
    if (fits) assert.ok(typeof told === "number" || BEYOND.test(told.message), `${where}: the schema takes it, the reader says ${told.message}`);
    else assert.ok(typeof told === "object" && told.code.startsWith("kb-"), `${where}: the schema says ${JSON.stringify(validate.errors)}, the reader takes it`);
  });
  console.log(`${mutants.length} objects, ${refused} refused`);
  assert.ok(refused > 500 && refused < mutants.length);
  await finish(page);
});

test("Nothing can be left out of a build's own but what may be empty", async () => {
  const { page } = await opened();
  const [all, least, ...lacking] = await read(page, [
    whole,
    { format: 2, areas: [{ id: "tea", title: "Tea" }], entries: [{ id: "tea-cold", area: 0, symptom: "Cold", steps: [] }] },
    ...schema.required.map((it) => changed(whole, [it])),
  ]);
  assert.ok(all > 10_000 && least > 0);
  assert.deepEqual(lacking.map((it) => it.message), schema.required.map((it) => `${it}: expected a value, found none`));
  await finish(page);
});
