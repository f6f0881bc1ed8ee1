// The page of one work: scrolls a family tree that is wider than the window to this work, and loads
// the steps of its replay.

for (const tree of document.querySelectorAll(".tree")) {
  const self = tree.querySelector(".is-self")?.getBoundingClientRect();
  if (self)
    tree.scrollLeft +=
      self.left + self.width / 2 - tree.getBoundingClientRect().left - tree.clientWidth / 2;
}

// They come while they are still a window away, so that nothing moves before somebody's eyes.
const replay = document.querySelector(".replay-placeholder");
if (replay) {
  const watcher = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      watcher.disconnect();
      window.htmx.process(replay); // It may not have read the page yet.
      window.htmx.trigger(replay, "near");
    },
    { rootMargin: "100% 0px" },
  );
  watcher.observe(replay);
}
