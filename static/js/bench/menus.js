// Menus that open beside the button that they are about: of a parent, of a seedling in the pocket.

const GAP = 6;

// does: { name: (about) => ... } for the entries with data-does. Returns open(button, about), where
// `about` is passed on, and the menu itself.
export function makeMenu(id, does) {
  const menu = document.getElementById(id);
  let now = null;

  menu.addEventListener("click", ({ target }) => {
    const entry = target.closest("[data-does]");
    if (!entry || entry.disabled) return;
    menu.hidePopover();
    does[entry.dataset.does]?.(now);
  });
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const entries = [...menu.querySelectorAll(":is(a, button):not([hidden], :disabled)")];
    const at = entries.indexOf(document.activeElement);
    entries.at((at + step) % entries.length)?.focus();
  });

  function open(button, about) {
    now = about;
    menu.showPopover({ source: button });
    const at = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu;
    const isRoomBelow = at.bottom + GAP + height < innerHeight;
    const left = Math.min(at.left, document.documentElement.clientWidth - width - GAP);
    menu.style.left = `${Math.max(GAP, left)}px`;
    menu.style.top = `${Math.max(GAP, isRoomBelow ? at.bottom + GAP : at.top - height - GAP)}px`;
    menu.querySelector(":is(a, button):not([hidden], :disabled)")?.focus({ preventScroll: true });
  }

  return { open, menu };
}
