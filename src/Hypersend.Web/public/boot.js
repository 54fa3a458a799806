// Runs before the first paint, so that theme, colour and direction never flash, and begins to load what the page will ask
// for as soon as it runs. The policy forbids inline scripts, hence a file of its own; src/look.ts writes what is read here.
(function () {
  var look = {};
  var isIn = false;
  try {
    look = JSON.parse(localStorage.getItem("hs.look") || "{}");
    isIn = localStorage.getItem("hs.in") === "1";
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

  // The build writes down which files these are.
  var told = document.currentScript.dataset;
  if (!told.words) return;
  function ahead(file) {
    var link = document.createElement("link");
    // A sheet takes its place only when it is asked for: here it would stand before those of the page.
    if (/\.css$/.test(file)) {
      link.rel = "preload";
      link.as = "style";
    } else {
      link.rel = "modulepreload";
    }
    link.crossOrigin = "";
    link.href = "/assets/" + file;
    document.head.appendChild(link);
  }
  var catalogues = told.words.split(" ");
  function wordsOf(language) {
    return catalogues.find(function (file) {
      return file.indexOf(String(language).toLowerCase().split("-")[0] + "-") === 0;
    });
  }
  var wanted = [look.langChosen ? look.lang : ""].concat(navigator.languages || [], "en");
  ahead(wordsOf(wanted.find(wordsOf)));
  if (isIn) told.home.split(" ").forEach(ahead);
})();
