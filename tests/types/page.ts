// How a page in TypeScript uses the element: everything here compiles, and what
// must not is marked.
import { UnstuckHelp, type UnstuckErrorCode, type UnstuckHit } from "../../dist/element.js";
import "../../dist/unstuck.js";

UnstuckHelp.define();
UnstuckHelp.define("other-help", customElements);

const help = document.querySelector("unstuck-help");
if (help) {
  help.area = "billing";
  help.mode = "panel";
  help.private = true;
  help.headingLevel = 3;
  help.watch = null;
  help.contacts = { support: { label: "Desk", href: "mailto:desk@example.org" }, admin: null };
  help.context = { account: "A-17", seats: 4 };
  help.messages = { launcher: "Stuck?" };
  help.kbData = new ArrayBuffer(8);
  help.kbData = { format: 2, areas: [{ id: "calls", title: "Calls" }], entries: [{ id: "calls-no-sound", area: 0, symptom: "No sound", steps: [{ text: "Unmute." }] }] };
  // @ts-expect-error entries have a symptom
  help.kbData = { format: 2, areas: [], entries: [{ id: "calls-no-sound", area: 0, steps: [] }] };
  // @ts-expect-error not one of the modes
  help.mode = "modal";
  // @ts-expect-error no such message
  help.messages = { lanucher: "Stuck?" };
  // @ts-expect-error a promise
  help.ready = undefined;
  // @ts-expect-error a contact is an object
  help.contacts = { support: "Desk" };

  const hits: Promise<UnstuckHit[]> = help.search("charged twice", { area: "billing", limit: 3 });
  const hit: Promise<UnstuckHit | null> = help.suggest("401");
  const opened: Promise<void> = help.openEntry("billing-charged-twice");
  const ready: Promise<UnstuckHelp> = help.ready;
  void [hits, hit, opened, ready, help.open(), help.close(), help.toggle(), help.reset()];
  // @ts-expect-error the text is wanted
  void help.search();

  help.addEventListener("unstuck-escalated", (event) => {
    event.preventDefault();
    const { contact, summary }: { contact: string | null; summary: string } = event.detail;
    void [contact, summary, this];
  });
  help.addEventListener("click", (event) => event.clientX);
  // @ts-expect-error the detail has no such member
  help.addEventListener("unstuck-toggled", (event) => event.detail.isOpen);
}

document.addEventListener("unstuck-error", ({ detail }) => {
  const code: UnstuckErrorCode = detail.code;
  if (code === "kb-not-found") console.log(detail.message);
});
document.createElement("unstuck-help").loading = "eager";
