// Evidence: the paragraphs behind a point, those that speak of its concept in the language of the point.

const PAIRS = 50; // paragraphs shown at a time

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
  const hint = (key, values) => make("p", { class: "hint" }, word(key, values));
  if (!point) {
    title.textContent = word("evidence");
    list.replaceChildren(hint(DATA.text === "none" ? "text_none" : "evidence_none"));
    return;
  }
  const numbers = listEvidence(point);
  const n = Math.max(numbers.length, ...listShares(point.concept, point.langs).filter((row) => row.year === point.year).map((row) => row.tagged));
  const concept = conceptLabel(point.concept);
  title.textContent = word("evidence_found", { n, year: point.year, concept, langs: nameLangs(point.langs) });
  list.replaceChildren();
  if (!n) list.append(hint("evidence_zero"));
  else if (DATA.text === "none") list.append(hint("text_none"));
  else if (numbers.length < n) list.append(hint("evidence_part", { shown: numbers.length }));
  appendPairs(list, point, numbers);
}

/** Append the paragraphs of a point, so many at a time. */
function appendPairs(list, { year, concept }, numbers) {
  const mark = markConcept(state.scheme, concept);
  const pairs = numbers.slice(0, PAIRS).map((number) => showPair(year, number, mark));
  list.append(...pairs);
  const rest = numbers.slice(PAIRS);
  if (!rest.length) return pairs;
  const more = make("button", { type: "button", onclick: () => {
    more.remove();
    const [next] = appendPairs(list, { year, concept }, rest);
    next.querySelector("button")?.focus();
  } }, word("more"));
  list.append(more);
  return pairs;
}
