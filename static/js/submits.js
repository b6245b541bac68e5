// Submits: a form is sent once. Its buttons rest until the answer comes, at most PATIENCE; the server holds the same promise by a one-time
// key. A form that may be sent again at once (a download) carries data-repeatable.
(() => {
  "use strict";
  const PATIENCE = 20000; // milliseconds
  const buttons = (form) => [...form.elements].filter((element) => element.type === "submit");
  const rest = (form, resting) => {
    form.toggleAttribute("data-sending", resting);
    form.setAttribute("aria-busy", String(resting));
    for (const button of buttons(form)) button.setAttribute("aria-disabled", String(resting));
  };
  // aria-disabled and not disabled: a disabled button would not be sent with the form.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-repeatable")) return;
    if (form.hasAttribute("data-sending")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    window.setTimeout(() => {
      if (event.defaultPrevented && !form.hasAttribute("hx-post")) return;
      rest(form, true);
      window.setTimeout(() => rest(form, false), PATIENCE);
    }, 0);
  }, true);
  const wake = () => document.querySelectorAll("form[data-sending]").forEach((form) => rest(form, false));
  window.addEventListener("pageshow", wake);
  document.addEventListener("htmx:afterRequest", wake);
})();
