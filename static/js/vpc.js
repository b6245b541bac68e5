// Lists to choose from: typing in a search field leaves what matches; what is ticked always stays in sight.
(() => {
  "use strict";
  const narrow = (field) => {
    const list = document.getElementById(field.dataset.filter);
    if (!list) return;
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of list.children) {
      const ticked = row.querySelector("input:checked") !== null;
      const fits = words.every((word) => row.dataset.words.includes(word));
      row.hidden = !(fits || ticked);
      if (!row.hidden) shown += 1;
    }
    const empty = document.querySelector(`[data-filter-empty="${field.dataset.filter}"]`);
    if (empty) empty.hidden = shown > 0;
  };
  let kept = "";
  document.addEventListener("input", (event) => {
    if (!event.target.dataset.filter) return;
    if (event.target.id === "subnet-filter") kept = event.target.value;
    narrow(event.target);
  });
  document.addEventListener("htmx:afterSettle", () => {
    const field = document.getElementById("subnet-filter");
    if (!field || !kept || field.value) return;
    field.value = kept;
    narrow(field);
  });
  // Whoever reads a remedy, writes in a field or searches is not disturbed by a look that brings nothing they asked for.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id !== "vpc-live") return;
    const at = document.activeElement;
    if (at && event.target.contains(at) && at.matches("input[type=search], textarea")) event.preventDefault();
  });
})();
