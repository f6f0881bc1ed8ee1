// The connection to the studio. Only the newest request for a frame counts: at most one is sent for
// each screen refresh, and on a slow line only one at a time, so that old frames never pile up.

// While an answer is awaited, a newer position goes out this often: it replaces the one that waits at
// the studio, and reading more of them would only take its time.
const RENEW_MS = 40;
const LATE_MS = 450; // A request that old without an answer: the status is "waiting".
// Where frames that are asked for while something moves take longer than this on average, smaller ones
// are asked for, for a while: many drag at once, or the studio is slow.
const SLOW_MS = 60;
const SLOW_FOR_MS = 10_000;
// Frames that old have queued on the line; below RECOVERED_MS they no longer do.
const LAGGING_MS = 700;
const RECOVERED_MS = 350;
const MAX_DELAY_MS = 8000;

export function openSocket(address, { onFrame, onMessage, onStatus, onOpen }) {
  const url = new URL(address, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const sentAt = new Map(); // Ids of requests in flight -> when they were sent.
  let pace = 0; // How old frames of moving pictures are when they come, in ms, on average.
  let slowUntil = 0;
  let socket = null;
  let nextId = 1;
  let newest = null; // The request that waits for the next screen refresh.
  let isScheduled = false;
  let lastSentAt = 0;
  let isLagging = false;
  let holdUntil = 0; // The server asked to wait until then.
  let failures = 0;

  function connect() {
    socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      sentAt.clear();
      isLagging = false;
      onOpen();
      status();
    });
    socket.addEventListener("message", ({ data }) =>
      typeof data === "string" ? readText(data) : readFrame(data),
    );
    socket.addEventListener("close", () => {
      onStatus("reconnecting");
      const delay = Math.min(MAX_DELAY_MS, 300 * 2 ** failures) * (0.7 + 0.6 * Math.random());
      failures += 1;
      setTimeout(connect, delay);
    });
  }

  function readText(text) {
    const message = JSON.parse(text);
    if (message.notes) return receiveFrame(message.id, message.notes);
    if (message.loading) return onStatus("loading", message);
    if (!message.error) failures = 0;
    if (message.retry_after) holdUntil = performance.now() + message.retry_after * 1000;
    if (message.error && !message.retry_after) sentAt.delete(message.id);
    onMessage(message);
    status();
  }

  function readFrame(data) {
    receiveFrame(
      new DataView(data).getUint32(0),
      new Blob([data.slice(4)], { type: "image/jpeg" }),
    );
  }

  // frame: a Blob with a picture, or the notes of a tune.
  function receiveFrame(id, frame) {
    failures = 0;
    const asked = sentAt.get(id);
    if (asked !== undefined) {
      const age = performance.now() - asked;
      isLagging = age > LAGGING_MS || (isLagging && age > RECOVERED_MS);
      if (newest) notePace(age); // Something moves.
      for (const older of sentAt.keys()) if (older <= id) sentAt.delete(older);
    }
    onFrame(id, frame);
    if (newest) schedule();
    status();
  }

  function notePace(age) {
    pace += 0.2 * (age - pace);
    if (pace > SLOW_MS) [pace, slowUntil] = [0, performance.now() + SLOW_FOR_MS];
  }

  function status() {
    if (socket.readyState === WebSocket.CONNECTING) return; // The status says so already.
    if (socket.readyState !== WebSocket.OPEN) return onStatus("reconnecting");
    const now = performance.now();
    const oldest = sentAt.values().next().value ?? now;
    onStatus(holdUntil > now || now - oldest > LATE_MS ? "waiting" : "live");
  }

  function schedule() {
    if (isScheduled) return;
    isScheduled = true;
    requestAnimationFrame((now) => {
      isScheduled = false;
      if (!newest || socket.readyState !== WebSocket.OPEN) return;
      if (sentAt.size && isLagging) return;
      if (sentAt.size && now - lastSentAt < RENEW_MS) return schedule();
      const asked = newest;
      newest = null;
      asked.id = reserve(1);
      lastSentAt = now;
      sentAt.set(asked.id, performance.now());
      write(asked);
    });
  }

  function write(message) {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  function reserve(count) {
    const id = nextId;
    nextId += count;
    return id;
  }

  connect();
  setInterval(status, 250);
  return {
    // Requests a frame; this replaces a request that has not been sent yet.
    requestFrame(recipe, size) {
      newest = { recipe, size };
      schedule();
    },
    // Sends a message at once. It reserves `count` ids for the answers, and returns the first.
    send(message, count = 1) {
      const id = reserve(count);
      write({ id, ...message });
      return id;
    },
    // Drops the requests of the previous bench.
    forget() {
      newest = null;
      sentAt.clear();
    },
    isSettled: () => !newest && !sentAt.size,
    // Whether moving pictures came late a moment ago.
    isSlow: () => slowUntil > performance.now(),
    // Whether the server asked to wait.
    isHeld: () => holdUntil > performance.now(),
  };
}
