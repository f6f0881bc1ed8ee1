// The page of one work: sharing its address.

const button = document.querySelector("[data-share]");

function say(sentence) {
  const words = document.createElement("p");
  words.textContent = sentence;
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.append(words);
  document.getElementById("toasts").append(notice);
  setTimeout(() => notice.remove(), 4000);
}

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
