// The field for photos says how many were chosen; without this the browser's own control does.

for (const label of document.querySelectorAll("[data-chosen]")) {
  const input = label.control;
  const words = label.textContent;
  input?.addEventListener("change", () => {
    const count = input.files.length;
    label.textContent = count ? `${label.dataset.chosen} ${count}` : words;
  });
}

// A form within a line marked data-swap is sent without leaving the page: the answer is the line as it is now. The
// server knows such a request by X-Live; when it cannot be asked, the form is sent as without this.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const line = form.closest("[data-swap]");
  if (!line) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const wasOpen = line.querySelector("details")?.open;
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body: data, headers: { "X-Live": "yes" } });
    if (!answer.ok) throw new Error(answer.status);
    const id = line.id;
    line.outerHTML = await answer.text();
    const fresh = document.getElementById(id);
    const more = fresh.querySelector("details");
    if (wasOpen && more) more.open = true;
    const pressed = event.submitter;
    const again = pressed?.name === "units" ? fresh.querySelector(`button[name=units][value="${pressed.value}"]`) : null;
    (again ?? fresh.querySelector("[name=units]:not([disabled])"))?.focus();
  } catch {
    HTMLFormElement.prototype.submit.call(withPressed(form, event.submitter));
  }
});

function withPressed(form, button) {
  if (button?.name) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = button.name;
    input.value = button.value;
    form.append(input);
  }
  return form;
}
