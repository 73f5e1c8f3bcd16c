// Keys of moderation: one key does what the part with that data-key does, never while something is typed. Ready words go
// into the note without a new page, and an answer that needs a note asks for it before it is sent. All of it works
// without this, by the buttons.

const form = document.querySelector("[data-decide]");
const note = form?.querySelector("textarea");
const help = form?.querySelector("[data-note-help]");
let sent = false;

const isTyping = (target) =>
  target.isContentEditable ||
  target.matches("textarea, select") ||
  (target.matches("input") && !["checkbox", "radio", "submit", "button"].includes(target.type));

const use = (part) => {
  if (part.matches("textarea, select")) {
    part.focus();
  } else if (part.matches("details")) {
    part.open = !part.open;
    if (part.open) part.scrollIntoView({ block: "nearest" });
  } else {
    part.click();
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape" && isTyping(event.target)) {
    event.target.blur();
    return;
  }
  if (isTyping(event.target)) return;
  const part = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!part) return;
  event.preventDefault();
  // A key that is held down decides about one thing, not about all that follow.
  if (!event.repeat) use(part);
});

for (const button of form?.querySelectorAll("[data-text]") ?? []) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    note.value = [note.value.trimEnd(), button.dataset.text].filter(Boolean).join("\n\n");
    note.dispatchEvent(new Event("input"));
  });
}

note?.addEventListener("input", () => help.classList.remove("errornote"));

form?.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("data-needs-note") && !note.value.trim()) {
    event.preventDefault();
    help.classList.add("errornote");
    note.focus();
  } else if (sent) {
    event.preventDefault();
  } else {
    sent = true;
  }
});

// Coming back by the browser's button shows the page as it was left.
addEventListener("pageshow", () => {
  sent = false;
});
