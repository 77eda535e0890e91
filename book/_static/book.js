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

// What may stand on several lines, as TeX that does: formulas beside each other, parted by \qquad, by
// \quad after a comma, or by a second & of an alignment; and a chain of equal signs. Else false.
function lined(tex) {
  const [number = ""] = tex.match(/\\tag\{\d+\}/) || [];
  const aligned = tex.match(/^\s*\\begin\{aligned\}([^]*)\\end\{aligned\}/);
  if (aligned && aligned[1].includes(", &"))
    return `\\begin{aligned}${aligned[1].replaceAll(", &", ", \\\\")}\\end{aligned}${number}`;
  const parts = tex.replace(number, "").split(/\\qquad|(?<=,)\s*\\quad/).filter((part) => part.trim());
  if (parts.length > 1 && parts.every(balanced)) return `\\begin{gathered}${parts.join("\\\\")}\\end{gathered}${number}`;
  const [first, ...others] = tex.replace(number, "").split("=");
  return others.length > 1 && [first, ...others].every(balanced)
    && `\\begin{aligned}${first}&=${others.join("\\\\&=")}\\end{aligned}${number}`;
}

// Whether what is opened in a piece of TeX is closed in it.
function balanced(tex) {
  const count = (word) => tex.split(word).length;
  const pairs = [["{", "}"], [/\\begin\b/, /\\end\b/], [/\\left\b/, /\\right\b/]];
  return pairs.every(([opens, closes]) => count(opens) === count(closes));
}

// Formulas beside each other stand one below the other where the page is too narrow for them.
// All sizes are read before anything is written: each change would have the page laid out again.
function fitFormulas() {
  const places = [...document.querySelectorAll(".formula.displayed")];
  for (const [place, room, width] of places.map((each) => [each, each.clientWidth, each.scrollWidth])) {
    const { tex, lines } = place.dataset;
    if (lines && room > Number(lines)) {
      delete place.dataset.lines;
      setFormula(place, tex);
    } else if (!lines && room && width > room + 1 && lined(tex)) {
      place.dataset.lines = width;
      setFormula(place, lined(tex));
    }
  }
}

// What is still too wide by a little is set smaller, never below three quarters; the rest scrolls.
const SMALLEST = 0.75;
function shrinkFormulas() {
  const places = [...document.querySelectorAll(".formula.displayed")];
  for (const [place, room, width] of places.map((each) => [each, each.clientWidth, each.scrollWidth])) {
    const now = Number(place.dataset.scale || 1);
    if (!room || (now === 1 && width <= room + 1)) continue;
    const whole = width > room + 1 ? width / now : Number(place.dataset.whole);
    const scale = Math.min(1, Math.floor((100 * room) / whole) / 100);
    place.dataset.whole = whole;
    place.dataset.scale = scale < SMALLEST ? 1 : scale;
    place.style.fontSize = `${place.dataset.scale}em`;
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
  const places = document.querySelectorAll("pre, .formula.displayed, .pst-scrollable-table-container, .table-scroll");
  const sizes = [...places].map((each) => [each, each.scrollWidth > each.clientWidth + 1, goesOn(each)]);
  for (const [place, scrolls, more] of sizes) {
    if (scrolls) place.tabIndex = 0;
    else place.removeAttribute("tabindex");
    place.classList.toggle("goes-on", more);
    place.addEventListener("scroll", fade, { passive: true }); // a second time is none
  }
}

// At the edge beyond which there is more, what is seen fades.
const goesOn = (place) => place.scrollLeft + place.clientWidth < place.scrollWidth - 1;
const fade = ({ target }) => target.classList.toggle("goes-on", goesOn(target));

function fit() {
  fitFormulas();
  shrinkFormulas();
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
