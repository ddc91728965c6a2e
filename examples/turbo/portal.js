// Turbo follows links by swapping the body; this script stays.
import "./turbo.js";

// They bubble, so one listener hears every element that comes.
document.addEventListener("unstuck-escalated", (event) => {
  // Your ticket system takes it from here.
  event.preventDefault();
  event.target.after(`Ticket about ${event.detail.id}`);
});

// What a page has to set is set on each that comes.
function equip() {
  for (const help of document.querySelectorAll("unstuck-help")) {
    help.contacts = { support: { label: "Portal support", href: "/contact" } };
  }
}

document.addEventListener("turbo:load", equip);
