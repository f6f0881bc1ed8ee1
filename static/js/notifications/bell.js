// The bell in the header: the socket tells how many news are not read, and shows a new one for a
// moment.

const bell = document.querySelector("[data-bell]");
const SHOWN_MS = 8000;
// Between two attempts to come back, longer each time.
const PATIENCE_MS = [2000, 5000, 15000, 60000];
let attempts = 0;

function show({ unread, label, news }) {
  bell.setAttribute("aria-label", label);
  const count = bell.querySelector(".bell-count");
  count.textContent = unread > 99 ? "99+" : unread;
  count.hidden = unread === 0;
  if (news) announce(news);
}

function announce({ sentence, address }) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = sentence;
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.append(link);
  document.getElementById("toasts").append(notice);
  setTimeout(() => notice.remove(), SHOWN_MS);
}

function listen() {
  const url = new URL("/ws/bell/", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.addEventListener("message", ({ data }) => {
    attempts = 0;
    show(JSON.parse(data));
  });
  socket.addEventListener("close", () => {
    setTimeout(listen, PATIENCE_MS[Math.min(attempts++, PATIENCE_MS.length - 1)]);
  });
}

if (bell) listen();
