// The preview: the widget over the knowledge base that is being written, what
// is wrong with it, and why a search finds what it finds. The server says when
// a file was saved; what is open and what was typed stays.

const find = (selector) => document.querySelector(selector);
const number = (n, one, many) => `${n} ${n === 1 ? one : many}`;

/** What the server says of the knowledge base; see `facts` in mod.rs. */
let state;
let help;
/** Id of the open entry, null where none is. */
let open = null;
/** The search that was asked for last: an earlier answer may come later. */
let asked = 0;
/** A pause in typing, in milliseconds: browsers let a page write its address only so often. */
const PAUSE = 300;
let keeping;

function make(tag, properties = {}, ...children) {
  const it = Object.assign(document.createElement(tag), properties);
  it.append(...children);
  return it;
}

// --- what is chosen, kept in the address for whoever reloads the page ---

const chosen = new URLSearchParams(location.search);

function keep(name, value) {
  if (value) chosen.set(name, value);
  else chosen.delete(name);
  const url = new URL(location.href);
  url.search = chosen;
  history.replaceState(history.state, "", url);
}

for (const name of ["audience", "lang"]) {
  find(`#${name}`).addEventListener("change", ({ target }) => {
    keep(name, target.value);
    place();
    explain();
  });
}
if (chosen.has("audience")) find("#audience").value = chosen.get("audience");
// Of a name that is none of them a select makes nothing at all.
find("#audience").value ||= "customer";
find("#query").value = chosen.get("q") ?? "";
find("#query").addEventListener("input", explain);
find("#explain").addEventListener("submit", (event) => event.preventDefault());
find("#choices").addEventListener("submit", (event) => event.preventDefault());
// Not by the address: that says what is open.
find(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  find("#stage").focus();
});

// --- the widget ---

/** Shows the version that is to be shown, to whom and in which language. */
function place() {
  find("#nothing").hidden = Boolean(state.shown);
  if (!state.shown) return;
  const isNew = !help;
  help ??= make("unstuck-help");
  const wanted = { kb: `/preview/kb/${state.shown}/`, audience: find("#audience").value, lang: find("#lang").value, loading: "eager", route: "hash" };
  if (isNew && chosen.get("q")) wanted.query = chosen.get("q");
  const before = { top: scrollY, height: help.offsetHeight };
  for (const [name, value] of Object.entries(wanted)) if (help.getAttribute(name) !== value) help.setAttribute(name, value);
  if (isNew) {
    find("#stage").append(help);
    customElements.whenDefined("unstuck-help").then(watch);
    return;
  }
  // While the new version comes, the page stays as long as it was, and where it was.
  find("#stage").style.minBlockSize = `${before.height}px`;
  customElements.whenDefined("unstuck-help").then(() => help.ready).catch(() => {}).then(() => requestAnimationFrame(() => {
    find("#stage").style.minBlockSize = "";
    scrollTo({ top: before.top, behavior: "instant" });
  }));
}

/** Hears what is open and what is typed. */
function watch() {
  // What is open is in the address; that changes a moment after what is on the page.
  const look = () => setTimeout(() => {
    const route = location.hash.slice(1).split("&").find((it) => it.startsWith("unstuck="));
    const id = route ? decoded(route.slice(route.indexOf("=") + 1).split("/")[0]) : null;
    if (id === open) return;
    open = id;
    showEntry();
  });
  new MutationObserver(look).observe(help.shadowRoot, { subtree: true, childList: true, attributeFilter: ["aria-expanded"] });
  help.addEventListener("input", (event) => {
    const { value, type } = event.composedPath()[0];
    if (type !== "search") return;
    find("#query").value = value;
    explain();
  });
  look();
}

/** What an address says; as it stands there where that is no text of its form. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Opens an entry in the widget. */
async function show(id) {
  try {
    await help.openEntry(id);
    find("#stage").scrollIntoView({ block: "nearest" });
  } catch {
    find("#status").textContent = `${id} is not in what is shown: it is new and has errors, or it is for another audience.`;
  }
}

// --- findings ---

/** A text with what stands between backquotes as code. */
function said(text) {
  return text.split("`").map((it, at) => (at % 2 ? make("code", { textContent: it }) : it));
}

function finding(it, isAtEntry) {
  const item = make("li", { className: it.severity });
  item.append(
    make("p", { className: "message" }, make("strong", { textContent: it.severity }), " ", ...said(it.message), " ", make("code", { className: "muted", textContent: it.code })),
  );
  if (it.hint) item.append(make("p", { className: "hint" }, ...said(it.hint)));
  if (it.text) item.append(make("pre", { tabIndex: 0, role: "group", ariaLabel: `Line ${it.line}`, textContent: it.text }));
  const where = make("p", { className: "place", textContent: `${it.file}:${it.line}:${it.column}` });
  if (it.entry && !isAtEntry) {
    const symptom = state.places[it.entry]?.symptom ?? it.entry;
    const button = make("button", { type: "button", textContent: symptom, onclick: () => show(it.entry) });
    button.setAttribute("aria-label", `Show the entry: ${symptom}`);
    where.append(" ", button);
  }
  item.append(where);
  return item;
}

function showFindings() {
  const { findings, errors } = state;
  const isError = (it) => it.severity === "error";
  const inOrder = [...findings.filter(isError), ...findings.filter((it) => !isError(it))];
  find("#findings").replaceChildren(...inOrder.map((it) => finding(it)));
  find("#no-findings").hidden = findings.length > 0;
  const warnings = findings.length - errors;
  const counts = [errors && number(errors, "error", "errors"), warnings && number(warnings, "warning", "warnings")].filter(Boolean);
  find("#findings-title").textContent = counts.length ? `Findings: ${counts.join(", ")}` : "Findings";
}

