// The last line of the side column says what the control under the pointer or with the focus does.
// On a phone it stands over the bar while a finger rests on a label.

const LINGER_MS = 2500;

export function makeExplains(root) {
  const box = root.querySelector("#bench-explains");
  const [name, words, link] = ["b", "span", "a"].map((tag) => box.querySelector(tag));
  let focused = null; // The help of the control with the focus; the hover comes before it.
  let lingering = 0;

  // The element with the help of a control: it names it itself, or the row that it stands in does.
  function helpOf(target) {
    const ids = target.closest("[data-help], [aria-describedby]");
    const id = ids?.dataset.help ?? ids?.getAttribute("aria-describedby");
    const found = id && document.getElementById(id);
    return found?.dataset.name ? found : null;
  }

  function show(help) {
    if (!help) return;
    const { name: title, ends = "", term, termName } = help.dataset;
    name.textContent = ends ? `${title} · ${ends}` : title;
    words.textContent = help.textContent.trim();
    link.hidden = !term;
    if (term) {
      link.href = term;
      link.textContent = termName;
    }
  }

  root.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "mouse" && !box.contains(target)) show(helpOf(target) ?? focused);
  });
  root.addEventListener("focusin", ({ target }) => {
    if (box.contains(target)) return;
    focused = helpOf(target);
    show(focused);
  });
  root.addEventListener("pointerdown", ({ target, pointerType }) => {
    const label = target.closest("label, legend");
    if (pointerType === "mouse" || !label || label.querySelector("input")) return;
    const help = helpOf(label);
    if (!help) return;
    show(help);
    clearTimeout(lingering);
    box.classList.add("is-held");
    addEventListener(
      "pointerup",
      () => (lingering = setTimeout(() => box.classList.remove("is-held"), LINGER_MS)),
      { once: true },
    );
  });
}
