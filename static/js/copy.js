// Copy: <button data-copy="value" data-copied="Copied"> puts the value on the clipboard and says so.
(() => {
  "use strict";
  const throughSelection = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const worked = document.execCommand("copy");
    area.remove();
    return worked;
  };
  const put = async (text) => {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return true;
    }
    return throughSelection(text);
  };
  const announce = (button, worked) => {
    const note = button.parentElement.querySelector("[data-copy-note]");
    button.classList.toggle("copied", worked);
    if (note) note.textContent = worked ? button.dataset.copied : button.dataset.notCopied;
    window.clearTimeout(Number(button.dataset.timer));
    button.dataset.timer = String(window.setTimeout(() => {
      button.classList.remove("copied");
      if (note) note.textContent = "";
    }, 2000));
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    let worked = false;
    try {
      worked = await put(button.dataset.copy);
    } catch {
      worked = throughSelection(button.dataset.copy);
    }
    announce(button, worked);
    button.focus({ preventScroll: true });
  });
})();
