// Developing: the brood of a species that paints too slowly to follow a hand is painted by a job of
// the studio. It goes on while the page is closed; the bench keeps the job's number with the brood,
// and asks how far it is.

import { fill, gettext } from "../core/words.js";
import { stepsPayload } from "./pedigree.js";

const POLL_MS = 1500;
const RETRY_MS = 5000;
const CHILDREN = 12;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function post(address, body) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  return fetch(address, { method: "POST", body, headers });
}

// The answer as JSON; null when the studio could not be reached.
async function read(asked) {
  try {
    return await (await asked).json();
  } catch {
    return null;
  }
}

// isSlow(): whether the present species is developed. onPicture(index, picture) and
// onWithheld(index, why): called once for each child. onRefusal(sentence).
export function makeDevelop(root, { store, isSlow, onPicture, onWithheld, onRefusal }) {
  const line = root.querySelector("#bench-develop");
  const [words, bar, cancel] = line.children;
  const growWords = root.querySelector("#bench-grow span");
  const quickWords = growWords.textContent;
  let watched = ""; // The job whose pictures the tiles show or wait for.

  async function start(asked) {
    const form = new FormData();
    const { roots, chosen } = store.get();
    const parents = { roots, steps: stepsPayload(store.get()) };
    form.append("bed", JSON.stringify({ parents, chosen, recipe: asked }));
    const answer = await read(post(root.dataset.develop, form));
    if (!answer?.id)
      return onRefusal(answer?.error ?? gettext("The studio could not be reached. Try again."));
    store.update({ brood: { asked, children: answer.children, job: answer.id }, picked: [] });
  }

  async function follow(job) {
    let seen = 0;
    while (job === watched) {
      const answer = await read(fetch(`${root.dataset.develop}${job}/`));
      if (job !== watched) return;
      if (answer?.pictures) {
        report(answer);
        const { brood } = store.get();
        if (brood?.job === job && !brood.children.length)
          store.update({ brood: { ...brood, children: answer.children } });
        for (; seen < answer.pictures.length && job === watched; seen += 1)
          await receive(seen, answer.pictures[seen], () => job === watched);
        if (answer.is_over) return;
      }
      await pause(answer ? POLL_MS : RETRY_MS);
    }
  }

  async function receive(index, { url, why }, isWanted) {
    if (!url) return onWithheld(index, why);
    const answer = await fetch(url).catch(() => null);
    if (!isWanted()) return;
    if (!answer) {
      await pause(RETRY_MS);
      return receive(index, { url, why }, isWanted);
    }
    if (answer.ok) return onPicture(index, await answer.blob(), isWanted);
    onWithheld(index, gettext("This picture is no longer kept. Develop the brood again."));
  }

  function report({ state, progress, place, left, note, is_over: isOver, pictures, ...job }) {
    line.hidden = state === "done";
    bar.hidden = cancel.hidden = isOver;
    bar.value = progress;
    cancel.dataset.address = job.cancel;
    words.textContent =
      {
        queued: place
          ? fill(gettext("Waiting, number {place} in line"), { place })
          : gettext("Waiting"),
        running: fill(gettext("{n} of {all} developed"), { n: pictures.length, all: CHILDREN }),
        cancelled: gettext("Cancelled"),
      }[state] ?? note;
    if (left && !isOver) words.textContent += ` · ${left}`;
  }

  cancel.addEventListener("click", () => {
    cancel.hidden = true;
    post(cancel.dataset.address);
  });

  return {
    isSlow,
    start,
    show({ brood }) {
      growWords.textContent = isSlow()
        ? fill(gettext("Develop {n} children"), { n: CHILDREN })
        : quickWords;
      const job = brood?.job ?? "";
      if (job === watched) return;
      watched = job;
      line.hidden = true;
      if (job) follow(job);
    },
  };
}
