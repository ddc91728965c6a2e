import { useState } from "react";
import { Help } from "./Help";

const AREAS = { billing: "Billing", calls: "Calls" };
const CONTACTS = { support: { label: "Portal support", href: "/contact" } };

/** A portal of two views, with help beside each. */
export function App() {
  const [view, setView] = useState<keyof typeof AREAS>("billing");
  const [isShown, setShown] = useState(true);
  const [news, setNews] = useState("");
  return (
    <main className="width">
      <h1>{AREAS[view]}</h1>
      <p>
        {(["billing", "calls"] as const).map((it) => (
          <button key={it} type="button" onClick={() => setView(it)}>
            {AREAS[it]}
          </button>
        ))}
        <button type="button" onClick={() => setShown(!isShown)}>
          {isShown ? "Hide help" : "Show help"}
        </button>
      </p>
      <p role="status">{news}</p>
      {isShown && (
        <Help
          id="help"
          kb="/kb"
          area={view}
          contacts={CONTACTS}
          context={{ view }}
          onResolved={({ detail }) => setNews(`Solved: ${detail.id}`)}
          onEscalated={(event) => {
            // Your ticket system takes it from here.
            event.preventDefault();
            setNews(`Ticket about ${event.detail.id} in ${event.detail.context["view"]}`);
          }}
        >
          <a href="/kb/customer.html">All answers on one page</a>
        </Help>
      )}
    </main>
  );
}
