// Drafts: what is typed into <form data-draft="name"> survives a reload of the tab. Secrets, files and hidden fields are never kept;
// neither is a field marked data-draft-skip. Once the form was sent and the server has answered, the server's values rule and the draft is
// dropped; it is kept where the answer is the sign-in page (the session had ended) or an error page, so that going back restores it.
(() => {
  "use strict";
  const store = () => {
    try {
      return window.sessionStorage;
    } catch {
      return null; // storage is switched off: nothing is kept
    }
  };
  const KEPT = "input:not([type=password], [type=hidden], [type=file], [type=submit], [autocomplete=one-time-code]), textarea, select";
  const fields = (form) =>
    [...form.querySelectorAll(KEPT)].filter((field) => field.name && !field.closest("[data-draft-skip]"));
  const key = (form) => `draft:${window.location.pathname}:${form.dataset.draft}`;
  const toggles = (field) => field.type === "checkbox" || field.type === "radio";
  const value = (field) => (toggles(field) ? field.checked : field.value);
  const name = (field) => (toggles(field) ? `${field.name}=${field.value}` : field.name);

  const save = (form) => {
    const typed = Object.fromEntries(fields(form).map((field) => [name(field), value(field)]));
    store()?.setItem(key(form), JSON.stringify(typed));
  };
  const fill = (field, kept) => {
    if (toggles(field)) field.checked = kept;
    else field.value = kept;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const restore = (form) => {
    const kept = store()?.getItem(key(form));
    if (!kept) return;
    const typed = JSON.parse(kept);
    for (const field of fields(form)) {
      if (name(field) in typed && typed[name(field)] !== value(field)) fill(field, typed[name(field)]);
    }
  };
  const dropSent = () => {
    const sent = store()?.getItem("draft-sent");
    if (!sent) return;
    store().removeItem("draft-sent");
    if (!document.querySelector(".entrance, .error-page")) store().removeItem(sent);
  };
  document.addEventListener("DOMContentLoaded", () => {
    dropSent();
    document.querySelectorAll("form[data-draft]").forEach(restore);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (form) save(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (form) store()?.setItem("draft-sent", key(form));
  });
})();
