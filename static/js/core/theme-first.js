// Runs before the first paint (a plain script in <head>, on purpose neither module nor deferred),
// so that a stored theme
// never flashes the other one. Without a stored choice the system decides.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to us (private windows, strict settings): the system's choice stands.
}
document.documentElement.classList.add("has-script");
