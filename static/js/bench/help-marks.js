// Help opens beside its question mark instead of in the middle of the window, and stays there while
// the page scrolls.

const GAP = 8;
let open = null;

function place() {
  if (!open) return;
  const mark = document.querySelector(`[popovertarget="${open.id}"]`);
  if (!mark) return;
  // Below the whole slider, so that the control stays visible.
  const row = (mark.closest(".bench-gene, .bench-amount") ?? mark).getBoundingClientRect();
  const at = mark.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = open;
  const left = Math.max(
    GAP,
    Math.min(at.left - 2 * GAP, document.documentElement.clientWidth - width - GAP),
  );
  const isRoomBelow = row.bottom + GAP + height < innerHeight;
  open.style.left = `${left}px`;
  open.style.top = `${Math.max(GAP, isRoomBelow ? row.bottom + GAP : at.top - height - GAP)}px`;
}

// "toggle" does not bubble; it is caught on its way down.
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.(".help-words")) return;
    if (event.newState === "open") open = event.target;
    else if (open === event.target) open = null;
    place();
  },
  true,
);
addEventListener("scroll", place, { passive: true, capture: true });
addEventListener("resize", place);
