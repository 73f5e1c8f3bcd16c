// Suggestions below a field: the combobox of WAI-ARIA 1.2 with a list of groups. Without this the form sends the words.
// data-combobox is an address that answers ?q=<words> with elements of role=option and, in data-said, how many there
// are. An option that is a link leads there. One with data-value puts data-shown into the field, and its value is sent
// for the words until somebody changes them; a field that has both attributes begins so.

const SHORTEST = 2;
const PAUSE_MS = 200;
function withAttributes(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function combobox(field) {
  const [list, status, chosen] = ["div", "p", "input"].map((name) => document.createElement(name));
  let active, question, waiting, shownFor;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const words = () => field.value.trim();
  const mark = (option) => {
    active?.setAttribute("aria-selected", "false");
    field.removeAttribute("aria-activedescendant");
    active = option;
    if (!active) return;
    active.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  };
  const show = (isOpen) => {
    mark();
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", isOpen);
  };
  // No answer that is still on its way changes what is shown now.
  const waitNoMore = () => {
    clearTimeout(waiting);
    question?.abort();
    question = undefined;
  };
  const close = () => {
    waitNoMore();
    show(false);
  };
  const fill = (html, asked) => {
    list.innerHTML = html;
    shownFor = asked;
    options().forEach((option, number) => (option.id = `${list.id}-${number}`));
    const said = list.querySelector("[data-said]");
    status.textContent = said?.textContent.trim() ?? "";
    said?.remove();
    show(options().length > 0 && document.activeElement === field);
  };
  // The list stays as it is until the answer is there, so that nothing flickers.
  const ask = async () => {
    waitNoMore();
    const asked = words();
    if ([...asked].length < SHORTEST) return fill("", asked);
    const own = (question = new AbortController());
    const address = `${field.dataset.combobox}?q=${encodeURIComponent(asked)}`;
    const answer = await fetch(address, { signal: own.signal }).catch(() => null);
    const html = answer?.ok ? await answer.text().catch(() => "") : "";
    if (question === own) fill(html, asked);
  };
  const move = async (step) => {
    if (list.hidden && shownFor !== words()) await ask();
    else waitNoMore();
    if (list.hidden && shownFor === words()) show(options().length > 0);
    const all = options();
    const from = active ? all.indexOf(active) : step > 0 ? -1 : all.length;
    if (step && !list.hidden) mark(all.at((from + step) % all.length));
  };
  const take = ({ value, shown }) => {
    field.value = shown;
    chosen.value = value;
    field.removeAttribute("name");
    field.after(chosen);
  };

  field.addEventListener("keydown", (event) => {
    const { key } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const isArrow = key === "ArrowDown" || key === "ArrowUp";
    const closes = key === "Enter" || key === "Escape" || (key === "ArrowUp" && event.altKey);
    if (isArrow || (key === "Enter" && active) || (key === "Escape" && !list.hidden)) event.preventDefault();
    if (key === "Enter") active?.click();
    if (closes) close();
    else if (isArrow) move(event.altKey ? 0 : key === "ArrowDown" ? 1 : -1);
    else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(key)) mark();
  });
  field.addEventListener("input", () => {
    if (chosen.isConnected) field.name = chosen.name;
    chosen.remove();
    // Not before: an empty status would be one more on each page.
    if (!status.isConnected) list.after(status);
    mark();
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  });
  field.addEventListener("blur", close);
  // A press on the list leaves the focus in the field.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-value]");
    if (!option) return;
    take(option.dataset);
    status.textContent = option.dataset.shown;
    close();
  });
  window.addEventListener("pagehide", close);

  withAttributes(list, { id: `${field.id}-list`, role: "listbox", class: "suggested", "aria-label": field.labels[0].textContent });
  withAttributes(status, { role: "status", class: "sr" });
  withAttributes(chosen, { type: "hidden", name: field.name });
  // The browser's own list of known words would lie over this one.
  field.removeAttribute("list");
  withAttributes(field, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id });
  field.parentElement.append(list);
  if (field.dataset.value) take(field.dataset);
  show(false);
}

document.querySelectorAll("[data-combobox]").forEach(combobox);
