// Small helps for forms that work without them: plus and minus, sending when a number or country changes.

for (const box of document.querySelectorAll("[data-qty]")) {
  const input = box.querySelector("input");
  const form = box.closest("form");
  for (const button of box.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => {
      const now = Number.parseInt(input.value, 10);
      input.value = String(Math.max(1, (Number.isNaN(now) ? 0 : now) + Number(button.dataset.step)));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  if (box.hasAttribute("data-qty-submit")) {
    // Several quick presses become one request.
    let waiting = 0;
    input.addEventListener("change", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => form.requestSubmit(form.querySelector("[data-qty-save]")), 500);
    });
  }
}

for (const select of document.querySelectorAll("[data-submits]")) {
  const button = select.form.querySelector(`[name="${select.dataset.submits}"]`);
  button.hidden = true;
  select.addEventListener("change", () => select.form.requestSubmit(button));
}

document.documentElement.classList.add("js");

// An error summary is read first.
document.querySelector(".summary")?.focus();
