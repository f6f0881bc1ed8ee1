// "Hear it properly": the studio plays the child with real instruments, mixes and masters it, and
// sends the sound. Nothing of it
// is kept. A tune that changes meanwhile does not wait for the sound of the old one.

import { fill, gettext } from "../../core/words.js";
import { ofChild } from "../pedigree.js";

const WORDS = {
  idle: gettext("Hear it properly"),
  busy: gettext("Playing it…"),
  done: gettext("Played properly"),
};

export function makeHear(root, { store, say, onSound }) {
  const button = root.querySelector("#bench-hear");
  const word = button.querySelector("span");
  const problem = root.querySelector("#bench-error");
  let tune = ""; // What the preview shows, as text.
  let running = null;
  let clock = 0;

  function show(state) {
    clearInterval(clock);
    button.dataset.state = state;
    button.disabled = state === "done";
    button.title =
      state === "busy"
        ? gettext("Stop waiting")
        : gettext("With real instruments, mixed and mastered; takes a few seconds");
    word.textContent = WORDS[state];
    if (state !== "busy") return;
    const began = performance.now();
    clock = setInterval(() => {
      word.textContent = fill(gettext("Playing it… {n} s"), {
        n: Math.round((performance.now() - began) / 1000),
      });
    }, 1000);
  }

  async function ask() {
    const body = new URLSearchParams({ pedigree: JSON.stringify(ofChild(store.get())) });
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const of = tune;
    const mine = new AbortController();
    running = mine;
    show("busy");
    say(gettext("The studio is playing the tune. This takes a few seconds."));
    try {
      const answer = await fetch(root.dataset.hear, {
        method: "POST",
        body,
        headers,
        signal: mine.signal,
      });
      if (!answer.ok)
        throw new Error(
          answer.headers.get("Content-Type")?.includes("json") ? (await answer.json()).error : "",
        );
      const bytes = await answer.arrayBuffer();
      running = null;
      show("done");
      await onSound(bytes, of);
      say(gettext("Playing the mastered tune."));
    } catch (error) {
      if (mine.signal.aborted) return;
      running = null;
      show("idle");
      // Other kinds of error (no connection, no sound in the answer) speak to programmers.
      const told = error.name === "Error" && error.message;
      problem.textContent =
        told || gettext("The studio could not play the tune. Try again in a minute.");
      problem.hidden = false;
    }
  }

  function stop() {
    running?.abort();
    running = null;
    show("idle");
  }

  button.addEventListener("click", () => (running ? stop() : ask()));
  return {
    // Another tune lies on the bench.
    expect(next) {
      tune = next;
      stop();
    },
  };
}
