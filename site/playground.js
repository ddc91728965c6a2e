// The playground: a control for each attribute and custom property that
// custom-elements.json names, what the element says, and the HTML for it.

const find = (selector) => document.querySelector(selector);
const help = find("#help");
const stage = find("#stage");
const form = find("#controls");
const error = find("#error");

/** What the page began with, as the controls show it. */
const BEGINNING = { watch: "#error" };

const { attributes, cssProperties, events } = (await (await fetch(new URL("../custom-elements.json", import.meta.url))).json()).modules[0].declarations[0];

function make(tag, properties = {}, ...children) {
  const it = Object.assign(document.createElement(tag), properties);
  it.append(...children);
  return it;
}

/** A labelled control with a line about it. */
function field(name, control, { description, default: usual }) {
  control.id = `control-${name}`;
  control.name = name;
  const hint = make("span", { className: "hint", id: `hint-${name}`, textContent: (usual ? `${description}; default: ${usual}` : description).replaceAll("`", "") });
  control.setAttribute("aria-describedby", hint.id);
  const label = make("label", { htmlFor: control.id }, name);
  return control.type === "checkbox" ? make("p", { className: "field" }, make("label", {}, control, ` ${name}`), hint) : make("p", { className: "field" }, label, control, hint);
}

/** The control that fits the values of an attribute. */
function controlOf({ name, type: { text } }) {
  if (text === "boolean") return make("input", { type: "checkbox" });
  const values = text.split("|").map((it) => it.trim().replaceAll('"', ""));
  if (values.length === 1) return make("input", { type: "text", autocomplete: "off", spellcheck: false, defaultValue: BEGINNING[name] ?? "" });
  const select = make("select");
  for (const it of ["", ...values]) select.append(make("option", { value: it, textContent: it || "(not set)" }));
  return select;
}

for (const it of attributes) {
  const control = controlOf(it);
  control.dataset.attribute = it.name;
  find("#attributes").append(field(it.name, control, it));
}

for (const it of cssProperties) {
  const isColor = it.syntax === "<color>";
  const control = make("input", isColor ? { type: "color", defaultValue: "#808080" } : { type: "text", autocomplete: "off", spellcheck: false });
  control.dataset.property = it.name;
  find("#properties").append(field(it.name, control, it));
}

/** Custom properties that were set; a colour field has a colour before anybody chooses one. */
const chosen = new Map();

form.addEventListener("input", ({ target }) => {
  const { attribute, property } = target.dataset;
  if (attribute) {
    const isSet = target.type === "checkbox" ? target.checked : target.value !== "";
    if (isSet) help.setAttribute(attribute, target.type === "checkbox" ? "" : target.value);
    else help.removeAttribute(attribute);
  }
  if (property) {
    if (target.value) chosen.set(property, target.value);
    else chosen.delete(property);
    help.style.setProperty(property, target.value);
  }
  place();
  write();
});

form.addEventListener("submit", (event) => event.preventDefault());

form.addEventListener("reset", () => {
  for (const { name } of attributes) {
    if (name in BEGINNING) help.setAttribute(name, BEGINNING[name]);
    else help.removeAttribute(name);
  }
  for (const it of chosen.keys()) help.style.removeProperty(it);
  chosen.clear();
  error.textContent = "";
  help.reset();
  // The controls are as they were only after this.
  setTimeout(() => {
    place();
    write();
  });
});

/** What the page around the element is like. */
function place() {
  stage.style.colorScheme = find("#dark").checked ? "dark" : "";
  stage.dir = find("#rtl").checked ? "rtl" : "";
  help.style.inlineSize = find("#narrow").checked ? "240px" : "";
}

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** The HTML of the element as it is. */
function write() {
  const set = attributes.filter(({ name }) => help.hasAttribute(name)).map(({ name }) => [name, help.getAttribute(name)]);
  const tag = ["unstuck-help", ...set.map(([name, value]) => (value === "" ? name : `${name}="${escape(value)}"`))].join(" ");
  const style = [...chosen].map(([name, value]) => `  ${name}: ${value};\n`).join("");
  find("#html").textContent = [
    '<link rel="modulepreload" href="/unstuck/element.js">',
    '<script type="module" async src="/unstuck/unstuck.js"></script>',
    `<${tag}></unstuck-help>`,
    ...(style ? [`\n/* in a stylesheet of yours */\nunstuck-help {\n${style}}`] : []),
  ].join("\n");
}

find("#copy").addEventListener("click", async () => {
  const copied = await navigator.clipboard.writeText(find("#html").textContent).then(() => "Copied.", () => "This browser did not allow copying: select the text above.");
  find("#copied").textContent = copied;
});

find("#show-error").addEventListener("click", () => (error.textContent = find("#error-text").value));
find("#clear-error").addEventListener("click", () => (error.textContent = ""));

for (const { name } of events) {
  help.addEventListener(name, (event) => {
    const time = new Date().toLocaleTimeString();
    find("#events").prepend(make("p", { textContent: `${time}  ${name}  ${JSON.stringify(event.detail)}` }));
  });
}
find("#clear-events").addEventListener("click", () => find("#events").replaceChildren());

// It waited until somebody hears what it says.
help.removeAttribute("loading");
place();
write();
