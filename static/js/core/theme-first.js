// Applies a stored theme before the first paint, so that the other theme never flashes. This is
// deliberately a plain script in <head>, neither a module nor deferred. Without a stored choice the
// system's theme applies.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is unavailable (private windows, strict settings): the system's theme applies.
}
document.documentElement.classList.add("has-script");
