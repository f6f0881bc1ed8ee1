// The status of the connection in the bar of the bench.

import { fill, gettext } from "../core/words.js";

const WORDS = {
  live: gettext("Live"),
  waiting: gettext("Waiting"),
  reconnecting: gettext("Reconnecting"),
};

// A lost or restored connection is announced; a slow frame is not.
export function makeStatus(status, announce) {
  const words = status.querySelector("span");

  function showLoading({ loading, seconds }) {
    status.dataset.state = "loading";
    words.textContent = fill(gettext("Loading {name}, {n} s"), { name: loading, n: seconds });
  }

  return function show(state, message = {}) {
    if (state === "loading") return showLoading(message);
    // A net is still being loaded, as the studio said a moment ago.
    if (state === "waiting" && status.dataset.state === "loading") return;
    if (status.dataset.state === state) return;
    if (state === "reconnecting")
      announce(
        gettext("Lost the connection to the studio. Trying again; nothing on the bench is lost."),
      );
    else if (status.dataset.state.endsWith("connecting"))
      announce(gettext("Connected to the studio."));
    status.dataset.state = state;
    words.textContent = WORDS[state];
  };
}
