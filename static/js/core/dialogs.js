// Closes a dialog by a press beside it. Press and release must both be there: a text that is selected
// beyond the dialog's edge, or a fragment that is replaced under the pointer, ends in a click on the
// dialog, too.
export function closeByPressBeside(dialog) {
  let isPressedBeside = false;
  dialog.addEventListener("pointerdown", ({ target }) => (isPressedBeside = target === dialog));
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog && isPressedBeside) dialog.close();
  });
}
