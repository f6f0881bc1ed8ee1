// Publishing what the preview shows. The form comes from the server and sends the pedigree back;
// the server breeds the child again from it.

import { childPedigree } from "./pedigree.js";

export function makePublisher(root, { store, preview }) {
  const dialog = document.getElementById("bench-publisher");
  const holder = document.getElementById("bench-publisher-form");
  const thumbnail = document.getElementById("bench-publisher-canvas");

  function fill() {
    const field = holder.querySelector("[name=pedigree]");
    if (field) field.value = JSON.stringify(childPedigree(store.get()));
  }

  root.querySelector("#bench-publish").addEventListener("click", async () => {
    store.save();
    thumbnail
      .getContext("2d", { alpha: false })
      .drawImage(preview.canvas, 0, 0, thumbnail.width, thumbnail.height);
    holder.replaceChildren();
    dialog.showModal();
    const query = new URLSearchParams({ parents: store.get().roots.join(",") });
    await window.htmx.ajax("GET", `${root.dataset.publish}?${query}`, {
      target: "#bench-publisher-form",
      swap: "innerHTML",
    });
    fill();
    holder.querySelector("[name=title], a")?.focus();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  // The form may come back with errors; it still publishes what the dialog shows.
  holder.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb === "post")
      event.detail.parameters.set("pedigree", JSON.stringify(childPedigree(store.get())));
  });
}
