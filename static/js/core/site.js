// What every page needs: the theme choice in the footer, menus that close by themselves, dialogs,
// notices that can be dismissed or that report a failed request, and the list one comes from.

import "./came-from.js";
import "./focus.js";
import { showNotice } from "./notice.js";
import "./painted.js";
import "./strips.js";
import { gettext } from "./words.js";

function storeTheme(theme) {
  const root = document.documentElement;
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage is unavailable: the choice applies to this page only.
  }
}

for (const choice of document.querySelectorAll("[data-theme-choice] input")) {
  choice.checked = choice.value === (document.documentElement.dataset.theme ?? "auto");
  choice.addEventListener("change", () => storeTheme(choice.value));
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  event.target.closest("[data-dismiss]")?.closest(".notice")?.remove();
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    closeMenus(null);
    document.getElementById(opener.dataset.opens)?.showModal();
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

// An offer to undo goes when its time is up.
for (const offer of document.querySelectorAll("[data-expires]")) {
  setTimeout(() => offer.remove(), Number(offer.dataset.expires));
}

// Refusals (400, 429) come with a notice of their own; any other failure is reported here.
document.addEventListener("htmx:sendError", () =>
  showNotice(gettext("Can't reach the site. Check your connection and try again.")),
);
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 403) showNotice(gettext("This page is out of date. Reload it and try again."));
  else if (status === 404) showNotice(gettext("This no longer exists."));
  else if (status >= 500)
    showNotice(gettext("Something broke on our side. Try again in a minute."));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
