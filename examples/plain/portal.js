// A portal of two views, with help beside each.
const help = document.querySelector("unstuck-help");
const heading = document.querySelector("h1");
const status = document.querySelector("[role=status]");
const toggle = document.querySelector("#toggle");

help.contacts = { support: { label: "Portal support", href: "/contact" } };
help.context = { view: "billing" };

for (const button of document.querySelectorAll("button[value]")) {
  button.addEventListener("click", () => {
    heading.textContent = button.textContent;
    help.area = button.value;
    help.context = { view: button.value };
  });
}

toggle.addEventListener("click", () => {
  if (help.isConnected) help.remove();
  else document.querySelector("main").append(help);
  toggle.textContent = help.isConnected ? "Hide help" : "Show help";
});

help.addEventListener("unstuck-resolved", ({ detail }) => (status.textContent = `Solved: ${detail.id}`));

help.addEventListener("unstuck-escalated", (event) => {
  // Your ticket system takes it from here.
  event.preventDefault();
  status.textContent = `Ticket about ${event.detail.id} in ${event.detail.context.view}`;
});
