/**
 * Shows the buttons that print the page. Where this script does not run none shows, and the browser's own command prints
 * the same.
 */
(() => {
  "use strict";

  for (const place of document.querySelectorAll("[data-print]")) {
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => window.print());
  }
})();
