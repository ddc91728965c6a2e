// An answer or a guide on paper.

/** Prints what is open in a shadow root, and nothing else of the page. */
export function print(widget) {
  const open = widget.querySelector("[data-open]");
  if (!open) return;
  for (const it of document.querySelectorAll(".unstuck-print")) it.remove();
  const sheet = document.createElement("div");
  const hidden = new CSSStyleSheet();
  hidden.replaceSync("@media print{body{display:none!important}}@media screen{.unstuck-print{display:none}}");
  sheet.className = "unstuck-print";
  const root = sheet.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = widget.adoptedStyleSheets;
  const body = document.createElement("div");
  body.className = "body";
  body.append(open.cloneNode(true));
  // A clone has the attributes of a checkbox, and not whether it is ticked.
  const ticks = open.querySelectorAll(".tick");
  body.querySelectorAll(".tick").forEach((it, i) => (it.checked = ticks[i].checked));
  // On paper nothing is loaded when it comes into sight.
  for (const it of body.querySelectorAll("img")) it.loading = "eager";
  root.append(body);
  document.documentElement.append(sheet);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, hidden];
  addEventListener("afterprint", () => {
    sheet.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((it) => it !== hidden);
  }, { once: true });
  globalThis.print();
}
