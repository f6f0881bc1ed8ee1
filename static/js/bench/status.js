// The status of the connection in the bar of the bench.

import { gettext } from "../core/words.js";

const WORDS = {
  live: gettext("Live"),
  waiting: gettext("Waiting"),
  reconnecting: gettext("Reconnecting"),
};

// A lost or restored connection is announced; a slow frame is not.
export function makeStatus(status, announce) {
  return function show(state) {
    if (status.dataset.state === state) return;
    if (state === "reconnecting")
      announce(
        gettext("Lost the connection to the studio. Trying again; nothing on the bench is lost."),
      );
    else if (status.dataset.state.endsWith("connecting"))
      announce(gettext("Connected to the studio."));
    status.dataset.state = state;
    status.querySelector("span").textContent = WORDS[state];
  };
}
