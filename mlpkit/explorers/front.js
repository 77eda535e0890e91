// The one front end of every explorer. In a notebook anywidget calls `render`; on a page without a
// kernel `play` gets a recording. Python draws; here are inputs, the picture, its words, the story.

const SPEEDS = [["half speed", 0.5], ["normal", 1], ["twice", 2], ["four times", 4]];
const PATIENCE = 2500; // milliseconds until a question that nobody answers is said to be one
const SAVED = "This is the last picture. Run this cell to move it.";
const SILENT = "Nothing answers. Wait if a cell is running; if none is: run this cell to move it.";
const DISCONNECTED = "jupyter-widgets-disconnected"; // ipywidgets' mark on a view without a kernel
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// JupyterLab takes keys from whatever is focused, unless the element itself says no.
function keepKeys(node) {
  node.setAttribute("data-lm-suppress-shortcuts", "true");
  node.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  return node;
}

const button = (text, click, more = {}) =>
  keepKeys(make("button", { type: "button", click, ...more }, text));

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

// ---- Inputs: each has a node, shows a value, and tells of another one. ----

function row(spec, id, input, output) {
  const label = make("label", { for: id }, spec.label);
  return make("div", { class: "control" }, label, keepKeys(input), ...(output ? [output] : []));
}

function range(spec, id, tell) {
  const last = spec.texts.length - 1;
  const input = make("input", {
    id, type: "range", min: 0, max: last, step: 1, input: () => {
      say(Number(input.value));
      tell(Number(input.value));
    },
  });
  const output = make("output", { for: id });
  const say = (at) => {
    output.textContent = spec.texts[at];
    input.setAttribute("aria-valuetext", spec.texts[at]);
  };
  const show = (at) => {
    input.value = at;
    say(at);
  };
  // As wide as the longest, so that nothing moves.
  output.style.minWidth = `${Math.max(...spec.texts.map((text) => text.length))}ch`;
  return { node: row(spec, id, input, output), show };
}

function select(spec, id, tell) {
  const options = spec.texts.map((text, at) => make("option", { value: at }, text));
  const input = make("select", { id, change: () => tell(Number(input.value)) }, ...options);
  return { node: row(spec, id, input), show: (at) => (input.value = at) };
}

function toggle(spec, id, tell) {
  const input = make("input", { id, type: "checkbox", change: () => tell(Number(input.checked)) });
  return { node: row(spec, id, input), show: (at) => (input.checked = Boolean(at)) };
}

function pad(spec, id, tell, recorded) {
  const side = 240;
  const paper = make("canvas", { id, role: "img", "aria-label": recorded ? "the drawing" : `${spec.label}, by mouse or finger` });
  const clear = button("Clear", () => tell((strokes = [])), { "aria-label": "Clear the drawing" });
  const pen = paper.getContext("2d");
  let strokes = [], drawing = false;
  paper.width = paper.height = 2 * side;
  const paint = () => {
    pen.fillStyle = "white"; // paper, on a dark theme as well
    pen.fillRect(0, 0, 2 * side, 2 * side);
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = 0.15 * side;
    for (const stroke of strokes) {
      pen.beginPath();
      pen.moveTo(2 * side * stroke[0][0], 2 * side * stroke[0][1]);
      for (const [x, y] of stroke) pen.lineTo(2 * side * x, 2 * side * y);
      pen.stroke();
    }
  };
  const point = (event) => {
    const box = paper.getBoundingClientRect();
    const share = (value) => Math.round(1000 * Math.min(Math.max(value, 0), 1)) / 1000;
    return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
  };
  paper.addEventListener("pointerdown", (event) => {
    if (recorded) return;
    paper.setPointerCapture(event.pointerId);
    if (paper.dataset.example) strokes = []; // an example makes room for what is drawn
    drawing = true;
    strokes = [...strokes, [point(event)]];
    paint();
  });
  paper.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    strokes.at(-1).push(point(event));
    paint();
    tell(strokes);
  });
  for (const end of ["pointerup", "pointercancel"])
    paper.addEventListener(end, () => {
      if (drawing) tell(strokes);
      drawing = false;
    });
  const show = (value, all) => {
    paper.dataset.example = all.example ? "yes" : "";
    if (drawing) return;
    strokes = value.map((stroke) => [...stroke]);
    paint();
  };
  const label = make("span", {}, spec.label);
  return { node: make("div", { class: "control pad" }, label, paper, ...(recorded ? [] : [clear])), show };
}

const KINDS = { range, select, switch: toggle, pad };

// ---- The story: one control runs through its values. ----

