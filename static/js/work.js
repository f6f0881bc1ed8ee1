// The page of one work: sharing its address, and bringing it to the middle of a family tree that is wider than the window.

import { say } from "./site.js";

const button = document.querySelector("[data-share]");

async function share() {
  const address = location.origin + location.pathname;
  if (navigator.share && matchMedia("(hover: none)").matches) {
    await navigator.share({ title: button.dataset.title, url: address }).catch(() => {}); // Closing the sheet is no error.
    return;
  }
  try {
    await navigator.clipboard.writeText(address);
    say("The address is copied.");
  } catch {
    say(`The address is ${address}`);
  }
}

button?.addEventListener("click", share);

for (const tree of document.querySelectorAll(".tree")) {
  const self = tree.querySelector(".is-self")?.getBoundingClientRect();
  if (self) tree.scrollLeft += self.left + self.width / 2 - tree.getBoundingClientRect().left - tree.clientWidth / 2;
}
