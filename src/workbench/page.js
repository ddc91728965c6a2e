// The workbench: files that are written here or opened, what the compiler says
// of them, and the element over the last version without errors. The compiler
// runs in a thread of its own; nothing is sent anywhere.
//
// The text is a plain `textarea`: it has the browser's own undo, spelling,
// input methods and accessibility, where editors made of script bring 100 kB
// and styles that no strict policy allows.
import "./unstuck.js";

const find = (selector) => document.querySelector(selector);
const number = (n, one, many) => `${n} ${n === 1 ? one : many}`;

function make(tag, properties = {}, ...children) {
  const it = Object.assign(document.createElement(tag), properties);
  it.append(...children);
  return it;
}

/** Hears an event of an element, and says what went wrong with what it led to. */
function on(selector, type, handler) {
  find(selector).addEventListener(type, async (event) => {
    if (type === "submit") event.preventDefault();
    try {
      await handler(event);
    } catch ({ message }) {
      say(`That did not work: ${message}.`);
    }
  });
}

/** A pause in typing after which the text is read, in milliseconds: shorter, and half-written words are findings. */
const PAUSE = 200;

/** So many findings are listed: nobody reads more at once. */
const LISTED = 200;

/** Largest file that is opened, as the command line has it. */
const MAX_FILE_BYTES = 32 << 20;

/** Under which name the files are kept until the tab is closed. */
const KEPT = "unstuck-workbench";

/** What a file may be called, in words. */
const EXPECTED = "expected kb.toml, vocabulary.toml, pictures, and text that ends in .md, in this folder or in that of a language";

// --- the compiler ---

/** A worker is a script by its address: the one that stands here and no other. */
const policy = globalThis.trustedTypes?.createPolicy("unstuck-workbench", { createScriptURL: () => SCRIPT });
const SCRIPT = new URL("./workbench-worker.js", import.meta.url).href;

let worker;
let turn = 0;
const waiting = new Map();

/** Asks the compiler; rejects where it could not be loaded or has stopped. */
function ask(what, given) {
  if (!worker) {
    worker = new Worker(policy ? policy.createScriptURL("") : SCRIPT, { type: "module" });
    worker.addEventListener("message", ({ data }) => answer(data.turn, data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      stop(event.message || "the compiler could not be loaded");
    });
  }
  turn++;
  worker.postMessage({ turn, ask: what, given });
  return new Promise((done, failed) => waiting.set(turn, { done, failed }));
}

function answer(turn, { told, failed }) {
  const asked = waiting.get(turn);
  waiting.delete(turn);
  if (failed === undefined) return asked?.done(told);
  asked?.failed(new Error(failed));
  // Whatever stopped it may have stopped it halfway.
  stop(failed);
}

function stop(reason) {
  worker?.terminate();
  worker = undefined;
  for (const { failed } of waiting.values()) failed(new Error(reason));
  waiting.clear();
}

// --- files ---

/** By path: `bytes` as they were opened or written; `text` as the editor shows it, nothing for a picture. */
let files = new Map();
/** The path of the one that is shown. */
let current;
/** Whether they are somebody's own, and not the example; and whether there is something that was not downloaded. */
let isOwn = false;
let isUnsaved = false;
/** The files before the last change of many at once, and what to say when they are back. */
let before;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A file as it was opened: its bytes stay as they are until somebody changes its text. */
function fileOf(path, bytes) {
  if (!/\.(md|markdown|toml)$/i.test(path)) return { bytes };
  try {
    const text = utf8.decode(bytes);
    const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
    const isCrlf = text.includes("\r\n") && !/(^|[^\r])\n/.test(text);
    return { bytes, text: text.slice(mark.length).replace(/\r\n?/g, "\n"), mark, isCrlf, isText: true };
  } catch {
    // What is not UTF-8 can be looked at: written back it would be another text.
    return { bytes, text: new TextDecoder().decode(bytes).replace(/\r\n?/g, "\n"), isText: false };
  }
}

function write(file, text) {
  file.text = text;
  file.bytes = new TextEncoder().encode(file.mark + (file.isCrlf ? text.replaceAll("\n", "\r\n") : text));
}

const pairs = () => [...files].map(([path, { bytes }]) => [path, bytes]);

/** In the order in which people look for them: by name, those in folders last. */
function inOrder(map) {
  const depth = (path) => path.split("/").length;
  return new Map([...map].sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1)));
}

