// The page of everybody's answers to one question: what is marked is saved as it goes.
"use strict";

const main = document.querySelector("main");
const articles = [...document.querySelectorAll("article")];
const find = (article, what) => article.querySelector(what);
const items = article => [...article.querySelectorAll(".item")];
const pressed = button => button.getAttribute("aria-pressed") === "true";
const press = (button, on) => button.setAttribute("aria-pressed", String(on));
let current = articles[0];

// The server.

async function ask(method, body) {
  const headers = {"Content-Type": "application/json", "X-XSRFToken": main.dataset.token};
  const answer = await fetch(main.dataset.place, {method, headers, body: body && JSON.stringify(body)});
  return {status: answer.status, ...await answer.json()};
}

// An article's form: what it says, and what the gradebook has.

function form(article) {
  const points = find(article, ".points").value.trim();
  return {
    points: points === "" ? null : Number(points),
    ticked: items(article).filter(pressed).map(button => Number(button.dataset.item)),
    words: find(article, ".words").value.trim(),
  };
}

const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const given = mark => ({points: mark.points, ticked: mark.ticked, words: mark.words.trim()});
const edited = article => !alike(form(article), given(article.marks[0]));

function fill(article, marks) {
  article.marks = marks;
  const [mark] = marks;
  for (const button of items(article)) press(button, mark.ticked.includes(Number(button.dataset.item)));
  find(article, ".points").value = mark.points ?? "";
  find(article, ".words").value = mark.words;
  show(article);
}

function show(article) {
  const {marks} = article, waits = marks.some(mark => mark.waits), [mark] = marks;
  const differ = marks.some(other => !alike(given(other), given(mark)));
  const points = mark.points ?? mark.automatic;
  const read = points === null ? "" : `${points} points`;
  find(article, ".state").textContent =
    differ ? "equal answers, marked differently so far" : waits ? `to read ${read && `(${read} before)`}` : read;
  article.classList.toggle("read", !waits);
  find(article, ".confirm").hidden = !(differ || (waits && mark.points !== null));
  const all = articles.flatMap(each => each.marks || []);
  const done = all.filter(each => !each.waits).length;
  document.querySelector("#progress").textContent = `${done} of ${all.length} read`;
  Object.assign(document.querySelector("#bar"), {max: all.length, value: done});
}

function say(article, words, wrong = false) {
  const said = find(article, ".said");
  said.textContent = words;
  said.classList.toggle("wrong", wrong);
}

// Saving: one request of an article at a time, and what is changed meanwhile goes into the next.

async function save(article, anyway = false) {
  if (article.saving) { article.again = true; return; }
  if (!anyway && (article.asked || !edited(article))) return;
  article.asked = false;
  article.saving = true;
  const wanted = form(article);
  say(article, "saving …");
  try {
    const answer = await ask("PUT", {...wanted, marks: article.marks});
    if (answer.status === 200) taken(article, answer.marks, wanted);
    else if (answer.status === 409) overtaken(article, answer.marks);
    else say(article, `Not saved: ${answer.said || answer.message}`, true);
  } catch (error) {
    say(article, `Not saved, the server doesn't answer. It is tried again.`, true);
    setTimeout(() => save(article), 5000);
  }
  article.saving = false;
  if (article.again) { article.again = false; save(article); }
}

function taken(article, marks, wanted) {
  article.marks = marks;
  if (alike(form(article), wanted)) fill(article, marks);
  show(article);
  say(article, "saved");
}

// Somebody else was faster: their mark stands, and nothing is saved until this grader chooses.
function overtaken(article, marks) {
  article.asked = true;
  article.marks = marks;
  const [mark] = marks, said = find(article, ".said");
  say(article, `Somebody else has given ${mark.points ?? "no"} points meanwhile` +
    `${mark.words ? `, saying: ${mark.words.slice(0, 200)}` : ""}. `, true);
  for (const [words, act] of [
    ["Take theirs", () => { article.asked = false; fill(article, marks); say(article, "theirs taken"); }],
    ["Save mine instead", () => save(article, true)],
  ]) {
    const button = Object.assign(document.createElement("button"), {type: "button", textContent: words});
    button.addEventListener("click", () => { act(); article.focus(); });
    said.append(" ", button);
  }
  show(article);
}

// What a grader does.

function tick(article, button) {
  const on = !pressed(button);
  for (const other of items(article))
    if (other.dataset.group === button.dataset.group) press(other, false);
  press(button, on);
  const sum = items(article).filter(pressed).reduce((all, each) => all + Number(each.dataset.points), 0);
  find(article, ".points").value = Math.min(sum, Number(find(article, ".points").max));
  save(article);
}

function none(article) {
  for (const button of items(article)) press(button, false);
  find(article, ".points").value = 0;
  save(article);
}

