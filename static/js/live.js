// Parts of a page that follow what is typed or chosen: the answer of data-live, asked with the inputs named in
// data-live-from (and those of data-live-with), goes into data-live-into. Without this the forms' buttons do the same.

for (const part of document.querySelectorAll("[data-live]")) {
  const into = part.querySelector("[data-live-into]");
  const form = part.closest("form");
  const from = part.dataset.liveFrom.split(" ");
  const atFirst = into.innerHTML;
  const keeps = !part.hasAttribute("data-live-always");
  let asked = "";
  let waiting = 0;
  part.querySelector("[data-live-button]")?.setAttribute("hidden", "");

  const ask = async () => {
    const data = new FormData(form);
    const query = new URLSearchParams();
    for (const name of from.concat(part.dataset.liveWith?.split(" ") ?? [])) {
      query.append(name, data.get(name) ?? "");
    }
    const words = query.toString();
    if (words === asked) return;
    asked = words;
    if (keeps && from.every((name) => !String(data.get(name) ?? "").trim())) {
      into.innerHTML = atFirst;
      return;
    }
    const address = part.dataset.live + (part.dataset.live.includes("?") ? "&" : "?") + words;
    try {
      const answer = await fetch(address, { headers: { "X-Live": "yes" } });
      // What was typed since has its own answer on the way.
      if (answer.ok && asked === words) into.innerHTML = await answer.text();
    } catch {
      asked = "";
    }
  };
  const soon = (event) => {
    if (!from.includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 250);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
}
