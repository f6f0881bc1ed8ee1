// What every page does: the theme choice in the footer, menus that close themselves, notices that
// can be put away.

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
    // The choice then holds for this page only.
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

export function say(sentence) {
  const words = document.createElement("p");
  words.textContent = sentence;
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.append(words);
  document.getElementById("toasts").append(notice);
  setTimeout(() => notice.remove(), 6000);
}

// Refusals (400, 429) bring a notice of their own; whatever else goes wrong must not pass in
// silence either.
document.addEventListener("htmx:sendError", () =>
  say(gettext("Can't reach the site. Check your connection and try again.")),
);
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 403) say(gettext("This page is out of date. Reload it and try again."));
  else if (status === 404) say(gettext("This no longer exists."));
  else if (status >= 500) say(gettext("Something broke on our side. Try again in a minute."));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
