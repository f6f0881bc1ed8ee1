// The progress of a job. The socket moves the bar between two polls, and makes the page load the
// fragment at once when the state changes.

import { root } from "../core/root.js";

function follow(fragment) {
  const url = new URL(`${root}/ws/job/${fragment.dataset.job}/`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    const present = document.getElementById(fragment.id);
    if (!present || message.error) return socket.close();
    const bar = present.querySelector("progress");
    if (bar) bar.value = message.progress;
    const left = present.querySelector("[data-left]");
    if (left) left.textContent = message.left;
    if (message.state !== present.dataset.state)
      present.dispatchEvent(new CustomEvent("job-changed"));
    if (message.is_over) socket.close();
  });
}

document.querySelectorAll("[data-job]").forEach((fragment) => {
  if (!["done", "failed", "cancelled"].includes(fragment.dataset.state)) follow(fragment);
});
