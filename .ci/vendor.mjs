// Copies what the portal serves of Bootstrap and Bootstrap Icons into static/vendor. Run by `npm run vendor` after `npm ci`.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

const TARGET = "static/vendor";
const BOOTSTRAP = "node_modules/bootstrap";
const ICONS = "node_modules/bootstrap-icons";

// Names from https://icons.getbootstrap.com; templates/components/_icon.html shows them.
const NAMES = [
  "arrow-clockwise", "arrow-left", "arrow-repeat", "arrow-right", "bell", "box-arrow-right", "box-arrow-up-right", "building",
  "calendar-week", "chat-left-text", "check-circle-fill", "check-lg", "chevron-down", "chevron-right", "circle", "clipboard",
  "clock", "cloud", "dash-circle", "diagram-3", "download", "envelope", "exclamation-triangle-fill", "eye", "file-earmark-code",
  "gear", "globe2", "hand-index", "headset", "hourglass-split", "inbox", "info-circle-fill", "journal-text", "key", "laptop",
  "list-check", "lock", "moon", "pause-circle", "pencil", "people", "person", "person-circle", "person-gear", "play-circle",
  "plus-lg", "question-circle", "record-circle", "rocket-takeoff", "search", "send", "shield-check", "shield-lock", "slash-circle",
  "sun", "terminal", "trash", "x-circle-fill", "x-lg",
];

function symbol(name) {
  const svg = readFileSync(`${ICONS}/icons/${name}.svg`, "utf8");
  const box = svg.match(/viewBox="([^"]+)"/)[1];
  const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="${box}">${body}</symbol>`;
}

// Source maps are not vendored; a reference to one would be a 404 and would stop the manifest storage.
function copyWithoutMap(source, name) {
  const text = readFileSync(source, "utf8").replace(/\n?(\/\/# sourceMappingURL=.*|\/\*# sourceMappingURL=.*?\*\/)\s*$/, "\n");
  writeFileSync(`${TARGET}/${name}`, text);
}

mkdirSync(TARGET, { recursive: true });
copyWithoutMap(`${BOOTSTRAP}/dist/css/bootstrap.min.css`, "bootstrap.min.css");
copyWithoutMap(`${BOOTSTRAP}/dist/js/bootstrap.bundle.min.js`, "bootstrap.bundle.min.js");
copyFileSync(`${BOOTSTRAP}/LICENSE`, `${TARGET}/bootstrap.LICENSE`);
copyFileSync(`${ICONS}/LICENSE`, `${TARGET}/bootstrap-icons.LICENSE`);
writeFileSync(`${TARGET}/icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">\n${NAMES.map(symbol).join("\n")}\n</svg>\n`);
