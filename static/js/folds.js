// Folds: a <details id> that the reader opened or closed stays so when the part of the page that holds it is replaced.
(() => {
  "use strict";
  const chosen = new Map();
  // The click, not the toggle event: that one also comes for what the server opened.
  document.addEventListener("click", (event) => {
    const fold = event.target.closest("summary")?.parentElement;
    if (fold?.matches("details[id]")) chosen.set(fold.id, !fold.open);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const [id, open] of chosen) {
      const fold = document.getElementById(id);
      if (fold) fold.open = open;
    }
  });
})();
