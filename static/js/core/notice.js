// Short notices in a corner of the window. They disappear by themselves.

const SHOWN_MS = 6000;

// Shows a sentence, as a link if it has an `href`.
export function showNotice(sentence, { href, shownMs = SHOWN_MS } = {}) {
  const text = document.createElement(href ? "a" : "p");
  if (href) text.href = href;
  text.textContent = sentence;
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.append(text);
  document.getElementById("toasts").append(notice);
  setTimeout(() => notice.remove(), shownMs);
}
