// Tabs: remembers which way (console, CLI, Terraform…) a person chose last in <fieldset data-tabs="name">.
(() => {
  "use strict";
  const key = (tabs) => `tabs:${tabs.dataset.tabs}`;
  const kept = (tabs) => {
    try {
      return window.localStorage.getItem(key(tabs));
    } catch {
      return null; // storage is switched off: the first tab opens
    }
  };
  const keep = (tabs, value) => {
    try {
      window.localStorage.setItem(key(tabs), value);
    } catch {
      // storage is switched off: the choice holds for this page
    }
  };
  const restore = () => {
    for (const tabs of document.querySelectorAll("fieldset[data-tabs]")) {
      const value = kept(tabs);
      for (const input of tabs.querySelectorAll(":scope > .tab-input")) if (input.value === value) input.checked = true;
    }
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches(".tab-input")) keep(event.target.closest("fieldset[data-tabs]"), event.target.value);
  });
  document.addEventListener("DOMContentLoaded", restore);
  document.addEventListener("htmx:afterSettle", restore);
})();
