// The page as a whole: its words, its parts, and what happens when something is chosen.

function showWords() {
  document.documentElement.lang = langTag(state.words);
  document.title = word("title");
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = word(element.dataset.placeholder);
  const { n: paragraphs, held: shown } = countParagraphs();
  byId("subtitle").textContent = word(YEARS.length > 1 ? "subtitle" : "subtitle_one", {
    editions: YEARS.length,
    first: YEARS[0],
    last: YEARS.at(-1),
    langs: nameLangs(DATA.langs),
    paragraphs,
  });
  byId("statement").textContent = word("sample_note");
  byId("statement").hidden = !DATA.is_sample;
  byId("search-part").textContent = word("search_part", { shown, paragraphs, most: DATA.per_point });
  byId("search-part").hidden = DATA.text === "all";
  document.querySelector('#views [data-value="search"]').hidden = DATA.text === "none";
}

function showView() {
  for (const name of ["trends", "search", "sources"]) byId(name).hidden = name !== state.view;
  for (const button of document.querySelectorAll("[data-set]")) {
    button.setAttribute("aria-pressed", String(state[button.dataset.set] === button.dataset.value));
  }
}

/** Change the state and show what depends on it. */
function change(changes) {
  Object.assign(state, changes);
  if ("scheme" in changes) {
    state.point = null;
    byId("concept-filter").value = "";
    chooseFirst();
  }
  if (state.point && "lang" in changes) state.point.langs = state.point.langs.filter((lang) => chosenLangs(state.lang).includes(lang));
  if (state.point && (!state.point.langs.length || !state.concepts.includes(state.point.concept))) state.point = null;
  if ("words" in changes) showAll();
  else if ("view" in changes) {
    showView();
    if (state.view === "trends") showCharts();
  } else {
    showControls();
    showEvidence();
    showCharts();
  }
}

function showAll() {
  showWords();
  showView();
  showControls();
  showEvidence();
  showSearchControls();
  runSearch();
  showSources();
  showCharts();
}

for (const button of document.querySelectorAll("[data-set]")) {
  button.addEventListener("click", () => change({ [button.dataset.set]: button.dataset.value }));
}
byId("scheme").addEventListener("change", (event) => change({ scheme: Number(event.target.value) }));
byId("concept-filter").addEventListener("input", showConcepts);
byId("controls").addEventListener("submit", (event) => event.preventDefault());
byId("find").addEventListener("submit", (event) => {
  event.preventDefault();
  runSearch(true);
});
byId("find-concept").addEventListener("change", () => runSearch());
byId("sort").addEventListener("change", (event) => {
  find.sort = event.target.value;
  showFound();
});
for (const side of ["from", "to"]) {
  byId(side).addEventListener("change", (event) => {
    find[side] = Number(event.target.value);
    runSearch();
  });
}
byId("more").addEventListener("click", () => {
  find.shown += PAGE;
  showFound();
});
byId("close").addEventListener("click", () => {
  putAway();
  readFrom?.focus();
});
const narrow = window.matchMedia("(max-width: 45.99rem)"); // as in the style: there the choices fold away
const fold = () => (byId("fold").open = !narrow.matches);
narrow.addEventListener("change", fold);
fold();
let width = window.innerWidth;
let waiting = 0;
window.addEventListener("resize", () => {
  if (window.innerWidth === width) return; // a phone's bars come and go
  width = window.innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(showCharts, 150);
});

const first = DATA.schemes.findIndex((item) => item.name === "trend");
state.scheme = Math.max(0, first);
if (DATA.schemes.length) chooseFirst();
showAll();
