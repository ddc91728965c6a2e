// Makes what is published of the element's contract out of its one source,
// src/element/custom-elements.json: the tables in README.md, and the type
// declarations.
//
//   cargo xtask contract             writes them
//   node xtask/contract.js --check   fails where they are not what would be written
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const manifest = JSON.parse(await readFile(join(root, "src/element/custom-elements.json"), "utf8"));
const messages = JSON.parse(await readFile(join(root, "src/ui/messages/en.json"), "utf8"));
// Of what is said of a number, other languages have more forms than English: src/element/words.js.
const counted = Object.keys(messages).flatMap((it) => (`${it.slice(0, -4)}One` in messages && it.endsWith("Many") ? [it.slice(0, -4)] : []));
const forms = counted.flatMap((it) => ["Zero", "Two", "Few"].map((form) => it + form));
const schema = JSON.parse(await readFile(join(root, "src/kb/knowledge-base.schema.json"), "utf8"));
const element = manifest.modules[0].declarations[0];
const { attributes, members, events } = element;

// Types of the details of events and the like; what an error's code can be is here alone.
const CODES = ["kb-not-found", "kb-unreachable", "kb-corrupt", "kb-version", "wasm-unreachable", "wasm-refused", "wasm-corrupt", "trap", "unknown-entry", "unknown-area"];

// --- the README ---

const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((it) => `| ${it.join(" | ")} |`).join("\n");
const code = (it) => `\`${it.replaceAll("|", "\\|")}\``;
const values = ({ type, default: preset }) => {
  const words = type.text.split(" | ").map((it) => (it.startsWith('"') ? code(it.slice(1, -1)) : it)).join(", ");
  if (!preset) return words;
  return words.includes(preset) ? words.replace(preset, `${preset} (default)`) : `${words}; default: ${preset}`;
};
const instance = members.filter((it) => !it.static);
const settable = instance.filter((it) => it.kind === "field" && !it.readonly);
const signature = ({ name, parameters }) => code(`${name}(${parameters.map((it) => it.name).join(", ")})`);

function tables() {
  const fields = instance.filter((it) => it.kind === "field");
  const methods = instance.filter((it) => it.kind === "method");
  return {
    attributes: table(["attribute", "values", "meaning"], attributes.map((it) => [code(it.name), values(it), it.description])),
    properties: table(["property", "meaning"], fields.map((it) => [code(it.name), it.description])),
    methods: table(["method", "what it does"], methods.map((it) => [signature(it), `${it.description}`])),
    events: table(["event", "detail", "when"], events.map((it) => [code(it.name), code(it.type.text.slice("CustomEvent<".length, -1)), it.description])),
    codes: `Codes: ${CODES.map(code).join(", ")}.`,
    properties_css: `Custom properties: ${element.cssProperties.map((it) => code(it.name)).join(", ")}.`,
    parts: `Parts: ${element.cssParts.map((it) => code(it.name)).join(", ")}.`,
    states: `States: ${element.cssStates.map((it) => code(`:state(${it.name})`)).join(", ")}.`,
  };
}

function readme(text) {
  for (const [name, made] of Object.entries(tables())) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`README.md: expected ${start} and ${end}`);
    text = `${text.slice(0, from + start.length)}\n${made}\n${text.slice(to)}`;
  }
  return text;
}

// --- the types ---

const doc = (text, indent = "  ") => `${indent}/** ${text[0].toUpperCase()}${text.slice(1)}. */\n`;
const quoted = (it) => (/^[\w$]+$/.test(it) ? it : JSON.stringify(it));
// A host may set what is an attribute to nothing, which takes it away.
const property = ({ fieldName, type, description }) => {
  if (fieldName === "lang") return "";
  const nothing = type.text === "boolean" || fieldName === "headingLevel" ? "" : ' | ""';
  const union = type.text.startsWith('"') ? type.text + nothing : fieldName === "headingLevel" ? "number" : type.text;
  return `${doc(description)}  get ${fieldName}(): ${union};\n  set ${fieldName}(value: ${union} | null | undefined);\n`;
};
const parameters = (it) => it.parameters.map((it) => `${it.name}${it.optional ? "?" : ""}: ${it.type.text}`).join(", ");
const member = (it) => {
  const start = doc(it.description) + (it.static ? "  static " : "  ");
  if (it.kind === "method") return `${start}${it.name}(${parameters(it)}): ${it.return.type.text};\n`;
  return `${start}${it.readonly ? "readonly " : ""}${it.name}: ${it.type.text};\n`;
};
const attribute = ({ name, type, description }) =>
  `${doc(description)}  ${quoted(name)}?: ${type.text === "boolean" ? 'boolean | "" | "true"' : /^\d/.test(type.text) ? `${type.text} | ${"`${number}`"}` : type.text} | undefined;\n`;

// --- the JSON form, as its schema describes it ---

const defined = ({ $ref }) => $ref?.split("/").at(-1);
const named = (name) => `UnstuckKb${name[0].toUpperCase()}${name.slice(1)}`;

