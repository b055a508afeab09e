// Paragraphs as they are read: text with spans marked and footnotes, both languages together, each with its citation.

const REPORTS = new Map(DATA.reports.map((report) => [`${report.year}.${report.lang}`, report]));
for (const report of DATA.reports) {
  report.byNumber = new Map(report.paragraphs.map((paragraph) => [paragraph.number, paragraph]));
}

/** Cut a text at the ends of spans and at footnote markers; yields [start, end, labels of the spans there, refs]. */
function cutText(length, spans, refs) {
  const cuts = new Set([0, length]);
  for (const [start, end] of spans) cuts.add(start).add(end);
  for (const [, at] of refs) cuts.add(at);
  const places = [...cuts].sort((a, b) => a - b);
  const pieces = places.map((start, i) => {
    const end = i + 1 < places.length ? places[i + 1] : start;
    const over = spans.filter(([from, to]) => from <= start && end <= to && start < end).map((span) => span[2]);
    return { start, end, over, refs: refs.filter(([, at]) => at === start).map(([number]) => number) };
  });
  return pieces;
}

/** Return the text of a paragraph as nodes: spans [start, end, label] in marks, footnote markers as links. */
function showText(paragraph, spans, prefix) {
  const nodes = [];
  for (const piece of cutText(paragraph.text.length, spans, paragraph.refs)) {
    for (const number of piece.refs) {
      const link = make("a", { class: "ref", href: `#${prefix}-note-${number}` }, `[${number}]`);
      link.setAttribute("aria-label", word("footnote", { n: number }));
      link.addEventListener("click", (event) => {
        event.preventDefault();
        byId(`${prefix}-note-${number}`)?.focus();
      });
      nodes.push(link);
    }
    if (piece.start === piece.end) continue;
    const text = paragraph.text.slice(piece.start, piece.end);
    const labels = [...new Set(piece.over)];
    const named = labels.filter(Boolean).join(", ");
    nodes.push(labels.length ? make("mark", { title: named || null }, text) : document.createTextNode(text));
  }
  return nodes;
}

/** Return text in which http addresses are links; any other address stays text. */
function linkAddresses(text) {
  return text.split(/(https?:\/\/[^\s，。；、）)<>"]+)/u).map((part, i) => {
    if (i % 2 === 0) return document.createTextNode(part);
    const address = part.replace(/[.,;:]+$/u, "");
    const link = make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);
    const rest = part.slice(address.length);
    return rest ? make("span", {}, link, rest) : link;
  });
}

let shownSides = 0;

/** One language of a paragraph: citation, text, footnotes; `notes` are said after the citation. */
function showSide(report, paragraph, spans, notes) {
  const prefix = `side-${(shownSides += 1)}`;
  const copy = make("button", { type: "button" }, word("copy"));
  copy.addEventListener("click", () => copyText(copy, paragraph.cite));
  const said = notes.map((note) => make("span", {}, `(${note})`));
  if (paragraph.from) {
    const [year, number] = paragraph.from;
    said.push(make("span", {}, `(${word("recycled", { year, paragraph: number })})`));
  }
  const side = make(
    "article",
    { class: "side", "data-lang": report.lang, lang: langTag(report.lang) },
    make("p", { class: "text" }, ...showText(paragraph, spans, prefix)),
    make("p", { class: "cite", lang: langTag(state.words) }, make("span", {}, paragraph.cite), ...said, copy),
  );
  const list = paragraph.refs.filter(([number]) => number in report.footnotes);
  if (list.length) {
    side.append(
      make(
        "ul",
        { class: "notes", "aria-label": word("footnotes") },
        ...list.map(([number]) =>
          make(
            "li",
            { id: `${prefix}-note-${number}`, tabindex: "-1" },
            `[${number}] `,
            ...linkAddresses(report.footnotes[number]),
          ),
        ),
      ),
    );
  }
  return side;
}

/** A paragraph in each language that there is; `mark(report, paragraph)` returns its spans and notes. */
function showPair(year, number, mark) {
  const sides = DATA.langs
    .map((lang) => REPORTS.get(`${year}.${lang}`))
    .filter((report) => report?.byNumber.has(number))
    .map((report) => {
      const paragraph = report.byNumber.get(number);
      const { spans, notes } = mark(report, paragraph);
      return { report, paragraph, element: showSide(report, paragraph, spans, notes) };
    });
  const lead = sides.find(({ report }) => report.lang === state.words) ?? sides[0];
  const path = lead.paragraph.path.map((i) => lead.report.headings[i]).join(" › ");
  return make(
    "div",
    { class: "pair", "data-place": `${year}.${number}` },
    make("h4", {}, `${year} · ${number}`),
    path ? make("p", { class: "path", lang: langTag(lead.report.lang) }, path) : null,
    make("div", { class: "sides" }, ...sides.map(({ element }) => element)),
  );
}

async function copyText(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = word("copied");
}
