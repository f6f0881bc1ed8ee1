// The page of one work: scrolls a family tree that is wider than the window to this work.

for (const tree of document.querySelectorAll(".tree")) {
  const self = tree.querySelector(".is-self")?.getBoundingClientRect();
  if (self)
    tree.scrollLeft +=
      self.left + self.width / 2 - tree.getBoundingClientRect().left - tree.clientWidth / 2;
}
