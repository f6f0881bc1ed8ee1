// "Hear it properly": the studio plays a tune with real instruments, mixes and masters it, and
// sends the sound, which is stored nowhere. If the tune changes meanwhile, the request is aborted.

import { fill, gettext } from "../../core/words.js";

const WORDS = {
  idle: gettext("Hear it properly"),
  busy: gettext("Playing it…"),
  done: gettext("Played properly"),
};

// button: what asks for the sound. problem: the element that says what went wrong. body: returns
// what names the tune to the server, as fields of a form. onSound(bytes, tune): the sound is there.
export function makeMastering({ button, problem, url, body, announce, onSound }) {
  const label = button.querySelector("span");
  let tune = ""; // What is shown, as JSON.
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
    label.textContent = WORDS[state];
    if (state !== "busy") return;
    const began = performance.now();
    clock = setInterval(() => {
      label.textContent = fill(gettext("Playing it… {n} s"), {
        n: Math.round((performance.now() - began) / 1000),
      });
    }, 1000);
  }

  async function request() {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const of = tune;
    const abort = new AbortController();
    running = abort;
    show("busy");
    announce(gettext("The studio is playing the tune. This takes a few seconds."));
    try {
      const response = await fetch(url, {
        method: "POST",
        body: new URLSearchParams(body()),
        headers,
        signal: abort.signal,
      });
      if (!response.ok) {
        const isJson = response.headers.get("Content-Type")?.includes("json");
        throw new Error(isJson ? (await response.json()).error : "");
      }
      const bytes = await response.arrayBuffer();
      running = null;
      show("done");
      await onSound(bytes, of);
      announce(gettext("Playing the mastered tune."));
    } catch (error) {
      if (abort.signal.aborted) return;
      running = null;
      show("idle");
      // Only the messages of the server are meant for people; those of the browser are not.
      const message = error.name === "Error" && error.message;
      problem.textContent =
        message || gettext("The studio could not play the tune. Try again in a minute.");
      problem.hidden = false;
    }
  }

  function stop() {
    running?.abort();
    running = null;
    show("idle");
  }

  button.addEventListener("click", () => (running ? stop() : request()));
  return {
    // Another tune is on the bench now.
    expect(next) {
      tune = next;
      stop();
    },
  };
}
