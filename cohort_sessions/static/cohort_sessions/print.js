/**
 * Shows the buttons that print the page. Where this script does not run none shows, and the browser's own command prints
 * the same.
 */
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