/** Other files in the place of these; what was there can be had back. */
function replace(next, said, isTheirs = true) {
  if (isOwn) before = { files, current, said: "It is as it was before." };
  files = inOrder(next);
  current = files.has("kb.toml") ? [...files.keys()].find((it) => it.endsWith(".md")) ?? "kb.toml" : files.keys().next().value;
  isOwn = isTheirs;
  shown();
  say(said);
}

function say(text) {
  find("#notice").textContent = text;
  find("#undo").hidden = !before;
}

/** Shows the files and the text, and has them read. */
function shown() {
  showFiles();
  showText();
  read(0);
}

function changed(pause) {
  isOwn = isUnsaved = true;
  if (!pause) keep();
  read(pause);
}

// --- opening ---

/** Takes files in: `found` are pairs of path and File. A whole folder takes the place of what is there. */
async function take(found, isFolder) {
  let all = found.filter(([path]) => !path.split("/").some((it) => it.startsWith(".")));
  if (isFolder) all = within(all);
  const known = new Set(await ask("sources", { paths: all.map(([path]) => path) }));
  const unread = all.filter(([path, file]) => !known.has(path) || file.size > MAX_FILE_BYTES).map(([path]) => path);
  const next = new Map(isFolder || !isOwn ? [] : files);
  let n = 0;
  for (const [path, file] of all) {
    if (unread.includes(path)) continue;
    try {
      next.set(path, fileOf(path, new Uint8Array(await file.arrayBuffer())));
      n++;
    } catch {
      unread.push(path);
    }
  }
  const more = unread.length > 10 ? ` and ${unread.length - 10} more` : "";
  const left = unread.length ? `Not read: ${unread.slice(0, 10).join(", ")}${more}: ${EXPECTED}.` : "";
  if (!n) return say(left || "There is no file in it.");
  replace(next, [`${number(n, "file was", "files were")} opened.`, left].filter(Boolean).join(" "));
}

/** The files of a knowledge base out of a folder: below that of kb.toml where the folder itself holds no text. */
function within(found) {
  const inside = found.map(([path, file]) => [path.slice(path.indexOf("/") + 1), file]);
  if (inside.some(([path]) => /^[^/]+\.(md|markdown|toml)$/i.test(path))) return inside;
  const configs = inside.map(([path]) => path).filter((it) => it.endsWith("/kb.toml"));
  const root = configs.sort((a, b) => a.split("/").length - b.split("/").length)[0]?.slice(0, -"kb.toml".length) ?? "";
  return inside.map(([path, file]) => [path.startsWith(root) ? path.slice(root.length) : path, file]);
}

/** All files below something that was dropped, as pairs of path and File. */
async function below(entry) {
  if (entry.isFile) return [[entry.fullPath.slice(1), await new Promise((done, failed) => entry.file(done, failed))]];
  const reader = entry.createReader();
  const found = [];
  // It gives some at a time, and none when there are no more.
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) break;
    for (const it of some) if (!it.name.startsWith(".")) found.push(...(await below(it)));
  }
  return found;
}

for (const kind of ["files", "folder"]) {
  const input = find(`#${kind}-input`);
  on(`#open-${kind}`, "click", () => input.click());
  on(`#${kind}-input`, "change", () => {
    const found = [...input.files].map((it) => [it.webkitRelativePath || it.name, it]);
    // The same files may be opened again.
    input.value = "";
    return take(found, kind === "folder");
  });
}

addEventListener("dragover", (event) => event.preventDefault());
on("html", "drop", async (event) => {
  // Text that is dragged into the editor is the editor's.
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  const entries = [...event.dataTransfer.items].map((it) => it.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...event.dataTransfer.files].map((it) => [it.name, it]);
  const isFolder = entries.length === 1 && entries[0].isDirectory;
  await take(entries.length ? (await Promise.all(entries.map(below))).flat() : plain, isFolder);
});

// --- the list of files ---

/** The findings of the last reading. */
let findings = [];

function showFiles() {
  const items = [...files.keys()].map((path) => {
    const own = findings.filter((it) => it.file === path);
    const errors = own.filter((it) => it.severity === "error").length;
    const words = make("span", { className: "unseen", textContent: own.length === 1 ? " finding" : " findings" });
    const mark = own.length ? make("span", { className: errors ? "mark error" : "mark warning" }, own.length, words) : "";
    const button = make("button", { type: "button", onclick: () => go(path) }, make("span", { className: "path", textContent: path }), mark);
    if (path === current) button.setAttribute("aria-current", "true");
    return make("li", {}, button);
  });
  const focused = [...find("#files").querySelectorAll("button")].indexOf(document.activeElement);
  find("#files").replaceChildren(...items);
  if (focused >= 0) find("#files").querySelectorAll("button")[Math.min(focused, items.length - 1)]?.focus();
}