function storyBar(spec, at, go, busy) {
  const { control, at: values, seconds } = spec.story;
  let timer = null, speed = 1;
  const next = (by) => {
    const here = at(control), exact = values.indexOf(here);
    if (exact >= 0) return values[exact + by];
    const later = values.filter((value) => value > here), before = values.filter((value) => value < here);
    return by > 0 ? later[0] : before.at(-1);
  };
  const step = (by) => {
    const value = next(by);
    if (value !== undefined) go({ [control]: value });
    return value !== undefined;
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    playing.textContent = "▶ Play";
  };
  const tick = () => {
    timer = setTimeout(() => {
      if (busy() || step(1)) tick();
      else stop();
    }, (1000 * seconds) / speed);
  };
  const play = () => {
    if (timer !== null) return stop();
    if (next(1) === undefined) go({ [control]: values[0] });
    else step(1);
    playing.textContent = "❚❚ Pause";
    tick();
  };
  const by = (way) => () => {
    stop();
    if (!step(way) && way > 0) go({ [control]: values[0] }); // after the end it begins anew, as Play does
  };
  const playing = button("▶ Play", play, { class: "play" });
  const speeds = SPEEDS.map(([text, factor]) => make("option", { value: factor, selected: factor === 1 }, text));
  const pace = keepKeys(make("select", { "aria-label": "speed", change: () => (speed = Number(pace.value)) }, ...speeds));
  const bar = [button("◀ Back", by(-1)), playing, button("Step ▶", by(1)), pace];
  const calm = () => {
    stop();
    playing.hidden = pace.hidden = STILL.matches; // who asks for less motion steps by hand
  };
  STILL.addEventListener("change", calm);
  calm();
  const end = () => {
    stop();
    STILL.removeEventListener("change", calm);
  };
  return { bar, stop, end };
}

