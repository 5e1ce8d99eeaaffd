// Light or dark: the system's choice until the visitor makes one. Not a module, so that it runs
// before anything is painted.

{
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  let storage = null; // where a visitor forbids that, the choice lasts as long as the page
  try {
    storage = localStorage;
  } catch {}
  let chosen = storage?.getItem("theme");
  const apply = () => {
    root.dataset.theme = chosen || (system.matches ? "dark" : "light");
  };
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("theme").addEventListener("click", () => {
      chosen = root.dataset.theme === "dark" ? "light" : "dark";
      storage?.setItem("theme", chosen);
      apply();
    });
  });
}
