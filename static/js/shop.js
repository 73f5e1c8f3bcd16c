// Small helps for forms that work without them: plus and minus, sending when a number or country changes.

// Zero in Devanagari, Thai and Tibetan: who types 2 as \u0968 or \u0f22 gets 3 from plus.
const ZEROS = [0x966, 0xe50, 0xf20];

function plainDigits(text) {
  return text.replace(/[\u0966-\u096f\u0e50-\u0e59\u0f20-\u0f29]/g, (sign) => {
    const code = sign.charCodeAt(0);
    return String(code - ZEROS.find((zero) => code >= zero && code < zero + 10));
  });
}

for (const box of document.querySelectorAll("[data-qty]")) {
  const input = box.querySelector("input");
  const form = box.closest("form");
  for (const button of box.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => {
      const now = Number.parseInt(plainDigits(input.value), 10);
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

// A form that is one button is answered by the button as it stands then, in its place; the focus stays on it.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-swap]");
  if (!form) return;
  event.preventDefault();
  const holder = document.createElement("template");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Live": "yes" },
    });
    if (answer.ok && !answer.redirected) holder.innerHTML = (await answer.text()).trim();
  } catch {
    // The line is bad: the form goes as it would without scripts.
  }
  const next = holder.content.querySelector("form[data-swap]");
  if (!next) {
    form.submit();
    return;
  }
  form.replaceWith(next);
  next.querySelector("button").focus();
});

document.documentElement.classList.add("js");

// An error summary is read first.
document.querySelector(".summary")?.focus();
