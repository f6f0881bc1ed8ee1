// Borrowing a style or a palette from a parent, from any work by its address, or from one's own
// picture.

import { fill, gettext } from "../../core/words.js";
import { addHelp } from "../help.js";

const LETTERS = "ABCD";
const MAX_BYTES = 20 * 2 ** 20;

function ofStyle() {
  return {
    borrow: gettext("Borrow the style"),
    takeOf: gettext("Take the style from"),
    done: gettext("Style borrowed."),
    address: gettext("Address of the work to take the style from"),
    file: gettext("Your own picture to take the style from"),
    fromParent: gettext("Take the style from parent {letter}, {title}"),
  };
}

function ofColours() {
  return {
    borrow: gettext("Borrow the colours"),
    takeOf: gettext("Take the colours from"),
    done: gettext("Colours borrowed."),
    address: gettext("Address of the work to take the colours from"),
    file: gettext("Your own picture to take the colours from"),
    fromParent: gettext("Take the colours from parent {letter}, {title}"),
  };
}

// kind: "style" or "palette"; setting: the setting that is filled, with its help;
// onBorrowed(answer): called with the answer of the server, { vector } or { colours }.
export function makeBorrow(root, { kind, setting, onBorrowed, announce }) {
  const piece = document
    .getElementById("bench-borrow-template")
    .content.cloneNode(true).firstElementChild;
  const parents = piece.querySelector(".bench-borrow-parents");
  const address = piece.querySelector("input[type=text]");
  const file = piece.querySelector("input[type=file]");
  const problem = piece.querySelector(".bench-borrow-problem");
  const words = kind === "style" ? ofStyle() : ofColours();
  piece.setAttribute("aria-label", words.borrow);
  piece.querySelector(".bench-borrow-words").textContent = words.takeOf;
  address.setAttribute("aria-label", words.address);
  file.setAttribute("aria-label", words.file);
  addHelp(piece.querySelector(".bench-borrow-words"), piece, {
    name: setting.label,
    help: setting.help,
  });
  let built = "";

  async function borrow(fields) {
    const form = new FormData();
    form.set("kind", kind);
    for (const [key, value] of Object.entries(fields)) form.set(key, value);
    problem.textContent = "";
    piece.setAttribute("aria-busy", "true");
    try {
      const headers = JSON.parse(document.body.getAttribute("hx-headers"));
      const response = await fetch(root.dataset.borrow, { method: "POST", body: form, headers });
      const answer = await response.json();
      if (answer.error) problem.textContent = answer.error;
      else {
        onBorrowed(answer);
        announce(words.done);
      }
    } catch {
      problem.textContent = gettext("The studio did not answer. Try again.");
    }
    piece.removeAttribute("aria-busy");
  }

  function fromParent(index, { url, reference }, face) {
    if (url) return borrow({ work: reference });
    // A seedling is not stored on the server; its portrait on this page is all there is of it.
    if (face) return borrow({ picture: blobOf(face) });
    problem.textContent = gettext("This parent's picture isn't ready yet. Try again in a moment.");
  }

  function fromAddress() {
    if (address.value.trim()) borrow({ work: address.value.trim() });
  }

  piece.querySelector(".bench-borrow-go").addEventListener("click", fromAddress);
  address.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    fromAddress();
  });
  file.addEventListener("change", () => {
    const [picture] = file.files;
    file.value = "";
    if (!picture) return;
    if (picture.size > MAX_BYTES) problem.textContent = gettext("The picture can be up to 20 MB.");
    else borrow({ picture });
  });

  return {
    piece,
    show({ faces }, info) {
      const wanted = JSON.stringify([
        info.map(({ title, url }) => [title, url]),
        faces.map((face) => face.length),
      ]);
      if (wanted === built) return;
      built = wanted;
      parents.replaceChildren(
        ...info.map((parent, index) => {
          const button = Object.assign(document.createElement("button"), {
            type: "button",
            className: "button is-small",
            title: parent.title,
          });
          button.textContent = info.length > 1 ? LETTERS[index] : gettext("The parent");
          button.setAttribute(
            "aria-label",
            fill(words.fromParent, { letter: LETTERS[index], title: parent.title }),
          );
          button.addEventListener("click", () => fromParent(index, parent, faces[index]));
          return button;
        }),
      );
    },
  };
}

// Decoded by hand, because the content security policy forbids fetching data URLs.
function blobOf(dataUrl) {
  const bytes = Uint8Array.from(atob(dataUrl.split(",")[1]), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: "image/jpeg" });
}
