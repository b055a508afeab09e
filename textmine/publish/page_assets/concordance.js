// Search: words or a concept, as a concordance aligned on what was found, or as whole paragraphs.

const PAGE = 100; // lines shown at a time
const CONTEXT = { zh: 40, en: 90 }; // characters to either side
const KEY = 40; // characters of the context by which lines are sorted
const find = { by: "text", lang: state.lang, as: "lines", sort: "edition", from: YEARS[0], to: YEARS.at(-1), hits: [], shown: PAGE };
const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const [unfolded, forms] = DATA.fold.map((characters) => Array.from(characters));
const folded = new Map(unfolded.map((character, i) => [character, forms[i]]));

/** Places of a phrase in a text, case aside, as [start, end]; offsets are those of the text itself. The phrase is also
 * looked for in Simplified characters and half width. */
function findPhrase(text, phrase) {
  const simplified = Array.from(phrase, (character) => folded.get(character) ?? character).join("");
  const pattern = new RegExp(Array.from(new Set([phrase, simplified]), quotePhrase).join("|"), "giu");
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}

/** A phrase as a regular expression, in which all space is alike. */
function quotePhrase(phrase) {
  const literal = phrase.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replace(/\s+/gu, "\\s+");
  return literal.replace(/\\-/g, "\\x2d");
}

/** The last (or first) characters of a text, as a reader counts them. */
function clip(text, n, fromEnd) {
  const near = fromEnd ? text.slice(-8 * n) : text.slice(0, 8 * n); // no need to cut what is never shown
  const cut = Array.from(characters.segment(near), (item) => item.segment);
  return (fromEnd ? cut.slice(-n) : cut.slice(0, n)).join("");
}

function search() {
  const phrase = byId("query").value.normalize("NFC").trim();
  if (find.by === "text" && !phrase) {
    find.hits = [];
    return word("search_empty");
  }
  const [schemeIndex, concept] = byId("find-concept").value.split(".").map(Number);
  const hits = [];
  for (const report of DATA.reports) {
    if (!chosenLangs(find.lang).includes(report.lang) || report.year < find.from || report.year > find.to) continue;
    for (const paragraph of report.paragraphs) {
      const tags = find.by === "concept" ? findTags(paragraph, schemeIndex, concept) : null;
      const spans = tags ? tags.spans : findPhrase(paragraph.text, phrase);
      if (spans.length || tags?.found) hits.push({ report, paragraph, spans, kinds: tags?.kinds ?? [] });
    }
  }
  find.hits = hits;
  return hits.length ? "" : word("search_none");
}

/** The places found, in the order chosen; their contexts are cut when they are shown. */
function listLines() {
  const lines = find.hits.flatMap(({ report, paragraph, spans }) => spans.map(([start, end]) => ({ report, paragraph, start, end })));
  if (find.sort === "edition") return lines;
  const key = {
    right: ({ paragraph, end }) => paragraph.text.slice(end, end + KEY).trimStart(),
    left: ({ paragraph, start }) => Array.from(paragraph.text.slice(Math.max(0, start - KEY), start).trimEnd()).reverse().join(""),
  }[find.sort];
  const order = new Intl.Collator([langTag(state.words), "zh-Hans", "en"]);
  return lines.map((line) => [key(line), line]).sort((a, b) => order.compare(a[0], b[0])).map(([, line]) => line);
}

function showSearchControls() {
  const set = (name) => (value) => {
    find[name] = value;
    runSearch();
  };
  const kinds = (names) => names.map((name) => [name.split("_").at(-1), word(name)]);
  fillChoices(byId("find-by"), "find-by", kinds(["by_text", "by_concept"]), find.by, set("by"));
  fillChoices(byId("find-lang"), "find-lang", langChoices(), find.lang, set("lang"));
  fillChoices(byId("find-as"), "find-as", kinds(["as_lines", "as_paragraphs"]), find.as, set("as"));
  fillOptions(byId("sort"), kinds(["sort_edition", "sort_right", "sort_left"]), find.sort);
  for (const side of ["from", "to"]) fillOptions(byId(side), YEARS.map((year) => [year, year]), find[side]);
  const select = byId("find-concept");
  const chosen = select.value || "0.0";
  select.replaceChildren(
    ...DATA.schemes.map((item, i) => {
      const options = item.concepts.map((_, j) => make("option", { value: `${i}.${j}` }, conceptLabel(j, i)));
      return make("optgroup", { label: item.titles[state.words] }, ...options);
    }),
  );
  select.value = chosen;
}

