// Theme: the system's, unless the person chose the other one here. Loaded blocking in <head>, so that nothing flashes.
(() => {
  "use strict";
  const KEY = "theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  const chosen = () => {
    try {
      const kept = window.localStorage.getItem(KEY); // Django's admin keeps its choice under the same key: light, dark or auto
      return kept === "light" || kept === "dark" ? kept : null;
    } catch {
      return null; // storage is switched off: the system's theme serves
    }
  };
  const remember = (theme) => {
    try {
      if (theme === null) window.localStorage.removeItem(KEY);
      else window.localStorage.setItem(KEY, theme);
    } catch {
      // storage is switched off: the choice holds for this page
    }
  };
  const ofSystem = () => (system.matches ? "dark" : "light");
  const show = (theme) => root.setAttribute("data-bs-theme", theme);

  root.dataset.js = "";
  show(chosen() ?? ofSystem());
  system.addEventListener("change", () => {
    if (chosen() === null) show(ofSystem());
  });
  window.addEventListener("storage", (event) => {
    if (event.key === KEY) show(chosen() ?? ofSystem());
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-switch]")) button.hidden = false;
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    remember(next === ofSystem() ? null : next);
    show(next);
  });
})();
