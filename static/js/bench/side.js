// The tabs of the side column: genes, and the finish of a picture or the band of a tune.

export function makeSide(root) {
  const tabs = [...root.querySelectorAll("#bench-side [role=tab]")];
  const [genes, finish] = tabs;
  const body = root.querySelector("#bench-side-body");
  const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
  const chip = root.querySelector("#bench-species");
  let isBand = null; // Unknown until the studio names the species.
  let now = genes;

  function open(tab) {
    if (tab.hidden) return;
    now = tab;
    for (const each of tabs) {
      each.setAttribute("aria-selected", String(each === now));
      each.tabIndex = each === now ? 0 : -1;
      panelOf(each).hidden = each !== now;
    }
    const tools = now === genes ? "genes" : isBand ? "band" : "finish";
    for (const each of root.querySelectorAll("[data-of]")) each.hidden = each.dataset.of !== tools;
    body.scrollTop = 0;
  }

  for (const tab of tabs) {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", (event) => {
      if (!["ArrowRight", "ArrowLeft"].includes(event.key)) return;
      event.preventDefault();
      open(now === genes ? finish : genes);
      now.focus();
    });
  }

  function show(state, species) {
    if (!species) return;
    chip.hidden = false;
    chip.textContent = species.name;
    chip.href = species.url;
    finish.hidden = !species.steps.length && species.medium !== "music";
    if (isBand === (species.medium === "music") && genes.hidden !== species.has_genes) return;
    isBand = species.medium === "music";
    genes.hidden = !species.has_genes;
    root.dataset.medium = species.medium;
    root.dataset.genes = species.has_genes ? "yes" : "no";
    if (genes.hidden) now = finish;
    open(finish.hidden ? genes : now);
  }

  return { show, openGenes: () => open(genes), openOther: () => open(finish) };
}
