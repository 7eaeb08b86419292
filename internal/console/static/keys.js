// Keys for those who work here all night. Without this file everything is still there by Tab and Enter. Keys are read nowhere that somebody types.
"use strict";
(() => {
  let after = "";
  let timer = 0;

  const typing = (e) => e.target instanceof Element && e.target.closest("input, select, textarea, [contenteditable]");
  const follow = (key) => {
    const link = [...document.querySelectorAll("a[data-key]")].find((a) => a.dataset.key === key);
    if (link) link.click();
  };
  const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")];
  const step = (by) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.findIndex((r) => r.classList.contains("at"));
    const to = Math.min(Math.max(at + by, 0), all.length - 1);
    all.forEach((r, i) => r.classList.toggle("at", i === to));
    const link = all[to].querySelector("a");
    if (link) link.focus();
    all[to].scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e)) return;
    if (after === "g") {
      after = "";
      follow(e.key);
      return;
    }
    switch (e.key) {
      case "g":
        after = "g";
        clearTimeout(timer);
        timer = setTimeout(() => { after = ""; }, 1500);
        break;
      case "/": {
        const field = document.querySelector('input[data-key="/"]');
        if (!field) return;
        e.preventDefault();
        field.focus();
        break;
      }
      case "j": step(1); break;
      case "k": step(-1); break;
      case ".": follow("more"); break;
      case "?": follow("?"); break;
    }
  });
})();
