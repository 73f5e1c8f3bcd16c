// The card with which a page is shared: copies its address, and opens the phone's own list of ways where there is one.

for (const card of document.querySelectorAll("[data-tell]")) {
  const field = card.querySelector("input");
  const copy = card.querySelector("[data-tell-copy]");
  const share = card.querySelector("[data-tell-share]");
  const said = card.querySelector("[data-tell-said]");

  field.addEventListener("focus", () => field.select());
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Not allowed here, or no secure page: as browsers did it before.
      field.select();
      if (!document.execCommand("copy")) return;
    }
    said.textContent = said.dataset.words;
  });

  if (navigator.share) {
    share.hidden = false;
    share.addEventListener("click", () => {
      // Who closes the list has chosen nothing, which is no fault.
      navigator.share({ title: share.dataset.title, url: field.value }).catch(() => {});
    });
  }
}
