// Formulas, what is folded, and what a keyboard must reach. No request leaves the page's folder.
"use strict";

function setFormulas(root) {
  for (const place of root.querySelectorAll(".formula")) {
    const tex = place.textContent;
    katex.render(tex, place, {
      displayMode: place.classList.contains("displayed"), throwOnError: false, strict: "ignore",
    });
    if (!place.classList.contains("displayed")) keepPoint(place);
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
  }
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
  markScrolling();
  if (location.hash) openTarget();
});
addEventListener("hashchange", openTarget);
addEventListener("resize", markScrolling);
document.addEventListener("toggle", markScrolling, true);
addEventListener("beforeprint", openAll);
addEventListener("afterprint", closeAgain);