function typeOf(it) {
  const name = defined(it);
  if (name) return schema.$defs[name].type === "object" ? named(name) : typeOf(schema.$defs[name]);
  if ("const" in it) return JSON.stringify(it.const);
  if (it.enum) return it.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (it.oneOf) return it.oneOf.map(typeOf).join(" | ");
  if (it.minItems) return `[${Array(it.minItems).fill(typeOf(it.items)).join(", ")}]`;
  if (it.type === "array") return `${typeOf(it.items)}[]`;
  if (it.type === "object") return `{ ${Object.entries(it.properties).map(([name, it]) => `${name}: ${typeOf(it)}`).join("; ")} }`;
  return it.type === "integer" ? "number" : it.type;
}

function shape(name, { description, properties, required }) {
  const said = (it) => (it.description ?? schema.$defs[defined(it)].description).replace(/\.$/, "");
  const lines = Object.entries(properties).map(([key, it]) => {
    const [mark, nothing] = required.includes(key) ? ["", ""] : ["?", " | undefined"];
    return `${doc(said(it))}  ${quoted(key)}${mark}: ${typeOf(it)}${nothing};\n`;
  });
  return `/** ${description} */\nexport interface ${name} {\n${lines.join("")}}\n`;
}

const objects = Object.keys(schema.$defs).filter((it) => schema.$defs[it].type === "object");
const shapes = () => [shape("UnstuckKnowledge", schema), ...objects.map((it) => shape(named(it), schema.$defs[it]))].join("\n");

// As the platform declares them for its own elements, and with our events.
const listeners = (method, options) => `${["UnstuckEventMap", "HTMLElementEventMap"].map((map) => `  ${method}<K extends keyof ${map}>(
    type: K,
    listener: (this: UnstuckHelp, event: ${map}[K]) => unknown,
    options?: boolean | ${options},
  ): void;
`).join("")}  ${method}(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | ${options}): void;
`;

function types() {
  return `// The types of <unstuck-help>. Made by xtask/contract.js from custom-elements.json.

/** An entry that fits a text. */
export interface UnstuckHit {
  /** Id of the entry. */
  id: string;
  /** Id of its area. */
  area: string;
  /** What it looks like. */
  symptom: string;
  /** Why it happens; empty where nothing is known. */
  cause: string;
  /** Larger is better; comparable within one search only. */
  score: number;
  /** The words that matched, as they stand in the entry. */
  matched: string[];
}

/** What you know better of whom to reach; what is not set is the knowledge base's. */
export interface UnstuckContact {
  /** What they are called. */
  label?: string | null | undefined;
  /** Their address: \`mailto:\`, \`https:\`, \`tel:\` or a place of your site. */
  href?: string | null | undefined;
  /** What to say of them. */
  text?: string | null | undefined;
}

${shapes()}
/** The words of the widget. What stands in braces is filled in. */
export interface UnstuckMessages {
${Object.keys(messages).map((it) => `  ${it}: string;\n`).join("")}${forms.map((it) => `  ${it}?: string | undefined;\n`).join("")}}

/** What can go wrong. */
export type UnstuckErrorCode =
${CODES.map((it) => `  | ${JSON.stringify(it)}`).join("\n")};

/** The events of the element, by name. */
export interface UnstuckEventMap {
${events.map((it) => doc(it.description) + `  ${quoted(it.name)}: ${it.type.text};\n`).join("")}}

/** The attributes of the element, as they are written in markup. */
export interface UnstuckAttributes {
${attributes.map(attribute).join("")}}

/** ${element.description} */
export class UnstuckHelp extends HTMLElement {
${members.map(member).join("")}${attributes.map(property).join("")}
${listeners("addEventListener", "AddEventListenerOptions")}${listeners("removeEventListener", "EventListenerOptions")}}

/** Its listeners in JSX, where \`on\` stands before the name of an event. */
export type UnstuckListeners = { [Name in keyof UnstuckEventMap as \`on\${Name}\`]?: ((event: UnstuckEventMap[Name]) => unknown) | undefined };

/** Its properties that no attribute has, for frameworks that set them from JSX. */
export type UnstuckProperties = Partial<Pick<UnstuckHelp, ${settable.map((it) => JSON.stringify(it.name)).join(" | ")}>>;

/** The element in JSX: what is its own, and what every element has. */
export interface UnstuckJsx extends UnstuckAttributes, UnstuckListeners, UnstuckProperties {
  id?: string | undefined;
  class?: string | undefined;
  className?: string | undefined;
  slot?: string | undefined;
  style?: unknown;
  hidden?: boolean | undefined;
  key?: string | number | null | undefined;
  ref?: unknown;
  children?: unknown;
  [data: \`data-\${string}\` | \`aria-\${string}\` | \`on\${string}\`]: unknown;
}

declare global {
  interface HTMLElementTagNameMap {
    "unstuck-help": UnstuckHelp;
  }

  // They bubble: a page can listen for them anywhere.
  interface HTMLElementEventMap extends UnstuckEventMap {}
  interface DocumentEventMap extends UnstuckEventMap {}

  namespace JSX {
    interface IntrinsicElements {
      "unstuck-help": UnstuckJsx;
    }
  }
}
`;
}

const made = {
  "README.md": readme(await readFile(join(root, "README.md"), "utf8")),
  "src/element/element.d.ts": types(),
};
for (const [path, text] of Object.entries(made)) {
  if (!process.argv.includes("--check")) await writeFile(join(root, path), text);
  else if (text !== (await readFile(join(root, path), "utf8").catch(() => ""))) {
    console.error(`${path} is not what custom-elements.json says; run: cargo xtask contract`);
    process.exitCode = 1;
  }
}
