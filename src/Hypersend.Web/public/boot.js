// Runs before the first paint, so that theme, colour and direction never flash. The policy forbids inline
// scripts, hence a file of its own; src/look.ts writes what is read here.
(function () {
  try {
    var look = JSON.parse(localStorage.getItem("hs.look") || "{}");
    var root = document.documentElement;
    if (look.theme === "light" || look.theme === "dark") root.dataset.theme = look.theme;
    if (typeof look.hue === "number" && typeof look.chroma === "number") {
      root.style.setProperty("--hue", look.hue);
      root.style.setProperty("--chroma", look.chroma);
    }
    if (typeof look.lang === "string") root.lang = look.lang;
    if (look.dir === "rtl") root.dir = "rtl";
  } catch (unreadable) {
    // Storage can be switched off; the style sheet's own defaults are fine then.
  }
})();
