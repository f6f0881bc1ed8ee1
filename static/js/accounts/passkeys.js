// allauth's scripts talk to the passkey; this shows what went wrong as a sentence on the page.

import { fill, gettext } from "../core/words.js";

const SENTENCES = {
  NotAllowedError: gettext(
    "The passkey wasn't used: it was cancelled or took too long. Try again when you are ready.",
  ),
  InvalidStateError: gettext("This passkey is already on your account."),
  NotSupportedError: gettext("This device can't create a passkey. Try a phone or a security key."),
  AbortError: gettext("The passkey request was cancelled. Try again when you are ready."),
};

function sentenceFor(error) {
  if (!window.isSecureContext)
    return gettext("Passkeys only work over https, or on the computer the site runs on.");
  if (/^[\d.]+$|:/.test(location.hostname)) {
    const address = `http://localhost${location.port ? `:${location.port}` : ""}/`;
    return fill(
      gettext("Passkeys need a host name, not an IP address. Open this page at {address}."),
      { address },
    );
  }
  return (
    SENTENCES[error?.name] ??
    gettext("The passkey couldn't be read. Reload the page and try again.")
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
