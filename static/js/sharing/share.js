// The share dialog and lists of links: copying addresses and codes, and the device's own way to
// share where it has one.
//
// A button with data-copies copies that text and then says data-done; one with data-share-native
// shows itself where the device
// can share. Every sentence comes from the page.

import { say } from "../core/site.js";

async function copy(button) {
  const { copies, done } = button.dataset;
  try {
    await navigator.clipboard.writeText(copies);
    say(done);
  } catch {
    // Without https there is no clipboard: the field beside the button is selected instead, ready
    // for the keyboard.
    button.parentElement.querySelector("input, textarea")?.select();
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copies]");
  if (button) copy(button);
});

for (const field of document.querySelectorAll(".share-row :is(input, textarea)[readonly]")) {
  field.addEventListener("focus", () => field.select());
}

const native = document.querySelector("[data-share-native]");
if (native && navigator.share) {
  native.hidden = false;
  // Closing the device's sheet is no mistake.
  native.addEventListener("click", () =>
    navigator.share({ title: native.dataset.title, url: native.dataset.url }).catch(() => {}),
  );
}
