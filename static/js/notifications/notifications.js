// The notifications link in the header. The server pushes the number of unread notifications and
// the newest one, which is also shown as a notice.

import { showNotice } from "../core/notice.js";
import { root } from "../core/root.js";

const SHOWN_MS = 8000; // Longer than other notices: it comes unasked.
const RECONNECT_MS = [2000, 5000, 15000, 60000]; // The wait before each further attempt.
const links = document.querySelectorAll("[data-notifications]"); // In the header and in its menu.
let attempts = 0;

function show({ unread, label, news }) {
  for (const link of links) {
    link.setAttribute("aria-label", label);
    const count = link.querySelector(".unread-count");
    count.textContent = unread > 99 ? "99+" : unread;
    count.hidden = unread === 0;
  }
  if (news) showNotice(news.sentence, { href: news.address, shownMs: SHOWN_MS });
}

function connect() {
  const url = new URL(`${root}/ws/bell/`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.addEventListener("message", ({ data }) => {
    attempts = 0;
    show(JSON.parse(data));
  });
  socket.addEventListener("close", () => {
    setTimeout(connect, RECONNECT_MS[Math.min(attempts++, RECONNECT_MS.length - 1)]);
  });
}

if (links.length) connect();
