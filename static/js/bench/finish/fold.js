// A fold of the finishing panel: closed until wanted, with what is set beside its name.

export function makeFold({ label, name = "" }) {
  const piece = document
    .getElementById("bench-step-template")
    .content.cloneNode(true).firstElementChild;
  const sum = piece.querySelector(".bench-fold-sum");
  const body = piece.querySelector(".bench-fold-body");
  piece.querySelector(".bench-fold-name").textContent = label;
  if (name) piece.dataset.step = name;
  body.setAttribute("aria-label", label);
  return {
    piece,
    body,
    setSum(words) {
      if (sum.textContent !== words) sum.textContent = words;
    },
  };
}