/** Search with what is chosen; an untouched form stays without results. */
function runSearch(asked = false) {
  find.shown = PAGE;
  const untouched = !asked && find.by === "text" && !byId("query").value.trim();
  const message = untouched ? "" : search();
  if (untouched) find.hits = [];
  showFound(message);
}

function showFound(message = "") {
  byId("field-query").hidden = find.by !== "text";
  byId("field-concept").hidden = find.by !== "concept";
  byId("field-sort").hidden = find.as !== "lines";
  putAway();
  const lines = listLines();
  const asLines = find.as === "lines";
  const all = asLines ? lines.length : find.hits.length;
  const shown = Math.min(find.shown, all);
  const hint = word("search_found", { hits: lines.length, n: find.hits.length, shown });
  byId("found").textContent = message || (find.hits.length ? hint : "");
  byId("lines").replaceChildren(...(asLines ? lines.slice(0, shown).map(showLine) : []));
  byId("hits").replaceChildren(...(asLines ? [] : find.hits.slice(0, shown).map(showHit)));
  byId("more").hidden = shown >= all;
}

function showLine({ report, paragraph, start, end }) {
  const { text } = paragraph;
  const place = `${report.year} ${report.lang} ${paragraph.number}`;
  const lang = langTag(report.lang);
  const n = CONTEXT[report.lang];
  const [left, node, right] = [clip(text.slice(0, start), n, true), text.slice(start, end), clip(text.slice(end), n, false)];
  const button = make(
    "button",
    { type: "button", title: word("read", { place }), onclick: () => readClosely(report.year, paragraph.number, button) },
    make("span", { class: "place" }, place),
    make("span", { class: "left", lang }, make("span", {}, left)),
    make("span", { class: "right", lang }, make("mark", {}, node), right),
  );
  return make("li", {}, button);
}

/** Spans of what was searched for in a paragraph, for the reading of both languages. */
function markFound(report, paragraph) {
  if (find.by === "concept") return markConcept(...byId("find-concept").value.split(".").map(Number))(report, paragraph);
  const phrase = byId("query").value.normalize("NFC").trim();
  return { spans: phrase ? findPhrase(paragraph.text, phrase).map(([start, end]) => [start, end, ""]) : [], notes: [] };
}

function showHit({ report, paragraph, spans, kinds }) {
  const notes = spans.length ? [] : kinds.map((kind) => word(kind === "heading" ? "by_heading" : "by_classifier"));
  const place = `${report.year} ${report.lang} ${paragraph.number}`;
  const both = make("button", { type: "button", onclick: () => readClosely(report.year, paragraph.number, both) });
  both.textContent = word("read", { place });
  const side = showSide(report, paragraph, spans.map(([start, end]) => [start, end, ""]), notes);
  return make("div", { class: "pair" }, make("h4", {}, both), side);
}

let readFrom = null;
const closeReading = byId("close-reading");

/** Show one paragraph in both languages, below the result that was chosen. */
function readClosely(year, number, button) {
  readFrom = button;
  byId("close-title").textContent = word("read", { place: `${year}, ${number}` });
  (button.closest("li") ?? button.closest(".pair")).after(closeReading);
  byId("close-list").replaceChildren(showPair(year, number, markFound));
  closeReading.hidden = false;
  byId("close-title").focus();
}

/** Take the paragraph out of the results, which are then written anew. */
function putAway() {
  closeReading.hidden = true;
  byId("search").append(closeReading);
}
