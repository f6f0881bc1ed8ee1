// The player of a tune on another site: one sound, no queue.

import { makeSound } from "./sound.js";

const root = document.getElementById("embed");
makeSound(root, root.querySelector("audio"));
