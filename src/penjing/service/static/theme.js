// Light or dark: the system's choice until the visitor makes one.

const system = matchMedia("(prefers-color-scheme: dark)");

function apply() {
  const chosen = localStorage.getItem("theme");
  document.documentElement.dataset.theme = chosen || (system.matches ? "dark" : "light");
}

apply();
system.addEventListener("change", apply);
document.getElementById("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme === "dark";
  localStorage.setItem("theme", dark ? "light" : "dark");
  apply();
  document.dispatchEvent(new Event("themechange"));
});
