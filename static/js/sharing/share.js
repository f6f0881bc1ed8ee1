// The share dialog and lists of links: copying addresses and codes, and the device's own share
// sheet.  A button with data-copies copies that text and then shows the notice data-done. One with
// data-share-native appears where the device can share. All sentences come from the page.

import { showNotice } from "../core/notice.js";

async function copy(button) {
  const { copies, done } = button.dataset;
  try {
    await navigator.clipboard.writeText(copies);
    showNotice(done);
  } catch {
    // Without https there is no clipboard: the text beside the button is selected instead.
    const text = button.parentElement.querySelector("input, textarea, output");
    if (text?.select) text.select();
    else if (text) getSelection().selectAllChildren(text);
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
  // Closing the share sheet rejects the promise; that is not an error.
  native.addEventListener("click", () =>
    navigator.share({ title: native.dataset.title, url: native.dataset.url }).catch(() => {}),
  );
}