function go(article, scroll = true) {
  if (!article) return;
  current.classList.remove("current");
  current = article;
  current.classList.add("current");
  if (scroll) {
    article.focus({preventScroll: true});
    article.scrollIntoView({block: "start"});
  }
}

function toRead(after = articles.indexOf(current)) {
  const order = [...articles.slice(after + 1), ...articles.slice(0, after + 1)];
  return order.find(article => article.marks.some(mark => mark.waits));
}

function offer(article) {
  const used = new Map();
  for (const {words} of articles.flatMap(each => each.marks))
    if (words.trim()) used.set(words, (used.get(words) || 0) + 1);
  const list = find(article, ".reuse div");
  list.replaceChildren(...[...used].sort((a, b) => b[1] - a[1]).slice(0, 20).map(([words]) => {
    const button = Object.assign(document.createElement("button"), {type: "button", textContent: words});
    button.addEventListener("click", () => {
      const field = find(article, ".words");
      field.value = field.value.trim() ? `${field.value.trim()}\n\n${words}` : words;
      find(article, ".reuse").open = false;
      field.focus();
      save(article);
    });
    return button;
  }));
  if (!used.size) list.textContent = "None yet.";
}

// Called when the list has been opened: a list made anew would lose the focus.
function choose(article) {
  offer(article);
  if (article.toChoose) (find(article, ".reuse div button") || find(article, ".reuse summary")).focus();
  article.toChoose = false;
}

const keys = {
  n: () => go(articles[articles.indexOf(current) + 1]),
  p: () => go(articles[articles.indexOf(current) - 1]),
  u: () => go(toRead()),
  z: () => none(current),
  o: () => find(current, ".confirm").hidden || current.asked || save(current, true),
  m: () => find(current, ".points").focus(),
  c: () => find(current, ".words").focus(),
  r: () => {
    const reuse = find(current, ".reuse");
    current.toChoose = true;
    if (reuse.open) choose(current); else reuse.open = true;
  },
};

document.addEventListener("keydown", event => {
  const inField = event.target.matches("textarea, input[type=number]");
  if (event.key === "Escape" && event.target.closest("form")) current.focus();
  if (event.ctrlKey || event.altKey || event.metaKey || inField) return;
  if (!document.querySelector("#single-keys").checked) return;
  const button = /^[1-9]$/.test(event.key) && items(current)[Number(event.key) - 1];
  if (button) tick(current, button);
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});

for (const article of articles) {
  fill(article, JSON.parse(article.dataset.marks));
  let waiting;
  article.addEventListener("focusin", () => go(article, false));
  article.addEventListener("pointerdown", () => go(article, false));
  article.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => save(article), 800);
  });
  article.addEventListener("change", () => save(article));
  find(article, "form").addEventListener("submit", event => { event.preventDefault(); save(article); });
  for (const button of items(article)) button.addEventListener("click", () => tick(article, button));
  find(article, ".confirm").addEventListener("click", () => article.asked || save(article, true));
  find(article, ".reuse").addEventListener("toggle", event => event.target.open && choose(article));
}
if (current) go(toRead(-1) || current, false);

// What other graders give is shown where nothing is being written.
setInterval(async () => {
  if (document.hidden) return;
  const answer = await ask("GET").catch(() => ({}));
  const now = new Map((answer.marks || []).map(mark => [mark.id, mark]));
  for (const article of articles) {
    const marks = article.marks.map(mark => now.get(mark.id) || mark);
    const busy = article.saving || article.asked || edited(article) || article.contains(document.activeElement) && document.activeElement.matches("textarea, input");
    if (!busy && !alike(marks, article.marks)) fill(article, marks);
  }
}, 10_000);

addEventListener("beforeunload", event => {
  if (articles.some(article => article.saving || edited(article))) event.preventDefault();
});

// Formulas are set where they are looked at.
if (main.dataset.mathjax) {
  window.MathJax = {
    skipStartupTypeset: true, messageStyle: "none", showMathMenu: false,
    menuSettings: {inTabOrder: false},
    tex2jax: {inlineMath: [["$", "$"], ["\\(", "\\)"]], processEscapes: true, processEnvironments: true},
    "HTML-CSS": {availableFonts: [], imageFont: null, preferredFont: null, webFont: "STIX-Web", linebreaks: {automatic: true}},
  };
  const script = Object.assign(document.createElement("script"), {src: main.dataset.mathjax});
  script.addEventListener("load", () => {
    const seen = new IntersectionObserver(entries => {
      for (const {isIntersecting, target} of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        const {Hub, InputJax} = window.MathJax;
        // Two answers may have a label of the same name.
        Hub.Queue(["Typeset", Hub, target], () => InputJax.TeX.resetEquationNumbers());
      }
    }, {rootMargin: "600px"});
    for (const part of document.querySelectorAll(".answer, #question, fieldset")) seen.observe(part);
  });
  document.head.append(script);
}
