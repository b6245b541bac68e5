// Elapsed: <span data-since="ISO"> ticks as a duration, <span data-ago="ISO"> as "14 seconds ago". The server's text stands without it.
(() => {
  "use strict";
  const language = document.documentElement.lang || "en";
  const ago = new Intl.RelativeTimeFormat(language, { style: "short" });
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const unit = (name, count) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" }).format(count);

  const seconds = (iso) => Math.max(0, Math.floor((Date.now() - Date.parse(iso)) / 1000));
  const duration = (total) => {
    const at = Math.max(0, UNITS.findIndex(([, size]) => total >= size));
    const [name, size] = total === 0 ? UNITS[3] : UNITS[at];
    const rest = UNITS[UNITS.findIndex(([other]) => other === name) + 1];
    const whole = unit(name, Math.floor(total / size));
    if (!rest) return whole;
    return `${whole} ${unit(rest[0], Math.floor((total % size) / rest[1]))}`;
  };
  const since = (total) => {
    const [name, size] = UNITS.find(([, each]) => total >= each) ?? UNITS[3];
    return ago.format(-Math.floor(total / size), name);
  };
  const write = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };
  const tick = () => {
    for (const element of document.querySelectorAll("[data-since]")) write(element, duration(seconds(element.dataset.since)));
    for (const element of document.querySelectorAll("[data-ago]")) write(element, since(seconds(element.dataset.ago)));
  };
  document.addEventListener("DOMContentLoaded", tick);
  document.addEventListener("htmx:afterSettle", tick);
  window.setInterval(tick, 1000);
})();
