// The 95th percentile of the query time, a dot an engine, a panel a corpus, on
// a logarithmic scale that all panels share. The picture has a ground of its
// own, so that it can be read wherever it is shown.
import { ENGINES } from "./engines.js";
import { figures, ms } from "./report.js";

const [WIDTH, LEFT, RIGHT, ROW, HEAD, FOOT] = [760, 170, 90, 22, 34, 44];

export function chart(tables) {
  const rows = tables.map(({ title, engines }) => ({
    title,
    dots: ENGINES.map(({ id, name }) => ({ id, name, p95: figures(engines.get(id)).p95 })),
  }));
  const all = rows.flatMap((it) => it.dots.map((dot) => dot.p95));
  const [from, to] = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))];
  const x = (value) => round(LEFT + ((Math.log10(value) - from) / (to - from)) * (WIDTH - LEFT - RIGHT));
  const panel = HEAD + ENGINES.length * ROW;
  const bottom = 30 + rows.length * panel;
  const height = bottom + FOOT;

  const ticks = Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at));
  const grid = ticks.map((it) => `<path class="grid" d="M${x(it)} 52V${bottom}"/><text class="quiet" text-anchor="middle" x="${x(it)}" y="${bottom + 18}">${ms(it)}</text>`);
  const panels = rows.map(({ title, dots }, at) => {
    const top = 30 + at * panel;
    const lines = dots.map(({ id, name, p95 }, row) => {
      const y = top + HEAD + row * ROW;
      const kind = id === "unstuck" ? "ours" : "theirs";
      return `<text class="${kind} label" text-anchor="end" x="${LEFT - 12}" y="${y + 4}">${name}</text><path class="line" d="M${LEFT} ${y}H${x(p95)}"/><circle class="${kind}" cx="${x(p95)}" cy="${y}" r="5"/><text class="${kind} label" x="${x(p95) + 10}" y="${y + 4}">${ms(p95)}</text>`;
    });
    return `<text class="title" x="16" y="${top + 14}">${title}</text>${lines.join("\n")}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
<title id="title">Query time, 95th percentile, by engine and number of entries</title>
<style>
svg { --ground: #fff; --ink: #1f2328; --quiet: #59636e; --grid: #d9dee3; --ours: #0a58ca; --theirs: #6e7781 }
@media (prefers-color-scheme: dark) { svg { --ground: #0d1117; --ink: #e6edf3; --quiet: #9da7b1; --grid: #30363d; --ours: #6cb0ff; --theirs: #9da7b1 } }
rect { fill: var(--ground) } .grid { stroke: var(--grid) } .line { stroke: var(--grid); stroke-width: 2 }
text { font: 13px system-ui, sans-serif; fill: var(--ink) } .title { font-weight: 600 } text.quiet { fill: var(--quiet); font-size: 12px }
circle.ours { fill: var(--ours) } circle.theirs { fill: var(--theirs) } text.ours { fill: var(--ours); font-weight: 600 }
</style>
<rect width="${WIDTH}" height="${height}" rx="8"/>
<text x="16" y="20" class="quiet">Query time, 95th percentile, logarithmic: further left is faster</text>
${grid.join("\n")}
${panels.join("\n")}
</svg>
`;
}

function round(it) {
  return Math.round(it * 10) / 10;
}
