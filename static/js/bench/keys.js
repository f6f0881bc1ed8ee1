// The keys of the bench. Single keys work while nobody types, and can be switched off in the help.

const KEY = "arboretum.keys";
const PICKS = "1234567890-=";
const TYPING = "textarea, select, dialog, [contenteditable], input:not([type=range], [type=radio])";
const PRESSED = "button, a, summary, input[type=radio]";

// does: { undo, redo, roll, grow, breedOn, keep, genes, other, pick }, functions.
export function makeKeys(does) {
  const box = document.getElementById("bench-single-keys");
  const singles = { r: does.roll, n: does.grow, p: does.keep, g: does.genes, f: does.other };

  try {
    box.checked = localStorage.getItem(KEY) !== "off";
  } catch {
    // Storage is unavailable: the switch applies to this page only.
  }
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(KEY, box.checked ? "on" : "off");
    } catch {
      // As above.
    }
  });

  addEventListener("keydown", (event) => {
    const { target, key, shiftKey } = event;
    const isTyping = target.closest?.(TYPING);
    if (isTyping || event.altKey || document.querySelector("dialog:modal")) return;
    if (event.ctrlKey || event.metaKey) {
      if (key.toLowerCase() !== "z") return;
      event.preventDefault();
      return shiftKey ? does.redo() : does.undo();
    }
    const isRange = target.matches?.("input[type=range]");
    if (isRange && shiftKey && stepTen(target, key)) return event.preventDefault();
    if (!box.checked || event.repeat) return;
    const pick = PICKS.indexOf(key);
    const run = singles[key.toLowerCase()];
    if (run && !shiftKey) run();
    else if (pick >= 0 && !isRange) does.pick(pick);
    else if (key === "Enter" && !target.closest?.(PRESSED)) does.breedOn();
    else return;
    event.preventDefault();
  });
}

// Moves a range by ten of its steps. True for a key that does.
function stepTen(range, key) {
  const by = { ArrowRight: 10, ArrowUp: 10, ArrowLeft: -10, ArrowDown: -10 }[key];
  if (!by) return false;
  range.value = String(Number(range.value) + by * Number(range.step));
  range.dispatchEvent(new Event("input", { bubbles: true }));
  range.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}
