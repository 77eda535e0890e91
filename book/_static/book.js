// Formulas, what is folded, and what a keyboard must reach. No request leaves the page's folder.
"use strict";

function setFormula(place, tex) {
  const displayMode = place.classList.contains("displayed");
  katex.render(tex, place, { displayMode, throwOnError: false, strict: "ignore" });
}

function setFormulas(root) {
  for (const place of root.querySelectorAll(".formula")) {
    const tex = place.textContent;
    if (place.classList.contains("displayed")) place.dataset.tex = tex;
    setFormula(place, tex);
    if (!place.dataset.tex) keepPoint(place);
  }
}

// Formulas beside each other stand one below the other where the page is too narrow for them.
function fitFormulas() {
  for (const place of document.querySelectorAll(".formula.displayed")) {
    const { tex, lines } = place.dataset, room = place.clientWidth;
    if (lines && room > Number(lines)) {
      delete place.dataset.lines;
      setFormula(place, tex);
    }
    const parts = /\\begin|\\left/.test(tex) ? [] : tex.split("\\qquad");
    if (!room || place.dataset.lines || parts.length < 2 || place.scrollWidth <= room + 1) continue;
    const [number = ""] = tex.match(/\\tag\{\d+\}/) || [];
    place.dataset.lines = place.scrollWidth;
    setFormula(place, `\\begin{gathered}${parts.join("\\\\").replace(number, "")}\\end{gathered}${number}`);
  }
}

// A full stop or a comma stays on the line of its formula, which may itself still break.
function keepPoint(formula) {
  const after = formula.nextSibling;
  const points = after?.nodeType === Node.TEXT_NODE && after.data.match(/^[.,;:!?)\]”’]+/);
  if (!points) return;
  const line = document.createElement("span");
  line.className = "kept";
  formula.before(line);
  line.append(formula, points[0]);
  for (const part of formula.querySelectorAll(".katex-html > * + *")) part.before(document.createElement("wbr"));
  after.data = after.data.slice(points[0].length);
}

// What scrolls sideways must also scroll by keyboard; what doesn't is no stop of the Tab key.
function markScrolling() {
  for (const place of document.querySelectorAll("pre, .formula.displayed, .pst-scrollable-table-container, .table-scroll")) {
    if (place.scrollWidth > place.clientWidth + 1) place.tabIndex = 0;
    else place.removeAttribute("tabindex");
    place.addEventListener("scroll", fade, { passive: true }); // a second time is none
    fade({ target: place });
  }
}

// At the edge beyond which there is more, what is seen fades.
function fade({ target }) {
  const more = target.scrollLeft + target.clientWidth < target.scrollWidth - 1;
  target.classList.toggle("goes-on", more);
}

function fit() {
  fitFormulas();
  markScrolling();
}

// Once for all that opens at the same time.
let waiting = 0;
function fitSoon() {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(fit);
}

// A link into a folded section opens it.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let above = target.parentElement; above; above = above.parentElement)
    if (above.tagName === "DETAILS") above.open = true;
  target.scrollIntoView();
}

// On paper all is open, and as it was afterwards.
let opened = [];
function openAll() {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const each of opened) each.open = true;
}
function closeAgain() {
  for (const each of opened) each.open = false;
  opened = [];
}

document.addEventListener("DOMContentLoaded", () => {
  setFormulas(document);
  document.documentElement.dataset.formulas = "set";
  fit();
  if (location.hash) openTarget();
});
addEventListener("hashchange", openTarget);
addEventListener("resize", fitSoon);
document.fonts.addEventListener("loadingdone", fitSoon); // formulas are wider in their own letters
document.addEventListener("toggle", fitSoon, true);
addEventListener("beforeprint", openAll);
addEventListener("afterprint", closeAgain);
