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
  const panels = byId("panels");
  if (!found.length) {
    panels.replaceChildren(make("p", {}, word("chart_none")));
    return;
  }
  const top = Math.min(1, 1.05 * Math.max(0.02, ...found.flatMap(({ rows }) => rows.map((row) => row.high ?? 0))));
  const drawn = found.map(({ concept, rows }) => {
    const plot = make("div", { class: "plot" });
    const label = conceptLabel(concept);
    const panel = make("div", { class: "panel", "data-concept": scheme().concepts[concept].id }, make("h4", {}, label), plot, make("p", { class: "readout" }));
    return { panel, plot, rows: rows.filter((row) => row.share !== null), label };
  });
  panels.replaceChildren(...drawn.map(({ panel }) => panel));
  for (const { plot, rows, label } of drawn) {
    if (turn !== drawing) return; // another choice was made meanwhile
    await drawPanel(plot, rows, top, word("chart_panel", { concept: label }));
  }
  if (turn === drawing) document.body.dataset.drawn = String(turn);
}

async function drawPanel(plot, rows, top, description) {
  const sides = [...new Set(rows.map((row) => row.lang))];
  const points = rows.map((row) => {
    const aside = sides.length > 1 ? 0.24 * sides.indexOf(row.lang) - 0.12 : 0;
    const { lang, share, low, high } = row;
    return { at: row.year + aside, lang, share, low, high, label: describePoint(row) };
  });
  const spec = {
    ...DATA.chart,
    description,
    width: Math.max(200, plot.clientWidth),
    height: 170,
    background: null,
    data: DATA.chart.data.map((item) => (item.name === "points" ? { ...item, values: points } : item)),
    signals: DATA.chart.signals.map((item) => (item.name === "top" ? { ...item, value: top } : item)),
  };
  const options = {
    mode: "vega",
    ast: true, // expressions are interpreted: the page's policy forbids `eval`
    actions: false,
    renderer: "svg",
    defaultStyle: false,
    tooltip: false,
    loader: { http: { credentials: "omit" } },
  };
  await vegaEmbed(plot, spec, options);
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
    const row = rows[i];
    path.setAttribute("tabindex", i === paths.length - 1 ? "0" : "-1");
    path.setAttribute("role", "button");
    path.removeAttribute("aria-roledescription");
    path.dataset.point = `${row.year}.${row.lang}`;
    path.dataset.concept = row.concept;
    path.addEventListener("focus", () => readOut(plot, row));
    path.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") choosePoint(row);
      else if (event.key in moves) step(i, ...moves[event.key]);
      else return;
      event.preventDefault();
    });
  }
  plot.onpointermove = (event) => {
    const i = findNearest(paths, event);
    for (const [j, path] of paths.entries()) path.classList.toggle("near", i === j);
    readOut(plot, rows[i]);
  };
  plot.onpointerleave = () => {
    for (const path of paths) path.classList.remove("near");
    readOut(plot, null);
  };
  plot.onclick = (event) => {
    const i = findNearest(paths, event);
    if (i !== null) choosePoint(rows[i]);
  };
  showChosen();
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
    [...new Set(rows.map((row) => row.lang))].map((lang) => ({ concept, lang, rows: rows.filter((row) => row.lang === lang) })),
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
