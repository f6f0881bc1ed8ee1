// What plays next: the tunes of the page on which somebody pressed play, in their order there. The
// queue goes along to other pages, and grows with the wall it came from.
//
// A play button is a link with data-play (the URL of the sound), data-title, data-maker,
// data-page, data-cover and data-seconds.

import { fill, gettext } from "../core/words.js";
import { clock } from "./sound.js";

export const buttons = () => [...document.querySelectorAll("[data-play]")];

export function trackOf(button) {
  const { play: src, title, maker = "", page = "", cover = "", seconds = "" } = button.dataset;
  return { src, title, maker, page, cover, seconds: Number(seconds) };
}

// The picture of a tune; an empty square where it has none.
export function makeCover(address, edge) {
  if (!address) return Object.assign(document.createElement("i"), { className: "player-cover" });
  return Object.assign(new Image(edge, edge), { alt: "", src: address, className: "player-cover" });
}

// The tunes of this page, each once.
function tracksHere() {
  return [...new Map(buttons().map((button) => [button.dataset.play, trackOf(button)])).values()];
}

const here = () => location.pathname + location.search;

// onChange: the queue or its current tune changed. onChoose(track): somebody chose one in the list.
export function makeQueue(panel, { onChoose }) {
  const list = panel.querySelector("ol");
  const pattern = panel.querySelector("template");
  const from = panel.querySelector("[data-queue-from]");
  let tracks = [];
  let page = { url: "", title: "" }; // Where the tunes were listed.
  let current = "";

  const placeOf = (src) => tracks.findIndex((track) => track.src === src);

  function show() {
    from.textContent = fill(gettext("From “{page}”"), { page: page.title });
    from.href = page.url || here();
    list.replaceChildren(
      ...tracks.map((track) => {
        const row = pattern.content.cloneNode(true).firstElementChild;
        const button = row.querySelector("button");
        button.prepend(makeCover(track.cover, 40));
        row.querySelector("[data-queue-title]").textContent = track.title;
        row.querySelector("[data-queue-maker]").textContent = track.maker;
        row.querySelector("[data-queue-length]").textContent = track.seconds
          ? clock(track.seconds)
          : "";
        if (track.src === current) button.setAttribute("aria-current", "true");
        button.addEventListener("click", () => onChoose(track));
        return row;
      }),
    );
  }

  function takePage() {
    tracks = tracksHere();
    const name = document.querySelector("[data-queue-name]")?.dataset.queueName;
    page = { url: here(), title: name ?? document.querySelector("h1")?.textContent.trim() ?? "" };
  }

  return {
    // The queue around this track. It is made anew from the page unless it holds the track already.
    play(track) {
      current = track.src;
      if (placeOf(track.src) < 0) takePage();
      if (placeOf(track.src) < 0) tracks = [track];
      show();
    },
    // More works came to the page that the queue is from.
    grow() {
      if (page.url !== here() || !tracks.length) return;
      const known = new Set(tracks.map(({ src }) => src));
      const fresh = tracksHere().filter(({ src }) => !known.has(src));
      if (!fresh.length) return;
      tracks.push(...fresh);
      show();
    },
    after: () => tracks[placeOf(current) + 1] ?? null,
    before: () => tracks[placeOf(current) - 1] ?? null,
    size: () => tracks.length,
    clear() {
      [tracks, current, page] = [[], "", { url: "", title: "" }];
      show();
    },
    saved: () => ({ tracks, page }),
    restore(saved, src) {
      tracks = saved.tracks ?? [];
      page = saved.page ?? page;
      current = src;
      show();
    },
  };
}