function showText() {
  const file = files.get(current);
  const text = find("#text");
  const isPicture = file && file.text === undefined;
  find("#name").value = current ?? "";
  text.closest(".editor").hidden = isPicture;
  text.disabled = !file;
  text.readOnly = Boolean(file) && !file.isText;
  text.value = file?.text ?? "";
  text.ariaLabel = `Text of ${current ?? "no file"}`;
  text.setSelectionRange(0, 0);
  text.scrollTop = 0;
  const picture = find("#picture");
  picture.hidden = !isPicture;
  if (isPicture) {
    picture.src = addressOf(current, file.bytes);
    picture.alt = current;
  }
  showCaret();
}

function go(path) {
  current = path;
  for (const it of find("#files").querySelectorAll("button")) it.removeAttribute("aria-current");
  find("#files").querySelectorAll("button")[[...files.keys()].indexOf(path)]?.setAttribute("aria-current", "true");
  showText();
}

function addressOf(path, bytes) {
  const kind = { svg: "svg+xml", jpg: "jpeg" }[path.split(".").at(-1)] ?? path.split(".").at(-1);
  return `data:image/${kind};base64,${base64(bytes)}`;
}

/** Says what is wrong with a name; nothing where it can be used. */
async function wrongName(name) {
  if (files.has(name)) return `There is a file ${name} already.`;
  const [known] = await ask("sources", { paths: [name] });
  return known === undefined ? `“${name}” cannot be read: ${EXPECTED}.` : undefined;
}

on("#adding", "submit", async () => {
  const field = find("#new-name");
  let name = field.value.trim() || "answers.md";
  if (!/\.[a-z]+$/i.test(name)) name += ".md";
  const wrong = await wrongName(name);
  if (wrong) return say(wrong);
  files.set(name, fileOf(name, new Uint8Array()));
  files = inOrder(files);
  current = name;
  field.value = "";
  shown();
  changed(0);
  say(`${name} was added.`);
  find("#text").focus();
});

on("#renaming", "submit", async () => {
  const name = find("#name").value.trim();
  if (name === current || !files.has(current)) return;
  const wrong = await wrongName(name);
  if (wrong) return say(wrong);
  const { bytes } = files.get(current);
  say(`${current} is called ${name} now.`);
  files.delete(current);
  files.set(name, fileOf(name, bytes));
  files = inOrder(files);
  current = name;
  shown();
  changed(0);
});

on("#remove", "click", () => {
  if (!files.has(current)) return;
  before = { files: new Map(files), current, said: `${current} is back.` };
  const at = [...files.keys()].indexOf(current);
  say(`${current} was removed.`);
  files.delete(current);
  current = [...files.keys()][Math.min(at, files.size - 1)];
  shown();
  changed(0);
});

on("#undo", "click", () => {
  const { said } = before;
  // What was written since is not lost either: once more, and it is back.
  [{ files, current }, before] = [before, { files, current, said: "It is as it was before." }];
  shown();
  changed(0);
  say(said);
  find("#text").focus();
});

on("#example", "click", () => begin("The example is there."));

on("#empty", "click", () => {
  replace(new Map([["answers.md", fileOf("answers.md", new Uint8Array())]]), "Paste or write into answers.md.", false);
  find("#text").focus();
});

async function begin(said) {
  const starter = await ask("starter");
  replace(new Map(starter.map(([path, bytes]) => [path, fileOf(path, bytes)])), said, false);
}

// --- the text ---

find("#text").addEventListener("input", ({ target }) => {
  const file = files.get(current);
  if (!file?.isText) return;
  write(file, target.value);
  changed(PAUSE);
});

document.addEventListener("selectionchange", () => document.activeElement === find("#text") && showCaret());

function showCaret() {
  const { value, selectionStart, readOnly, disabled } = find("#text");
  const lines = value.slice(0, selectionStart).split("\n");
  const at = `Line ${lines.length}, column ${[...lines.at(-1)].length + 1}`;
  find("#caret").textContent = disabled || files.get(current)?.text === undefined ? "" : readOnly ? `${at}; not UTF-8, so it can only be read here` : at;
}

/** Where a line and a column (in characters, both from 1) are in a text. */
function offset(text, line, column) {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  const own = [...text.slice(start, end < 0 ? undefined : end)];
  return start + own.slice(0, column - 1).join("").length;
}

