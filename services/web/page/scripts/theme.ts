/* Light or dark, before the first paint: a classic script, hence no imports. */
(() => {
  try {
    const theme = localStorage.getItem('atelier.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is forbidden here; the system's preference counts.
  }
})();
