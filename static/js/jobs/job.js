// The progress of a print: the socket moves the bar between two polls, and asks for the fragment at
// once when the state changes.

function follow(fragment) {
  const url = new URL(`/ws/job/${fragment.dataset.job}/`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.addEventListener("message", ({ data }) => {
    const news = JSON.parse(data);
    const present = document.getElementById(fragment.id);
    if (!present || news.error) return socket.close();
    const bar = present.querySelector("progress");
    if (bar) bar.value = news.progress;
    if (news.state !== present.dataset.state) present.dispatchEvent(new CustomEvent("job-changed"));
    if (news.is_over) socket.close();
  });
}

document.querySelectorAll("[data-job]").forEach((fragment) => {
  if (!["done", "failed", "cancelled"].includes(fragment.dataset.state)) follow(fragment);
});
