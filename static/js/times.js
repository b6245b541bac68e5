// Times: the server writes them in the person's zone. Where the server knows only UTC, the browser's zone is shown.
(() => {
  "use strict";
  const root = document.documentElement;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const foreign = root.dataset.timeZone === "UTC" && here && here !== "UTC";
  if (!foreign) return;
  const format = new Intl.DateTimeFormat(root.lang, { dateStyle: "medium", timeStyle: "short" });

  const localise = (scope) => {
    for (const time of scope.querySelectorAll("time[data-local]")) {
      const moment = new Date(time.dateTime);
      if (!Number.isNaN(moment.valueOf())) time.textContent = format.format(moment);
    }
  };
  const note = () => {
    for (const zone of document.querySelectorAll("[data-zone-note]")) zone.textContent = zone.dataset.zoneNote.replace("@zone@", here);
  };
  document.addEventListener("DOMContentLoaded", () => {
    localise(document);
    note();
  });
  document.addEventListener("htmx:afterSettle", (event) => localise(event.target.parentElement ?? document));
})();