/** The open entry, where it was written and what is wrong with it. */
function showEntry() {
  const it = open && state.places?.[open];
  find("#entry").hidden = !it;
  if (!it) return;
  const own = state.findings.filter(({ entry }) => entry === open);
  find("#entry-title").textContent = it.symptom;
  find("#entry-place").textContent = `${it.file}:${it.line}`;
  find("#entry-findings").replaceChildren(...own.map((it) => finding(it, true)));
  if (!own.length) find("#entry-findings").append(make("li", { className: "fine", textContent: "Nothing is wrong with it." }));
}

// --- a search with its reasons ---

const KINDS = { unknown: "not known here", "stop-word": "says little", filler: "says little about a problem", request: "asks for something to be done" };

async function explain() {
  const query = find("#query").value;
  const turn = ++asked;
  clearTimeout(keeping);
  keeping = setTimeout(keep, PAUSE, "q", query);
  if (!query.trim() || !state?.shown) return showExplained();
  const asking = new URLSearchParams({ q: query, audience: find("#audience").value, lang: find("#lang").value });
  const answer = await fetch(`./search.json?${asking}`).then((it) => (it.ok ? it.json() : undefined), () => undefined);
  if (turn === asked) showExplained(answer);
}

function verdict({ answers, is_clear: isClear, confidence, words, nearest }) {
  if (!words.length) return "There is no word in it.";
  if (answers) return `${number(answers, "answer", "answers")}, confidence ${confidence}${isClear ? ": so clear that the first opens by itself" : ""}.`;
  if (!nearest.length) return "No match: no entry has any of it.";
  return `No match: confidence ${confidence}, and an answer needs more than 0.`;
}

function showExplained(it) {
  find("#verdict").textContent = it ? verdict(it) : "";
  find("#words").replaceChildren(...(it?.words ?? []).map(word));
  find("#hits").replaceChildren(...(it?.nearest ?? []).map(hit));
}

function word({ word, kind, weight, stands_for: stood }) {
  const item = make("li", { className: kind }, make("b", { textContent: word }));
  const about = [KINDS[kind], weight > 1 && `weight ${weight}`, stood.length && !(stood.length === 1 && stood[0] === word) && `stands for ${stood.join(", ")}`];
  const text = about.filter(Boolean).join("; ");
  if (text) item.append(` ${text}`);
  return item;
}

function hit(it) {
  const button = make("button", { type: "button", textContent: it.symptom, onclick: () => show(it.id) });
  const mark = it.is_answer ? "answer" : it.is_near ? "perhaps meant" : "no answer";
  const head = make("p", { className: "head" }, button, " ", make("span", { className: it.is_answer ? "mark answer" : "mark", textContent: mark }), " ", make("span", { className: "score", textContent: `score ${it.score}` }));
  const rows = it.has.map(({ word, weight, places }) => make("tr", {}, make("th", { scope: "row", textContent: word }), make("td", { textContent: weight }), make("td", { textContent: places.join(", ") })));
  const heads = ["Word", "Weight", "Found in"].map((name) => make("th", { scope: "col", textContent: name }));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
  const title = it.alias ? `alias “${it.alias}”` : "symptom";
  const inTitle = it.best_title === null ? "none in its symptom and aliases" : `${it.asked_in_title} % in its ${title}, of which ${it.title_in_query} % is in the search`;
  const shares = `${it.asked} % of the search is in it, ${inTitle}`;
  const facts = [
    `Confidence ${it.confidence}: ${shares}.`,
    it.lacks.length && `It lacks ${it.lacks.join(", ")}.`,
    it.request_unmet && "The search asks for something that its titles do not speak of.",
    it.contained && "All of the search is in its symptom.",
  ];
  return make("li", {}, head, make("p", { className: "muted", textContent: it.area }), table, make("p", { className: "facts", textContent: facts.filter(Boolean).join(" ") }));
}

// --- what the server says ---

function showState() {
  const { title, entries, languages, errors, folder, shown, version, unreadable } = state;
  document.title = `${errors || unreadable ? "(!) " : ""}${title ?? "Preview"}: preview`;
  find("#title").textContent = title ?? "Preview";
  find("#status").textContent = `${folder ?? ""}: ${number(entries ?? 0, "entry", "entries")}, read at ${state.time.toLocaleTimeString()}`;
  const isBehind = Boolean(unreadable) || shown !== version;
  const behind = find("#behind");
  behind.hidden = !isBehind;
  behind.textContent = unreadable ? `It cannot be read: ${unreadable}` : `${number(errors, "error keeps", "errors keep")} it from being built${shown ? ": this is the last version without errors" : ""}.`;
  const select = find("#lang");
  const wanted = select.value || chosen.get("lang");
  select.replaceChildren(...(languages ?? []).map((it) => make("option", { value: it, textContent: it })));
  if (languages?.includes(wanted)) select.value = wanted;
}

async function refresh() {
  const told = await fetch("./state.json").then((it) => it.json(), () => undefined);
  // Two saves in a row: the answers may come in another order.
  if (!told || (state && told.version < state.version)) return;
  const isNew = told.version !== state?.version;
  state = { findings: [], places: {}, errors: 0, ...told, time: isNew ? new Date() : state.time };
  showState();
  if (!isNew) return;
  showFindings();
  place();
  showEntry();
  explain();
}

/** Hears of each version. A page that nobody sees gives its connection away: a browser has six for a server. */
let events;
function listen() {
  events?.close();
  if (document.hidden) return;
  events = new EventSource("./events");
  events.addEventListener("message", refresh);
  events.addEventListener("error", () => (find("#status").textContent = "The server cannot be reached: is it still running?"));
}
document.addEventListener("visibilitychange", listen);
listen();
