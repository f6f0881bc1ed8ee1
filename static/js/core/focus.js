// Keeps the place of whoever uses the keyboard: when the focused element is taken out of the page
// (htmx swapped its fragment, a row was removed, a notice dismissed), its successor is focused, or
// the nearest sensible place. An `autofocus` in a fragment still has the last word.

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]):not([type=hidden])," +
  " select:not([disabled]), textarea:not([disabled]), summary, [tabindex]:not([tabindex='-1'])";
const MARKS = ["data-key", "name", "href", "aria-label"];

// Where the focus is: the element, and its ancestors with its number among their focusable ones.
let place = null;

const isShown = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;
const focusables = (root) => [...root.querySelectorAll(FOCUSABLE)].filter(isShown);
const isLost = () => {
  const focused = document.activeElement;
  return !focused || focused === document.body || !isShown(focused);
};

function remember(element) {
  const ancestors = [];
  for (let each = element.parentElement; each; each = each.parentElement) {
    const action = each.localName === "form" ? each.getAttribute("action") : null;
    const index = focusables(each).indexOf(element);
    ancestors.push({ element: each, id: each.id, action, index });
    if (each.matches("main, dialog")) break;
  }
  place = { element, ancestors };
}

// An ancestor as it is now: itself, or what replaced it under its id or as a form to one address.
function present({ element, id, action }) {
  if (element.isConnected) return element;
  if (id) return document.getElementById(id);
  return action ? document.querySelector(`form[action="${CSS.escape(action)}"]`) : null;
}

function successor({ element, ancestors }) {
  const same = element.id && document.getElementById(element.id);
  if (same && isShown(same)) return same;
  for (const ancestor of ancestors) {
    const here = focusables(present(ancestor) ?? document.createElement("p"));
    // The rows of a list have buttons of the same name: only what is like no other is the same.
    const [twin] = MARKS.filter((mark) => element.hasAttribute(mark))
      .map((mark) => here.filter((each) => each.getAttribute(mark) === element.getAttribute(mark)))
      .filter((alike) => alike.length === 1 && alike[0].localName === element.localName)
      .flat();
    const nearest = here[Math.min(Math.max(ancestor.index, 0), here.length - 1)];
    if (twin ?? nearest) return twin ?? nearest;
  }
  return document.getElementById("main");
}

function restore() {
  if (!place || place.element.isConnected) return;
  const next = isLost() ? successor(place) : null;
  place = null;
  next?.focus({ preventScroll: true });
}

document.addEventListener("focusin", (event) => remember(event.target));
// Whoever clicks beside everything leaves the place on purpose. (An element that is taken out loses
// the focus, too; by the time of the microtask it is gone.)
document.addEventListener("focusout", ({ target }) =>
  queueMicrotask(() => {
    if (place?.element === target && target.isConnected && isLost()) place = null;
  }),
);
new MutationObserver(restore).observe(document.body, { childList: true, subtree: true });

// A dialog gives the focus back to its opener. One that stood in a menu is hidden by now: then the
// button of the menu gets it.
document.addEventListener(
  "close",
  ({ target }) => {
    const opener = target.id && document.querySelector(`[data-opens="${CSS.escape(target.id)}"]`);
    if (opener && isLost()) {
      (isShown(opener) ? opener : opener.closest("details")?.querySelector("summary"))?.focus();
    }
  },
  { capture: true },
);