// ---- Places of the picture that can be dragged, or moved with the arrow keys. ----

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function dragging(frame, ask) {
  let handles = [], nodes = [];
  const share = (event) => {
    const box = frame.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const drag = (number, [x, y]) => {
    Object.assign(handles[number], { x, y });
    ask({ drag: { handle: number, x, y } });
  };
  const follow = (number, node) => {
    node.addEventListener("pointerdown", (event) => {
      node.setPointerCapture(event.pointerId);
      node.dataset.held = "yes";
    });
    node.addEventListener("pointermove", (event) => node.dataset.held && drag(number, share(event)));
    for (const end of ["pointerup", "pointercancel"])
      node.addEventListener(end, () => delete node.dataset.held);
    node.addEventListener("keydown", (event) => {
      const way = ARROWS[event.key], { x, y, step } = handles[number];
      if (!way) return;
      event.preventDefault();
      drag(number, [x + way[0] * step[0], y + way[1] * step[1]]);
    });
    return node;
  };
  frame.addEventListener("click", (event) => {
    const number = handles.findIndex(({ area }) => {
      const [x, y] = share(event);
      return area && x >= area[0] && x <= area[2] && y >= area[1] && y <= area[3];
    });
    if (number >= 0 && event.target.tagName === "IMG") drag(number, share(event));
  });
  frame.addEventListener("pointermove", (event) => {
    const [x, y] = share(event);
    const inside = handles.some(({ area: a }) => a && x >= a[0] && x <= a[2] && y >= a[1] && y <= a[3]);
    frame.style.cursor = inside ? "crosshair" : "";
  });
  return (fresh) => {
    handles = fresh.map((each) => ({ ...each }));
    while (nodes.length > handles.length) nodes.pop().remove();
    while (nodes.length < handles.length) {
      const node = follow(nodes.length, button("", () => {}, { class: "handle" }));
      nodes.push(node);
      frame.append(node);
    }
    handles.forEach(({ x, y, label, step }, number) => {
      const node = nodes[number];
      node.style.left = `${100 * x}%`;
      node.style.top = `${100 * y}%`;
      node.style.cursor = step[1] ? "move" : "ew-resize";
      const keys = step[1] ? "arrow keys" : "left and right keys";
      node.setAttribute("aria-label", `${label}: drag, or ${keys}`);
      node.title = label;
    });
  };
}

// ---- The theme: that of the ground on which an explorer stands. ----

function groundOf(node) {
  for (let at = node; at; at = at.parentElement) {
    const [r, g, b, opacity = 1] = getComputedStyle(at).backgroundColor.match(/[\d.]+/g).map(Number);
    if (opacity > 0.5) return { dark: 0.3 * r + 0.59 * g + 0.11 * b < 128, colour: `rgb(${r},${g},${b})` };
  }
  return { dark: false, colour: "#ffffff" };
}

// ---- All of it. ----

function build(el, source) {
  const { spec } = source, name = `mlpkit-${Math.random().toString(36).slice(2)}`;
  let at = {}, drawn = {}, svg = "", ground = {}, url = "", rows = 0;
  const go = (changes) => {
    at = { ...at, ...changes };
    source.ask({ move: changes });
  };
  const inputs = Object.entries(spec.controls).map(([key, each]) => {
    const tell = (value) => {
      if (story) story.stop();
      go({ [key]: value });
    };
    return [key, KINDS[each.kind](each, `${name}-${key}`, tell, spec.recorded)];
  });
  const story = spec.story && storyBar(spec, (key) => at[key], go, source.busy);
  const reset = button("Reset", () => {
    if (story) story.stop();
    go(spec.start);
  });
  const bar = make("div", { class: "story", role: "group", "aria-label": "play" }, ...(story ? story.bar : []), reset);
  const controls = make("div", { class: "controls" }, ...inputs.map(([, input]) => input.node));
  const image = make("img", { width: spec.size[0], height: spec.size[1] });
  const frame = make("div", { class: "picture" }, image);
  const words = make("p", { class: "words", role: "status" });
  const note = make("p", { class: "note" }, spec.note || "");
  const fields = make("fieldset", { "aria-label": spec.title }, bar, controls, frame, words);
  const root = make("div", { class: "mlpkit-explorer" }, fields, note);
  const moveHandles = dragging(frame, source.ask);

  const paint = () => {
    if (!svg) return;
    ground = groundOf(root);
    root.style.colorScheme = ground.dark ? "dark" : "light";
    const themed = svg
      .replace("(prefers-color-scheme:dark)", ground.dark ? "all" : "not all")
      .replace(ground.dark ? "--ground:#111111" : "--ground:#ffffff", `--ground:${ground.colour}`);
    const old = url;
    url = URL.createObjectURL(new Blob([themed], { type: "image/svg+xml" }));
    image.addEventListener("load", () => old && URL.revokeObjectURL(old), { once: true });
    image.src = url;
  };
  const repaint = () => {
    const now = groundOf(root);
    if (now.colour !== ground.colour || now.dark !== ground.dark) paint();
  };
  const setInputs = () => {
    at = { ...drawn };
    for (const [key, input] of inputs) input.show(at[key], at);
  };
  const show = (shown) => {
    drawn = shown.at;
    setInputs();
    image.alt = words.textContent = shown.words;
    // Grows to the longest text and never shrinks: the page below stays where it is.
    rows = Math.max(rows, Math.ceil(words.getBoundingClientRect().height));
    words.style.minHeight = `${rows}px`;
    moveHandles(shown.handles || []);
    svg = shown.svg;
    root.dataset.answer = shown.answer ?? "";
    paint();
  };
  const tell = (text, movable) => {
    note.textContent = text || spec.note || "";
    fields.disabled = !movable;
    if (movable) return;
    if (svg) setInputs(); // they stand where the last picture does
    if (story) story.stop();
  };
  el.replaceChildren(root);
  const kept = spec.recorded ? [] : document.getElementsByClassName(spec.still);
  for (const still of kept) still.hidden = true;
  const watching = new MutationObserver(() => setTimeout(repaint, 100));
  for (const node of [document.documentElement, document.body])
    watching.observe(node, { attributes: true, attributeFilter: ["class", "style", "data-theme", "data-jp-theme-light"] });
  const size = new ResizeObserver(repaint);
  size.observe(root);
  source.start(show, tell);
  return () => {
    watching.disconnect();
    size.disconnect();
    if (story) story.end();
    URL.revokeObjectURL(url);
  };
}

// ---- Where frames come from: a kernel, or a recording. ----

function kernel(model, el) {
  let asked = 0, waiting = null, next = null, timer = null, latest = 0, show, tell;
  const send = (message) => {
    waiting = ++asked;
    clearTimeout(timer);
    try {
      model.send({ ...message, asked });
    } catch {
      return lost(); // the kernel was started anew, and knows nothing of this view
    }
    timer = setTimeout(() => {
      waiting = null;
      tell(SILENT, true);
    }, PATIENCE);
  };
  // One question at a time, and the newest next: a hand is faster than a drawing.
  const ask = (message) => {
    if (waiting === null) return send(message);
    const move = { ...next?.move, ...message.move };
    next = { move, drag: message.drag || (message.move ? null : next?.drag) };
  };
  const changed = async () => {
    const number = ++latest, frame = model.get("frame");
    const svg = await unpacked(model.get("picture"));
    if (number === latest) show({ ...frame, svg });
    if (frame.answer !== waiting) return;
    waiting = null;
    clearTimeout(timer);
    tell("", true);
    if (next) {
      const message = next;
      next = null;
      send(message);
    }
  };
  const lost = () => {
    waiting = next = null;
    clearTimeout(timer);
    tell(SAVED, false);
  };
  const connection = () => el.closest(`.${DISCONNECTED}`) && lost();
  const start = (showing, telling) => {
    [show, tell] = [showing, telling];
    model.on("change:frame", changed);
    model.on("comm_live_update", () => setTimeout(connection));
    changed();
    setTimeout(connection);
  };
  return { spec: model.get("spec"), ask, busy: () => waiting !== null, start };
}

function recording({ spec, lines, frames }) {
  const key = (at) => spec.recorded.map((name) => at[name]).join();
  const found = new Map(frames.map((frame) => [key(frame.at), frame]));
  const svg = (runs) => runs.map(([from, to]) => lines.slice(from, to).join("\n")).join("\n");
  let now = spec.start, show;
  const ask = ({ move }) => {
    now = { ...now, ...move };
    const frame = found.get(key(now));
    if (frame) show({ ...frame, svg: svg(frame.runs) });
  };
  const start = (showing) => {
    show = showing;
    ask({ move: {} });
  };
  return { spec, ask, busy: () => false, start };
}

async function play(el) {
  const packed = el.querySelector("script[type='application/gzip']").textContent;
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  build(el.querySelector(".still"), recording(JSON.parse(await unpacked(bytes))));
}

const render = ({ model, el }) => build(el, kernel(model, el));

export default { render, play };
