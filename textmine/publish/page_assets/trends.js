// Trends: which concepts are drawn, their charts, and the same numbers as a table.

/** Rows of the scheme as objects, by concept; recycled paragraphs kept or left out. */
function listShares(concept, langs) {
  return DATA.shares[state.reuse][state.scheme]
    .filter((row) => row[2] === concept && langs.includes(row[1]))
    .map(([year, lang, , n, tagged, share, low, high]) => ({ year, lang, concept, n, tagged, share, low, high }));
}

/** Paragraphs that speak of each concept of the scheme, over all editions and languages. */
function countTagged() {
  const counts = scheme().concepts.map(() => 0);
  for (const row of DATA.shares[state.reuse][state.scheme]) counts[row[2]] += row[4];
  return counts;
}

function chooseFirst() {
  const counts = countTagged();
  const order = counts.map((_, i) => i).sort((a, b) => counts[b] - counts[a] || a - b);
  state.concepts = order.slice(0, 4).sort((a, b) => a - b);
}

function describePoint(row) {
  return word("point", {
    concept: conceptLabel(row.concept),
    year: row.year,
    lang: word(`lang_${row.lang}`),
    share: percent(row.share),
    n: row.n,
    tagged: row.tagged,
    low: percent(row.low),
    high: percent(row.high),
  });
}

function showControls() {
  fillOptions(byId("scheme"), DATA.schemes.map((item, i) => [i, item.titles[state.words]]), state.scheme);
  fillChoices(byId("text-lang"), "text-lang", langChoices(), state.lang, (value) => change({ lang: value }));
  const kinds = ["keep", "drop"].map((kind) => [kind, word(`reuse_${kind}`)]);
  fillChoices(byId("reuse"), "reuse", kinds, state.reuse, (value) => change({ reuse: value }));
  showConcepts();
}

function showConcepts() {
  const wanted = byId("concept-filter").value.trim().toLocaleLowerCase();
  const counts = countTagged();
  const full = state.concepts.length >= MOST;
  const held = document.activeElement?.closest?.("#concepts") ? document.activeElement.value : null;
  const items = scheme().concepts.map((concept, i) => {
    const names = [concept.id, ...Object.values(concept.labels)].join("\n").toLocaleLowerCase();
    if (!names.includes(wanted)) return null;
    const input = make("input", { type: "checkbox", value: i });
    input.checked = state.concepts.includes(i);
    input.disabled = full && !input.checked;
    input.addEventListener("change", () => {
      const others = state.concepts.filter((item) => item !== i);
      change({ concepts: (input.checked ? [...others, i] : others).sort((a, b) => a - b) });
    });
    const count = make("small", { "aria-label": word("concepts_count", { n: counts[i] }) }, String(counts[i]));
    return make("li", {}, make("label", {}, input, make("span", {}, conceptLabel(i)), count));
  });
  byId("concepts").replaceChildren(...items.filter(Boolean));
  if (held !== null) byId("concepts").querySelector(`input[value="${held}"]`)?.focus();
  byId("concept-count").textContent = word("concepts_chosen", { n: state.concepts.length, most: MOST });
}

const REACH = 40; // pixels from a point within which it can be pointed at

const EMBEDDING = {
  mode: "vega",
  ast: true, // expressions are interpreted: the page's policy forbids `eval`
  actions: false,
  renderer: "svg",
  defaultStyle: false,
  tooltip: false,
};

const panels = new Map(); // by scheme and concept: the panel drawn last, its view and width
let drawing = 0;

/** Draw a panel for each concept chosen, all with one axis of shares. */
async function showCharts() {
  const turn = (drawing += 1);
  const langs = chosenLangs(state.lang);
  const series = state.concepts.map((concept) => ({ concept, rows: listShares(concept, langs) }));
  byId("chart-title").textContent = word("chart_title", { confidence: 100 * DATA.confidence });
  byId("legend").replaceChildren(...langs.map((lang) => make("li", { class: lang }, word(`legend_${lang}`))));
  const found = series.filter(({ rows }) => rows.length);
  showTable(found);
  const top = Math.min(1, 1.05 * Math.max(0.02, ...found.flatMap(({ rows }) => rows.map((row) => row.high ?? 0))));
  const drawn = found.map(({ concept, rows }) => ({ panel: findPanel(concept), rows: rows.filter((row) => row.share !== null) }));
  const elements = found.length ? drawn.map(({ panel }) => panel.element) : [make("p", {}, word("chart_none"))];
  const shown = byId("panels").children;
  if (elements.length !== shown.length || elements.some((element, i) => element !== shown[i])) byId("panels").replaceChildren(...elements);
  for (const { panel } of drawn) panel.room = Math.max(200, panel.plot.clientWidth); // all at once: drawing moves the page
  for (const { panel, rows } of drawn) {
    if (turn !== drawing) return; // another choice was made meanwhile
    await drawPanel(panel, rows, top);
  }
  if (turn !== drawing) return;
  showChosen();
  document.body.dataset.drawn = String(turn);
}

/** Return the panel of a concept, in the words of the page; one that was drawn before keeps its drawing. */
function findPanel(concept) {
  const key = `${state.scheme}.${concept}`;
  if (!panels.has(key)) {
    const [title, plot, readout] = [make("h4"), make("div", { class: "plot" }), make("p", { class: "readout" })];
    const element = make("div", { class: "panel", "data-concept": scheme().concepts[concept].id }, title, plot, readout);
    panels.set(key, { element, title, plot, concept, view: null, width: 0, room: 0 });
  }
  const panel = panels.get(key);
  panel.title.textContent = conceptLabel(concept);
  return panel;
}

