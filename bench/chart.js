// Times as dots, a dot an engine, a panel a corpus or a question, on a
// logarithmic scale that all panels share. The pictures have a ground of their
// own, so that they can be read wherever they are shown.
import { ENGINES } from "./engines.js";
import { figures, ms } from "./report.js";

const [WIDTH, LEFT, RIGHT, ROW, HEAD, FOOT] = [760, 230, 90, 22, 34, 44];

/** The 95th percentile of the query time. */
export function queryChart(tables) {
  const panels = tables.map(({ title, engines }) => ({
    title,
    dots: ENGINES.map(({ id, name }) => ({ name, isOurs: id === "unstuck", value: figures(engines.get(id)).p95 })),
  }));
  return chart(panels, { title: "Query time, 95th percentile, by engine and number of entries", caption: "Query time, 95th percentile" });
}

/** What it takes until a person can search. */
export function startupChart({ contenders }) {
  const panel = (title, key) => ({
    title,
    dots: contenders.map((it) => ({ name: it.name.replace(/`/g, ""), isOurs: it.isOurs, value: it[key] })),
  });
  const panels = [panel("First answer to who types at once", "first"), panel("Main thread until then", "thread")];
  return chart(panels, { title: "Time from navigation to the first answer, and time of the main thread, by interface", caption: "Time" });
}

function chart(rows, { title, caption }) {
  const all = rows.flatMap((it) => it.dots.map((dot) => dot.value));
  const count = Math.max(...rows.map((it) => it.dots.length));
  const [from, to] = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))];
  const x = (value) => round(LEFT + ((Math.log10(value) - from) / (to - from)) * (WIDTH - LEFT - RIGHT));
  const panel = HEAD + count * ROW;
  const bottom = 30 + rows.length * panel;
  const height = bottom + FOOT;

  const ticks = Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at));
  const grid = ticks.map((it) => `<path class="grid" d="M${x(it)} 52V${bottom}"/><text class="quiet" text-anchor="middle" x="${x(it)}" y="${bottom + 18}">${ms(it)}</text>`);
  const panels = rows.map(({ title, dots }, at) => {
    const top = 30 + at * panel;
    const lines = dots.map(({ name, isOurs, value }, row) => {
      const y = top + HEAD + row * ROW;
      const kind = isOurs ? "ours" : "theirs";
      return `<text class="${kind} label" text-anchor="end" x="${LEFT - 12}" y="${y + 4}">${name}</text><path class="line" d="M${LEFT} ${y}H${x(value)}"/><circle class="${kind}" cx="${x(value)}" cy="${y}" r="5"/><text class="${kind} label" x="${x(value) + 10}" y="${y + 4}">${ms(value)}</text>`;
    });
    return `<text class="title" x="16" y="${top + 14}">${title}</text>${lines.join("\n")}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
<title id="title">${title}</title>
<style>
svg { --ground: #fff; --ink: #1f2328; --quiet: #59636e; --grid: #d9dee3; --ours: #0a58ca; --theirs: #6e7781 }
@media (prefers-color-scheme: dark) { svg { --ground: #0d1117; --ink: #e6edf3; --quiet: #9da7b1; --grid: #30363d; --ours: #6cb0ff; --theirs: #9da7b1 } }
rect { fill: var(--ground) } .grid { stroke: var(--grid) } .line { stroke: var(--grid); stroke-width: 2 }
text { font: 13px system-ui, sans-serif; fill: var(--ink) } .title { font-weight: 600 } text.quiet { fill: var(--quiet); font-size: 12px }
circle.ours { fill: var(--ours) } circle.theirs { fill: var(--theirs) } text.ours { fill: var(--ours); font-weight: 600 }
</style>
<rect width="${WIDTH}" height="${height}" rx="8"/>
<text x="16" y="20" class="quiet">${caption}, logarithmic: further left is faster</text>
${grid.join("\n")}
${panels.join("\n")}
</svg>
`;
}

function round(it) {
  return Math.round(it * 10) / 10;
}