/** Shows the place of a finding: selected, in sight, with the focus. */
function visit({ file, line, column, end_line: endLine, end_column: endColumn }) {
  if (!files.has(file)) return;
  if (current !== file) go(file);
  const text = find("#text");
  const { value } = text;
  const from = offset(value, line, column);
  text.focus();
  text.setSelectionRange(from, Math.max(from, offset(value, endLine, endColumn)));
  // How far down it is, in lines as they are broken on the screen.
  const mirror = find("#mirror");
  mirror.style.inlineSize = `${text.clientWidth}px`;
  mirror.textContent = `${value.slice(0, from)}.`;
  text.scrollTop = mirror.offsetHeight - text.clientHeight / 2;
  mirror.textContent = "";
  text.scrollIntoView({ block: "nearest" });
  showCaret();
}

// --- reading ---

let timer;
/** In a large knowledge base that proof takes seconds, so it is only begun after a longer pause, in milliseconds. */
const REST = 500;
let proving;
/** What is being read, and whether it is wanted again: one reading at a time, the newest next. */
let reading;
let isStale = false;

function read(pause) {
  clearTimeout(timer);
  clearTimeout(proving);
  timer = setTimeout(() => compile(), pause);
}

/** Has the files read as they are now; a promise of the end of it. */
function compile() {
  clearTimeout(timer);
  clearTimeout(proving);
  keep();
  isStale = true;
  reading ??= (async () => {
    while (isStale) {
      isStale = false;
      try {
        const told = await ask("compile", { files: pairs(), ...chosen() });
        if (isStale) continue;
        takeUp(told);
        proving = setTimeout(prove, REST, told);
      } catch ({ message }) {
        find("#verdict").textContent = `The compiler has stopped (${message}). It starts again with the next change.`;
      }
    }
  })().finally(() => (reading = undefined));
  return reading;
}

/** What the last reading said. */
let state;

/** Has it proved that everything can be found, of what was read. */
async function prove(read) {
  // Where it has stopped, the next change says so.
  const proved = await ask("prove").catch(() => undefined);
  if (!proved || state !== read) return;
  findings = proved;
  showFindings(true);
  showFiles();
}

function takeUp(told) {
  state = told;
  ({ findings } = told);
  showFindings(false);
  showFiles();
  place(told);
}

/** A text with what stands between backquotes as code. */
function said(text) {
  return text.split("`").map((it, at) => (at % 2 ? make("code", { textContent: it }) : it));
}

function finding(it) {
  const item = make("li", { className: it.severity });
  item.append(
    make("p", { className: "message" }, make("strong", { textContent: it.severity }), " ", ...said(it.message), " ", make("code", { className: "muted", textContent: it.code })),
  );
  if (it.hint) item.append(make("p", { className: "hint" }, ...said(it.hint)));
  const where = `${it.file}:${it.line}:${it.column}`;
  item.append(make("p", { className: "place" }, files.has(it.file) ? make("button", { type: "button", textContent: where, onclick: () => visit(it) }) : where));
  return item;
}

function showFindings(isAll) {
  const isError = (it) => it.severity === "error";
  const ordered = [...findings.filter(isError), ...findings.filter((it) => !isError(it))];
  const errors = findings.filter(isError).length;
  const warnings = findings.length - errors;
  const counts = [errors && number(errors, "error", "errors"), warnings && number(warnings, "warning", "warnings")].filter(Boolean).join(", ");
  const list = find("#findings");
  const items = ordered.slice(0, LISTED).map(finding);
  // Who stands on one of them stays there.
  const focused = list.contains(document.activeElement) && document.activeElement.textContent;
  list.replaceChildren(...items);
  if (focused) ([...list.querySelectorAll("button")].find((it) => it.textContent === focused) ?? list).focus();
  list.hidden = !findings.length;
  const more = findings.length > LISTED ? ` The first ${LISTED} are listed.` : "";
  const { empty, entries } = state;
  find("#findings-title").textContent = counts ? `Findings: ${counts}` : "Findings";
  const n = number(entries, "entry", "entries");
  const proved = isAll ? "every one can be found, and nothing is wrong" : "looking whether every one can be found";
  const verdict = empty && !errors ? `${empty[0].toUpperCase()}${empty.slice(1)}.` : counts ? `${n}.${more}` : `${n}: ${proved}.`;
  // Only what has changed is announced.
  if (find("#verdict").textContent !== verdict) find("#verdict").textContent = verdict;
}

// --- what people see ---

const chosen = () => ({ audience: find("#audience").value, lang: find("#lang").value });

