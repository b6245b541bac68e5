// Infrastructure: choosing another region looks at it at once; a proposed range is put into its field; the field says whether it is right.
// Without this the buttons do the same with a page load.
(() => {
  "use strict";
  const cidr = () => document.getElementById("id_cidr");
  document.addEventListener("change", (event) => {
    const select = event.target;
    if (select.id !== "id_region" || select.value === select.dataset.shown) return;
    const look = document.getElementById("look");
    if (look) select.form.requestSubmit(look);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=use_cidr]");
    const field = cidr();
    if (!button || !field) return;
    event.preventDefault();
    field.value = button.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  document.addEventListener("htmx:afterSettle", () => {
    const field = cidr();
    if (field) field.setAttribute("aria-invalid", String(document.querySelector("#cidr-messages .invalid-feedback") !== null));
  });
})();
