// Publishing what the preview shows. The form comes from the server, with what it suggests for this
// child, and sends the pedigree back; the server breeds the child again from it.

import { closeByPressBeside } from "../core/dialogs.js";
import { childPedigree } from "./pedigree.js";
import { dropDraft, fillDraft, keepDraft } from "./publish-draft.js";
import { showSums } from "./publish-sums.js";

export function makePublisher(root, { store, preview }) {
  const dialog = document.getElementById("bench-publisher");
  const holder = document.getElementById("bench-publisher-form");
  const thumbnail = document.getElementById("bench-publisher-canvas");
  const button = root.querySelector("#bench-publish");
  // Back from signing up: the dialog opens again by itself, with what was typed.
  const isBack = new URLSearchParams(location.search).get("resume") === "publish";
  const roots = () => store.get().roots;
  const pedigree = () => JSON.stringify(childPedigree(store.get()));

  async function open() {
    store.save();
    thumbnail
      .getContext("2d", { alpha: false })
      .drawImage(preview.canvas, 0, 0, thumbnail.width, thumbnail.height);
    holder.replaceChildren();
    document.getElementById("bench-publisher-parts")?.remove();
    holder.setAttribute("aria-busy", "true");
    dialog.showModal();
    await window.htmx.ajax("POST", root.dataset.publish, {
      target: "#bench-publisher-form",
      swap: "innerHTML",
      values: { open: "1", pedigree: pedigree() },
    });
    holder.removeAttribute("aria-busy");
    const form = holder.querySelector("form");
    if (!form) return;
    fillDraft(form, roots());
    showSums(holder);
    const title = form.querySelector("[name=title]");
    const note = form.querySelector("[data-suggestion]");
    if (note) note.hidden = title.value !== title.defaultValue;
    title.select();
  }

  function keep() {
    const form = holder.querySelector("form");
    if (form) keepDraft(form, roots());
  }

  // The form arrived, first or with errors: what it is made of stands under the picture.
  function arrange() {
    const parts = holder.querySelector(".publish-parts");
    if (parts) {
      document.getElementById("bench-publisher-parts")?.remove();
      parts.id = "bench-publisher-parts";
      thumbnail.parentElement.append(parts);
    }
    showSums(holder);
  }

  holder.addEventListener("click", ({ target }) => {
    const dice = target.closest("[data-titles]");
    if (!dice) return;
    const titles = JSON.parse(dice.dataset.titles);
    const field = holder.querySelector("[name=title]");
    field.value = titles[(titles.indexOf(field.value) + 1) % titles.length];
    field.select();
    keep();
  });
  holder.addEventListener("input", () => {
    showSums(holder);
    keep();
  });
  dialog.addEventListener("close", keep); // A list or a script may have changed a field silently.
  holder.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
    if (xhr.getResponseHeader("HX-Redirect")) dropDraft(); // It is published, or waits for a maker.
  });
  holder.addEventListener("htmx:afterSettle", arrange);
  closeByPressBeside(dialog);
  button.addEventListener("click", open);
  // The form may come back with errors; it still publishes what the dialog shows.
  holder.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb === "post") event.detail.parameters.set("pedigree", pedigree());
  });

  if (!isBack) return;
  const watcher = new MutationObserver(() => {
    if (button.disabled) return; // Nothing is drawn yet.
    watcher.disconnect();
    open();
  });
  watcher.observe(button, { attributeFilter: ["disabled"] });
}
