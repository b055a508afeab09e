// The trend as an inline SVG: each point is a button, reached by Tab and the arrow keys, that asks for its paragraphs.
const NS = "http://www.w3.org/2000/svg";
const WIDTH = 760, HEIGHT = 300, LEFT = 48, RIGHT = 170, TOP = 14, BOTTOM = 34;
// Okabe and Ito's palette, darkened to 4.5:1 on white; a dash for each concept and a mark for each language say the same.
const COLOURS = ["#0063A0", "#B34700", "#00694C", "#8F3D6E", "#555555", "#6B5200"];
const DASHES = ["none", "7 3", "2 3", "9 3 2 3", "4 2", "12 4"];

function make(name, attributes, parent, text) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text; // never as HTML
  if (parent) parent.appendChild(element);
  return element;
}

function niceTop(high) {
  for (const top of [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8]) if (high <= top) return top;
  return 1;
}

function mark(lang, x, y, attributes, parent) {
  if (lang === "zh") return make("circle", { cx: x, cy: y, r: 4.5, ...attributes }, parent);
  return make("rect", { x: x - 4, y: y - 4, width: 8, height: 8, ...attributes }, parent);
}

function spread(labels) {
  labels.sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + 15);
  const over = labels.length ? labels[labels.length - 1].y - (HEIGHT - BOTTOM) : 0;
  if (over > 0) for (const label of labels) label.y -= over;
}

function draw(model, el) {
  const focused = el.querySelector(":focus")?.dataset.key;
  el.replaceChildren();
  const series = model.get("series"), years = model.get("years"), picked = model.get("picked");
  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": model.get("title"),
    style: "width:100%;max-width:960px;height:auto;background:#fff;font:12px sans-serif" }, null);
  const top = niceTop(Math.max(0.001, ...series.flatMap((s) => s.points.map((p) => p.high))));
  const span = Math.max(1, years[1] - years[0]);
  const x = (year, shift) => LEFT + 10 + ((WIDTH - LEFT - RIGHT - 20) * (year - years[0])) / span + shift;
  const y = (share) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * share) / top;
  for (let i = 0; i <= 4; i++) {
    const share = (top * i) / 4;
    make("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(share), y2: y(share), stroke: i ? "#ddd" : "#333" }, svg);
    make("text", { x: LEFT - 6, y: y(share) + 4, "text-anchor": "end", fill: "#333" }, svg, `${+(100 * share).toFixed(1)} %`);
  }
  const step = Math.ceil((span + 1) / 10);
  for (let year = years[0]; year <= years[1]; year += step)
    make("text", { x: x(year, 0), y: HEIGHT - BOTTOM + 18, "text-anchor": "middle", fill: "#333" }, svg, String(year));
  const concepts = [...new Set(series.map((s) => s.concept))], labels = [];
  for (const [index, one] of series.entries()) {
    const at = concepts.indexOf(one.concept), colour = COLOURS[at % COLOURS.length];
    const shift = 5 * (index - (series.length - 1) / 2) / Math.max(1, series.length / 3);
    const line = one.points.map((p) => `${x(p.year, shift)},${y(p.share)}`).join(" ");
    make("polyline", { points: line, fill: "none", stroke: colour, "stroke-width": 1.5,
      "stroke-dasharray": DASHES[at % DASHES.length] }, svg);
    for (const p of one.points) {
      const px = x(p.year, shift);
      make("line", { x1: px, x2: px, y1: y(p.low), y2: y(p.high), stroke: colour, opacity: 0.45 }, svg);
      const key = `${one.concept} ${one.lang} ${p.year}`;
      const chosen = picked.concept === one.concept && picked.year === p.year;
      const button = make("g", { role: "button", tabindex: "0", "aria-label": p.label, "aria-pressed": String(chosen),
        "data-key": key, "data-concept": one.concept, "data-lang": one.lang, "data-year": String(p.year),
        style: "cursor:pointer" }, svg);
      make("title", {}, button, p.label);
      make("circle", { cx: px, cy: y(p.share), r: 11, fill: "transparent" }, button);
      mark(one.lang, px, y(p.share), { fill: one.lang === "zh" ? colour : "#fff", stroke: colour,
        "stroke-width": chosen ? 4 : 2 }, button);
      const pick = () => {
        model.set("picked", { concept: one.concept, year: p.year });
        model.save_changes();
      };
      button.addEventListener("click", pick);
      button.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") pick();
        else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
          const all = [...el.querySelectorAll(`[data-concept="${CSS.escape(one.concept)}"][data-lang="${one.lang}"]`)];
          all[all.indexOf(button) + (event.key === "ArrowRight" ? 1 : -1)]?.focus();
        } else return;
        event.preventDefault();
        event.stopPropagation();
      });
    }
    const last = one.points[one.points.length - 1];
    if (last) labels.push({ y: y(last.share), text: one.label, colour, lang: one.lang });
  }
  spread(labels);
  for (const label of labels) {
    mark(label.lang, WIDTH - RIGHT + 12, label.y, { fill: label.lang === "zh" ? label.colour : "#fff",
      stroke: label.colour, "stroke-width": 2 }, svg);
    make("text", { x: WIDTH - RIGHT + 21, y: label.y + 4, fill: label.colour }, svg, label.text);
  }
  el.appendChild(svg);
  if (focused) el.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

export default {
  render({ model, el }) {
    el.classList.add("textmine-trend");
    const again = () => draw(model, el);
    for (const name of ["series", "picked", "title"]) model.on(`change:${name}`, again);
    again();
  },
};
