// Remembers the list in which somebody opened a work, so that the lightbox of its page can go on
// along it: the pages of its pictures in order, its name, and where more of it is to be had.

const KEY = "came-from";

// The pages of the works with a picture among these cards, and the address of the next cards.
export function readCards(root) {
  const links = [...root.querySelectorAll(".work:not(.is-tune) > a:has(img)")];
  return {
    pages: links.map((link) => new URL(link.getAttribute("href"), location.href).pathname),
    more: root.querySelector(".wall-more > a")?.getAttribute("href") ?? "",
  };
}

export function readList() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export function storeList(list) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    // Storage is unavailable: the lightbox shows this one work.
  }
}

document.addEventListener("click", (event) => {
  const wall = event.target.closest?.(".work > a")?.closest(".wall");
  if (!wall) return;
  const { pages, more } = readCards(wall);
  const address = more && new URL(more, location.href).href;
  storeList({ pages, more: address, name: wall.dataset.name ?? "" });
});
