// The stand-in for the AWS console: what a link says behind its # never reaches a server, so it is carried over here.
(() => {
  const page = document.querySelector("[data-console-home]");
  const route = window.location.hash.slice(1).split("?")[0];
  if (!page || !route) return;
  const { quickCreate, stack, vpc } = page.dataset;
  const carried = encodeURIComponent(window.location.href);
  if (vpc) {
    window.location.replace(`${vpc}?link=${carried}`);
  } else if (route === "/stacks/quickcreate" || route === "/stacks/create/review") {
    window.location.replace(`${quickCreate}?link=${carried}`);
  } else if (route.startsWith("/stacks/")) {
    window.location.replace(`${stack}?link=${carried}`);
  }
})();
