// Loaded before everything else: keeps what is said, thrown, refused and dispatched.
const recorded = (globalThis.recorded = { said: [], events: [] });

for (const name of ["log", "info", "warn", "error", "debug"]) {
  const { [name]: said } = console;
  console[name] = (...given) => {
    recorded.said.push(`${name}: ${given.join(" ")}`);
    said.apply(console, given);
  };
}
addEventListener("error", (it) => recorded.said.push(`error: ${it.message ?? it.target.tagName}`), true);
addEventListener("unhandledrejection", (it) => recorded.said.push(`rejected: ${it.reason}`));
addEventListener("securitypolicyviolation", (it) => recorded.said.push(`policy: ${it.effectiveDirective} ${it.blockedURI}`));
for (const name of ["ready", "search", "no-match", "entry-opened", "step-done", "resolved", "not-resolved", "escalated", "suggested", "toggled", "error"]) {
  document.addEventListener(`unstuck-${name}`, ({ detail }) => recorded.events.push({ name, detail: JSON.parse(JSON.stringify(detail)) }));
}
