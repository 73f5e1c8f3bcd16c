// The field for photos says how many were chosen; without this the browser's own control does.

for (const label of document.querySelectorAll("[data-chosen]")) {
  const input = label.control;
  const words = label.textContent;
  input?.addEventListener("change", () => {
    const count = input.files.length;
    label.textContent = count ? `${label.dataset.chosen} ${count}` : words;
  });
}