async function drawPanel(panel, rows, top) {
  const { plot } = panel;
  const sides = DATA.langs.filter((lang) => rows.some((row) => row.lang === lang));
  const points = rows.map((row) => {
    const aside = sides.length > 1 ? 0.24 * sides.indexOf(row.lang) - 0.12 : 0;
    const { lang, share, low, high } = row;
    return { at: row.year + aside, lang, share, low, high, label: describePoint(row) };
  });
  const width = panel.room;
  if (panel.view && panel.width === width) {
    await panel.view.data("points", points).signal("top", top).runAsync();
  } else {
    panel.view?.finalize();
    const spec = {
      ...DATA.chart,
      width,
      height: 170,
      background: null,
      data: DATA.chart.data.map((item) => (item.name === "points" ? { ...item, values: points } : item)),
      signals: DATA.chart.signals.map((item) => (item.name === "top" ? { ...item, value: top } : item)),
    };
    const embedded = await vegaEmbed(plot, spec, EMBEDDING);
    Object.assign(panel, { view: embedded.view, width });
  }
  plot.setAttribute("aria-label", word("chart_panel", { concept: conceptLabel(panel.concept) }));
  readyTargets(plot, rows);
}

/** Let the points of a chart be chosen by pointer and keyboard; one of them is in the order of Tab. */
function readyTargets(plot, rows) {
  const paths = [...plot.querySelectorAll(".targets_marks path")];
  const focusOn = (i) => {
    for (const [j, path] of paths.entries()) path.setAttribute("tabindex", i === j ? "0" : "-1");
    paths[i].focus();
  };
  const step = (i, years, other) => {
    const here = rows[i];
    const near = rows
      .map((row, j) => ({ row, j, ahead: years * (row.year - here.year) }))
      .filter(({ row, ahead }) => (other ? row.lang !== here.lang && row.year === here.year : row.lang === here.lang && ahead > 0))
      .sort((a, b) => a.ahead - b.ahead);
    if (near.length) focusOn(near[0].j);
  };
  const moves = { ArrowRight: [1, false], ArrowLeft: [-1, false], ArrowUp: [0, true], ArrowDown: [0, true] };
  for (const [i, path] of paths.entries()) {
    path.setAttribute("tabindex", i === paths.length - 1 ? "0" : "-1");
    path.setAttribute("role", "button");
    path.removeAttribute("aria-roledescription");
    path.dataset.point = `${rows[i].year}.${rows[i].lang}`;
    path.dataset.concept = rows[i].concept;
    path.onfocus = () => readOut(plot, rows[i]);
  }
  plot.onkeydown = (event) => {
    const i = paths.indexOf(event.target);
    if (i < 0) return;
    if (event.key === "Enter" || event.key === " ") choosePoint(rows[i]);
    else if (event.key in moves) step(i, ...moves[event.key]);
    else return;
    event.preventDefault();
  };
  const pointAt = (i) => {
    for (const [j, path] of paths.entries()) path.classList.toggle("near", i === j);
    readOut(plot, i === null ? null : rows[i]);
  };
  plot.onpointermove = (event) => pointAt(findNearest(paths, event));
  plot.onpointerleave = () => pointAt(null);
  plot.onclick = (event) => {
    const i = findNearest(paths, event);
    if (i !== null) choosePoint(rows[i]);
  };
}

/** The point nearest to the pointer: points of two languages or of crowded editions overlap. */
function findNearest(paths, event) {
  let nearest = null;
  let least = REACH;
  for (const [i, path] of paths.entries()) {
    const box = path.getBoundingClientRect();
    const away = Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
    if (away < least) [nearest, least] = [i, away];
  }
  return nearest;
}

/** Say below a chart what a point stands for: the one pointed at, or else the one whose paragraphs are shown. */
function readOut(plot, row) {
  const chosen = plot.querySelector("path.chosen")?.getAttribute("aria-label") ?? "";
  plot.parentElement.querySelector(".readout").textContent = row ? describePoint(row) : chosen;
}

/** Mark the point whose paragraphs are shown. */
function showChosen() {
  for (const path of document.querySelectorAll(".targets_marks path")) {
    const { point } = state;
    const [year, lang] = path.dataset.point.split(".");
    const same = point && Number(path.dataset.concept) === point.concept && Number(year) === point.year;
    const chosen = Boolean(same && point.langs.includes(lang));
    path.classList.toggle("chosen", chosen);
    path.setAttribute("aria-pressed", String(chosen));
  }
  for (const plot of document.querySelectorAll(".plot")) readOut(plot, null);
}

function showTable(series) {
  const columns = series.flatMap(({ concept, rows }) =>
    DATA.langs
      .map((lang) => ({ concept, lang, rows: rows.filter((row) => row.lang === lang) }))
      .filter((column) => column.rows.length),
  );
  const head = columns.map(({ concept, lang }) => make("th", { scope: "col" }, `${conceptLabel(concept)}, ${word(`lang_${lang}`)}`));
  const body = YEARS.map((year) => {
    const cells = columns.map(({ rows }) => {
      const row = rows.find((item) => item.year === year);
      if (!row) return make("td", {}, "–");
      const button = make("button", { type: "button", "aria-label": describePoint(row), onclick: () => choosePoint(row) });
      button.textContent = percent(row.share);
      return make("td", {}, button, ` ${percent(row.low)}–${percent(row.high)}`);
    });
    return make("tr", {}, make("th", { scope: "row" }, String(year)), ...cells);
  });
  const caption = make("caption", { class: "unseen" }, byId("chart-title").textContent);
  const first = make("th", { scope: "col" }, word("edition"));
  byId("table").replaceChildren(caption, make("thead", {}, make("tr", {}, first, ...head)), make("tbody", {}, ...body));
}
