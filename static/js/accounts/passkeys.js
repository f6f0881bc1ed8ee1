// allauth's scripts talk to the key; this turns what goes wrong into a sentence beside the button.

import { fill, gettext } from "../core/words.js";

const SENTENCES = {
  NotAllowedError: gettext(
    "The key was not used: it was cancelled, or it took too long. Try again when you are ready.",
  ),
  InvalidStateError: gettext("This key belongs to your account already."),
  NotSupportedError: gettext("This device cannot make such a key. Try a phone or a security key."),
  AbortError: gettext("The key was put away. Try again when you are ready."),
};

function sentenceFor(error) {
  if (!window.isSecureContext)
    return gettext("Keys work only over https, or on this computer itself.");
  if (/^[\d.]+$|:/.test(location.hostname)) {
    const address = `http://localhost${location.port ? `:${location.port}` : ""}/`;
    return fill(
      gettext("Keys belong to a name, not to a number. Open this page under {address}."),
      { address },
    );
  }
  return (
    SENTENCES[error?.name] ?? gettext("The key could not be read. Reload the page and try again.")
  );
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.querySelector("[data-key-error]") ?? document.createElement("p");
  place.dataset.keyError = "";
  place.className = "notice is-wrong";
  place.setAttribute("role", "alert");
  place.textContent = sentenceFor(event.detail.exception);
  document.querySelector("main h1").after(place);
});
