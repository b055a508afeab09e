// Evidence: the paragraphs behind a point, those that speak of its concept in the language of the point.

/** Tags of a concept in a paragraph: their spans, and whether a heading or the classifier speaks for it. */
function findTags(paragraph, schemeIndex, concept) {
  const tags = paragraph.tags.filter((tag) => tag[0] === schemeIndex && tag[1] === concept);
  return {
    found: tags.length > 0,
    spans: tags.filter((tag) => tag[2] !== null).map((tag) => [tag[2], tag[3]]),
    kinds: [...new Set(tags.map((tag) => tag[4]))],
  };
}

function markConcept(schemeIndex, concept) {
  return (_, paragraph) => {
    const { found, spans, kinds } = findTags(paragraph, schemeIndex, concept);
    const label = conceptLabel(concept, schemeIndex);
    const notes = found ? [] : [word("no_mention")];
    if (found && !spans.length) notes.push(...kinds.map((kind) => word(kind === "heading" ? "by_heading" : "by_classifier")));
    return { spans: spans.map(([start, end]) => [start, end, label]), notes };
  };
}

/** Numbers of the paragraphs that a point counts. */
function listEvidence({ concept, year, langs }) {
  const numbers = new Set();
  for (const lang of langs) {
    for (const paragraph of REPORTS.get(`${year}.${lang}`)?.paragraphs ?? []) {
      if (state.reuse === "drop" && paragraph.from) continue;
      if (findTags(paragraph, state.scheme, concept).found) numbers.add(paragraph.number);
    }
  }
  return [...numbers].sort((a, b) => a - b);
}

function choosePoint(row) {
  state.point = { concept: row.concept, year: row.year, langs: [row.lang] };
  showEvidence();
  showChosen();
  const title = byId("reader-title");
  title.focus({ preventScroll: true });
  const { top } = title.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight / 2) title.scrollIntoView({ block: "start" });
}

function showEvidence() {
  const title = byId("reader-title");
  const list = byId("reader-list");
  const { point } = state;
  if (!point) {
    title.textContent = word("evidence");
    list.replaceChildren(make("p", { class: "hint" }, word("evidence_none")));
    return;
  }
  const numbers = listEvidence(point);
  const concept = conceptLabel(point.concept);
  title.textContent = word("evidence_found", { n: numbers.length, year: point.year, concept, langs: nameLangs(point.langs) });
  const mark = markConcept(state.scheme, point.concept);
  const pairs = numbers.map((number) => showPair(point.year, number, mark));
  list.replaceChildren(...(pairs.length ? pairs : [make("p", { class: "hint" }, word("evidence_zero"))]));
}