let help;
let onStage;

/** Shows the last version without errors, and says where that is not what is written. */
function place({ shown, languages, lang, isSound }) {
  const errors = findings.filter((it) => it.severity === "error").length;
  const reason = errors ? `${number(errors, "error keeps", "errors keep")} it from being built` : "There is no entry";
  const behind = find("#behind");
  const words = isSound ? "" : `${reason}${shown ? ": this is the last version without errors" : ""}.`;
  behind.hidden = isSound;
  if (behind.textContent !== words) behind.textContent = words;
  find("#nothing").hidden = Boolean(shown);
  if (!shown) return;
  const select = find("#lang");
  if ([...select.options].map((it) => it.value).join() !== languages.join()) {
    select.replaceChildren(...languages.map((it) => make("option", { value: it, textContent: it })));
  }
  select.value = lang;
  if (onStage && shown.length === onStage.length && shown.every((it, at) => it === onStage[at])) return;
  onStage = shown;
  const stage = find("#stage");
  if (!help) {
    help = make("unstuck-help", { id: "help", kbData: shown });
    for (const [name, value] of Object.entries({ loading: "eager", route: "hash", lang })) help.setAttribute(name, value);
    stage.append(help);
    return;
  }
  // While the new version comes, the page stays as long as it was, and where it was.
  const { top, height } = { top: scrollY, height: help.offsetHeight };
  stage.style.minBlockSize = `${height}px`;
  help.kbData = shown;
  if (help.getAttribute("lang") !== lang) help.setAttribute("lang", lang);
  help.ready.catch(() => {}).then(() => requestAnimationFrame(() => {
    stage.style.minBlockSize = "";
    scrollTo({ top, behavior: "instant" });
  }));
}

for (const name of ["audience", "lang"]) {
  find(`#${name}`).addEventListener("change", async () => {
    const told = await ask("show", chosen()).catch(() => ({}));
    if (state) place({ ...state, ...told });
  });
}

// --- downloading ---

function download(bytes, name) {
  const href = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
  make("a", { href, download: name }).click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

on("#build", "click", async () => {
  // What was typed a moment ago is in it.
  await compile();
  const { audience } = chosen();
  const archive = await ask("build", { audience });
  if (!archive) return say("Nothing was built: see the findings.");
  download(archive, `kb-${audience}.zip`);
  say(`kb-${audience}.zip is what \`unstuck build\` writes for ${audience}: unpack it where your site has its knowledge base.`);
});

on("#pack", "click", async () => {
  download(await ask("pack", { files: pairs() }), "kb-sources.zip");
  isUnsaved = false;
  say("kb-sources.zip has the files as they are here.");
});

// --- keeping ---
//
// What is written is kept as long as the tab: a reload, a crash or a telephone
// that needs the memory takes nothing, and nothing is left for whoever uses the
// computer next. Whoever closes the tab with something that was not downloaded
// is asked.

function base64(bytes) {
  return btoa(Array.from(bytes, (it) => String.fromCharCode(it)).join(""));
}

function keep() {
  const kept = () => [...files].map(([path, { bytes, isText, text }]) => (isText && utf8.decode(bytes) === text ? [path, text] : [path, base64(bytes), 1]));
  try {
    sessionStorage.removeItem(KEPT);
    if (isOwn) sessionStorage.setItem(KEPT, JSON.stringify({ current, files: kept() }));
  } catch {
    // There is no room, or the browser keeps nothing: then there is only the question.
  }
}

function kept() {
  try {
    const { current, files } = JSON.parse(sessionStorage.getItem(KEPT));
    const bytes = ([, text, isBinary]) => (isBinary ? Uint8Array.from(atob(text), (it) => it.charCodeAt(0)) : new TextEncoder().encode(text));
    return { current, files: new Map(files.map((it) => [it[0], fileOf(it[0], bytes(it))])) };
  } catch {
    return undefined;
  }
}

addEventListener("pagehide", keep);
addEventListener("beforeunload", (event) => isUnsaved && event.preventDefault());

// --- the beginning ---

find(".skip").addEventListener("click", (event) => {
  // Not by the address: that says what is open.
  event.preventDefault();
  find("#text").focus();
});
on("#choices", "submit", () => {});

const own = kept();
if (own?.files.size) {
  ({ files, current } = own);
  isOwn = isUnsaved = true;
  shown();
  say("This is what you wrote before the page was loaded again.");
} else begin("").catch(({ message }) => (find("#verdict").textContent = `The compiler cannot be loaded: ${message}.`));
