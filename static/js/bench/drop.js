// Dragging parents: a work from the picker or from another window, a seedling or one from the pocket,
// onto an end of the slider or a corner of the pad, where it replaces that parent; onto the child or
// "Add a parent", where it joins them. A seedling dropped on the pocket is kept.

const TYPE = "application/x-arboretum";
const PLACES = ".bench-end, #bench-add, #bench-preview, #bench-pocket-list";

// The slug of a work in the address of its page on this site.
function workOf(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  return (url?.origin === location.origin && url.pathname.match(/^\/art\/([-\w]+)\//)?.[1]) || "";
}

export function makeDrop(root, { picker, pocket, addKept, keep, keptOf }) {
  let over = null;

  function mark(place) {
    if (place === over) return;
    over?.classList.remove("is-over");
    over = place;
    over?.classList.add("is-over");
  }

  document.addEventListener("dragstart", ({ target, dataTransfer }) => {
    const source = target.closest?.("[data-seedling], [data-kept], .bench-pick");
    if (!source) return;
    const { seedling, kept, reference, title } = source.dataset;
    dataTransfer.setData(TYPE, JSON.stringify({ seedling, kept, reference, title }));
    dataTransfer.effectAllowed = "copy";
  });
  root.addEventListener("dragover", (event) => {
    const place = event.target.closest(PLACES);
    const { types } = event.dataTransfer;
    const isOurs = place && (types.includes(TYPE) || types.includes("text/uri-list"));
    mark(isOurs ? place : null);
    if (!isOurs) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  for (const kind of ["dragleave", "dragend"])
    root.addEventListener(
      kind,
      ({ relatedTarget }) => !over?.contains(relatedTarget) && mark(null),
    );
  root.addEventListener("drop", (event) => {
    const place = event.target.closest(PLACES);
    mark(null);
    if (!place) return;
    event.preventDefault();
    const ours = event.dataTransfer.getData(TYPE);
    const slug = workOf(event.dataTransfer.getData("text/uri-list"));
    const { seedling, kept, reference, title } = ours ? JSON.parse(ours) : { reference: slug };
    const replaces = place.dataset.parent === undefined ? null : Number(place.dataset.parent);
    if (place.id === "bench-pocket-list") return seedling !== undefined && keep(Number(seedling));
    if (reference) return picker.add(reference, title ?? reference, { replaces });
    const one = kept !== undefined ? pocket.get(Number(kept)) : keptOf(Number(seedling));
    return one && addKept(one, replaces);
  });
}
