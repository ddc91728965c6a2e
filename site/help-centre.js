// Where the widget runs, the links of the page lead into it instead of to the
// page with all answers.
const help = document.querySelector("unstuck-help");

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-area], a[data-entry]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  try {
    await customElements.whenDefined("unstuck-help");
    await help.ready;
    if (link.dataset.entry) await help.openEntry(link.dataset.entry);
    else {
      help.reset();
      help.area = link.dataset.area;
    }
  } catch {
    // It cannot run here: the page with all answers can.
    location.href = link.href;
    return;
  }
  help.scrollIntoView();
  help.focus();
});
