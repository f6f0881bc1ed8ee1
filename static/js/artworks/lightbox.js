// The lightbox of a work's page: the picture alone, zoomed by keys, wheel and fingers, and the
// works before and after it in the list that somebody came from. The address is always that of the
// work shown, with #full; "back" closes it. Without script the link opens the file.

import { readCards, readList, storeList } from "../core/came-from.js";
import { fill, gettext } from "../core/words.js";
import { makeZoom } from "./lightbox-zoom.js";

const HASH = "#full";
const PAN_PX = 80;
const RETURNING = "returns-from-lightbox";
const opener = document.querySelector(".work-picture > a");
const dialog = document.getElementById("lightbox");
let wasPushed = false;
let turning = null; // Aborts the page that is being fetched.

const zoom = makeZoom(dialog.querySelector("[data-view]"), {
  onSwipe: (step) => turn(step),
  onZoom: (scale) => {
    dialog.classList.toggle("is-zoomed", scale > 1);
    dialog.querySelector("[data-zoom-shown]").textContent = `${Math.round(scale * 100)} %`;
  },
});

// The list that this work is in; null where somebody came from elsewhere.
function currentList() {
  const list = readList();
  const place = list?.pages.indexOf(dialog.dataset.address) ?? -1;
  return place < 0 ? null : { ...list, place };
}

function showPlace() {
  const list = currentList();
  for (const link of dialog.querySelectorAll("[data-turn]")) {
    const page = list?.pages[list.place + Number(link.dataset.turn)];
    link.hidden = !page && !(link.dataset.turn === "1" && list?.more);
    if (page) link.href = page + HASH;
    else link.removeAttribute("href");
  }
  const values = list && { place: list.place + 1, count: list.pages.length, list: list.name };
  let sentence = "";
  if (list?.more) sentence = list.name ? gettext("{place} in {list}") : "{place}";
  else if (list && list.pages.length > 1)
    sentence = list.name ? gettext("{place} of {count} in {list}") : gettext("{place} of {count}");
  dialog.querySelector("[data-place]").textContent = fill(sentence, values ?? {});
}

async function fetchMore(list) {
  const response = await fetch(list.more, { headers: { "HX-Request": "true" } });
  if (!response.ok) return list;
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  const { pages, more } = readCards(parsed);
  const address = more && new URL(more, list.more).href;
  const longer = { ...list, pages: [...list.pages, ...pages], more: address };
  storeList({ pages: longer.pages, more: longer.more, name: longer.name });
  return longer;
}

// Puts the work of another page in place of the one shown.
function show(page) {
  const other = page.getElementById("lightbox");
  if (!other) return false;
  for (const part of ["[data-picture]", ".lightbox-foot"])
    dialog.querySelector(part).replaceWith(document.adoptNode(other.querySelector(part)));
  const [old, fresh] = [dialog, other].map((box) => box.querySelector(".lightbox-top > a"));
  if (old && fresh) old.href = fresh.href;
  if (old) old.hidden = !fresh;
  dialog.dataset.address = other.dataset.address;
  dialog.setAttribute("aria-label", other.getAttribute("aria-label"));
  document.title = page.title;
  history.replaceState(history.state, "", dialog.dataset.address + HASH);
  dialog.querySelector("[data-said]").textContent = dialog.getAttribute("aria-label");
  return true;
}

async function turn(step) {
  let list = currentList();
  if (!list) return;
  turning?.abort();
  turning = new AbortController();
  const { signal } = turning;
  dialog.classList.add("is-loading");
  try {
    if (step > 0 && list.place + 1 >= list.pages.length && list.more) list = await fetchMore(list);
    const address = list.pages[list.place + step];
    const response = address && (await fetch(address, { signal }));
    if (!response?.ok || signal.aborted) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    zoom.fit();
    if (!show(page)) location.assign(address);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  } finally {
    if (!signal.aborted) {
      dialog.classList.remove("is-loading");
      showPlace();
    }
  }
}

function open() {
  if (dialog.open) return;
  zoom.fit();
  showPlace();
  dialog.showModal();
}

// Leaves for the page of the work shown, or, where that is this page, puts the focus back.
function close() {
  if (!dialog.open) return;
  turning?.abort();
  dialog.classList.remove("is-loading");
  dialog.close();
  const isHere = dialog.dataset.address === opener.dataset.address;
  if (!isHere) {
    sessionStorage.setItem(RETURNING, dialog.dataset.address);
    location.replace(dialog.dataset.address);
  } else if (wasPushed) history.back();
  else if (location.hash === HASH)
    history.replaceState(history.state, "", location.pathname + location.search);
  wasPushed = false;
  opener.focus();
}

opener.dataset.address = dialog.dataset.address;
opener.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", HASH);
  wasPushed = true;
  open();
});
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  close();
});
dialog.addEventListener("click", (event) => {
  const turner = event.target.closest("[data-turn]");
  if (turner && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    turn(Number(turner.dataset.turn));
  }
  const zoomer = event.target.closest("[data-zoom]");
  if (zoomer) zoom[zoomer.dataset.zoom]();
  if (event.target.closest("[data-shut]")) {
    event.preventDefault();
    close();
  }
});
dialog.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  const down = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
  if (event.key === "+" || event.key === "=") zoom.in();
  else if (event.key === "-") zoom.out();
  else if (event.key === "0") zoom.fit();
  else if (zoom.isZoomed() && (across || down)) zoom.move(-PAN_PX * across, -PAN_PX * down);
  else if (across) turn(across);
  else return;
  event.preventDefault();
});
addEventListener("popstate", () => {
  wasPushed = false;
  // Another work's page stands in the address than the one that this document shows.
  if (location.pathname !== opener.dataset.address) location.reload();
  else if (location.hash === HASH) open();
  else if (dialog.dataset.address === opener.dataset.address) close();
  else location.reload();
});
addEventListener("resize", () => dialog.open && zoom.fit());

if (location.hash === HASH) open();
if (sessionStorage.getItem(RETURNING) === location.pathname) opener.focus();
sessionStorage.removeItem(RETURNING);
