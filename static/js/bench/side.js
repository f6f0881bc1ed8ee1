// The tabs of the side column: genes, and the finish of a picture or the band of a tune.

export function makeSide(root, store) {
  const tabs = [...root.querySelectorAll("#bench-side [role=tab]")];
  const [genes, band, finish] = tabs;
  const body = root.querySelector("#bench-side-body");
  const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
  const choices = root.querySelector("#bench-gene-choices");
  const bandReset = root.querySelector("#bench-band-reset");
  const chip = root.querySelector("#bench-species");
  let medium = "";

  function open(tab) {
    if (tab.hidden) return;
    for (const each of tabs) {
      const isOpen = each === tab;
      each.setAttribute("aria-selected", String(isOpen));
      each.tabIndex = isOpen ? 0 : -1;
      panelOf(each).hidden = !isOpen;
      root.querySelector(`[data-of=${each.id.split("-").at(-1)}]`).hidden = !isOpen;
    }
    body.scrollTop = 0;
  }

  for (const tab of tabs) {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const shown = tabs.filter((each) => !each.hidden);
      const next = shown.at((shown.indexOf(tab) + step) % shown.length);
      open(next);
      next.focus();
    });
  }
  bandReset.addEventListener("click", () => store.touch({ choices: {} }));

  function show({ recipe }, species) {
    if (!species) return;
    chip.hidden = false;
    chip.textContent = species.name;
    chip.href = species.url;
    bandReset.disabled = !Object.keys(recipe.choices ?? {}).length;
    finish.hidden = !species.steps.length;
    band.hidden = species.medium !== "music";
    if (medium === species.medium) return;
    medium = species.medium;
    root.dataset.medium = medium;
    // What a tune is played by has a tab of its own; the words of a picture stand above its genes.
    if (medium === "music") panelOf(band).append(choices);
    else panelOf(genes).prepend(choices);
    if (tabs.find((tab) => tab.getAttribute("aria-selected") === "true").hidden) open(genes);
  }

  return {
    show,
    openGenes: () => open(genes),
    openOther: () => open(band.hidden ? finish : band),
  };
}
