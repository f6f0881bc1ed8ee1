// The positions of the tour's light and card, which move by transforms alone. On a phone the card is
// at the bottom, or at the top where the light is down there; the child stays at the top.

const GAP = 16;
const RIM = 8;
const isNarrow = () => matchMedia("(max-width: 719px)").matches;
const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The visible elements of a selector.
export function visible(selector) {
  return [...document.querySelectorAll(selector)].filter(
    (element) => element.getClientRects().length,
  );
}

export function boundsOf(elements) {
  const boxes = elements.map((element) => element.getBoundingClientRect());
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ right }) => right)),
    top: Math.min(...boxes.map(({ top }) => top)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

// The part of the window in which a control is visible: neither under the card nor under the child
// and its blend, which stick to the top.
export function areaFor(targets, card) {
  if (!isNarrow()) return { top: 0, bottom: innerHeight };
  if (isAtBottom(targets)) return { top: card.offsetHeight + GAP, bottom: innerHeight };
  const held = document.querySelector(".bench-hold");
  const isBelow = !held.contains(targets[0]);
  return {
    top: isBelow ? held.offsetHeight : 0,
    bottom: innerHeight - card.offsetHeight - GAP,
  };
}

function isAtBottom(targets) {
  return targets[0].closest(".bench-acts") !== null;
}

export function scrollInto({ top, bottom }, area) {
  const isSeen = top >= area.top + RIM && bottom <= area.bottom - RIM;
  if (isSeen) return;
  const room = area.bottom - area.top - (bottom - top);
  const wanted = area.top + Math.max(2 * RIM, room / 2);
  scrollBy({ top: top - wanted, behavior: isStill() ? "instant" : "smooth" });
}

// Cuts the light out of the shade, and returns its rim.
export function lightUp(light, bounds, area) {
  const rim = {
    left: Math.max(4, bounds.left - RIM),
    right: Math.min(document.documentElement.clientWidth - 4, bounds.right + RIM),
    top: Math.max(4, area.top, bounds.top - RIM),
    bottom: Math.max(area.top, Math.min(area.bottom - 4, bounds.bottom + RIM)),
  };
  Object.assign(light.style, {
    transform: `translate(${rim.left}px, ${rim.top}px)`,
    width: `${Math.max(0, rim.right - rim.left)}px`,
    height: `${Math.max(0, rim.bottom - rim.top)}px`,
  });
  return rim;
}

// Puts the card beside the light where there is room (right, left, below, above), or in the corner.
export function placeCard(card, rim, targets) {
  const { offsetWidth: width, offsetHeight: height } = card;
  const [wide, high] = [document.documentElement.clientWidth, innerHeight];
  const move = (left, top) => (card.style.transform = `translate(${left}px, ${top}px)`);
  if (isNarrow()) return move(0, isAtBottom(targets) ? 0 : high - height);
  const across = Math.max(GAP, Math.min(rim.left, wide - width - GAP));
  const along = Math.max(GAP, Math.min(rim.top, high - height - GAP));
  const places = [
    [rim.right + GAP, along],
    [rim.left - GAP - width, along],
    [across, rim.bottom + GAP],
    [across, rim.top - GAP - height],
    [wide - width - GAP, high - height - GAP],
  ];
  const fits = ([left, top]) =>
    left >= GAP && top >= GAP && left + width <= wide - GAP && top + height <= high - GAP;
  return move(...(places.find(fits) ?? places.at(-1)));
}
