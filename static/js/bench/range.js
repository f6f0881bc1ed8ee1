// Draws the filled part of a range's track: from the left, or from the middle if zero is there.

export function drawRange(range) {
  const [low, high] = [Number(range.min), Number(range.max)];
  const at = (100 * (Number(range.value) - low)) / (high - low);
  const isCentred = range.classList.contains("bench-range-centre");
  range.style.setProperty("--from", `${isCentred ? Math.min(50, at) : 0}%`);
  range.style.setProperty("--to", `${isCentred ? Math.max(50, at) : at}%`);
}

// A double click or Delete sets a range back.
export function setBack(range, back) {
  range.addEventListener("dblclick", back);
  range.addEventListener("keydown", (event) => {
    if (!["Delete", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    back();
  });
}
