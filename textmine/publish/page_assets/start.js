// What every part of the page uses: the data, the state of the view, words, and elements made from text only.

const DATA = JSON.parse(document.getElementById("data").textContent);
const MOST = 12; // concepts drawn at once

const state = {
  words: DATA.start,
  view: "trends",
  scheme: 0,
  concepts: [], // places in the scheme, in the order of the scheme
  lang: DATA.langs.length > 1 ? "both" : DATA.langs[0],
  reuse: "keep",
  point: null, // {concept, year, langs}
};

const byId = (id) => document.getElementById(id);

/** Return a phrase in the language of the page, with what stands in braces filled in. */
function word(key, values = {}) {
  const phrase = DATA.words[key][state.words];
  return phrase.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Make an element; children are elements or text, which is never read as HTML. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const langTag = (lang) => (lang === "zh" ? "zh-Hans" : lang);
const chosenLangs = (lang) => (lang === "both" ? DATA.langs : [lang]);
const nameLangs = (langs) => langs.map((lang) => word(`lang_${lang}`)).join(word("join"));
const scheme = (i = state.scheme) => DATA.schemes[i];
const conceptLabel = (concept, i = state.scheme) => scheme(i).concepts[concept].labels[state.words];
const percent = (share) => (share === null ? "–" : `${(100 * share).toFixed(1)}%`);
const YEARS = [...new Set(DATA.reports.map((report) => report.year))].sort((a, b) => a - b);

/** Paragraphs of all reports (`n`), and those that the page holds (`held`). */
function countParagraphs() {
  const sum = (count) => DATA.reports.reduce((total, report) => total + count(report), 0);
  return { n: sum((report) => report.n), held: sum((report) => report.paragraphs.length) };
}

/** Fill a group of radio buttons; `choose` is called with the value chosen. */
function fillChoices(group, name, values, chosen, choose) {
  const kept = document.activeElement && group.contains(document.activeElement) ? document.activeElement.value : null;
  group.replaceChildren(
    ...values.map(([value, text]) => {
      const input = make("input", { type: "radio", name, value });
      input.checked = value === chosen;
      input.addEventListener("change", () => choose(value));
      return make("label", {}, input, text);
    }),
  );
  if (kept !== null) group.querySelector(`input[value="${kept}"]`)?.focus();
}

function fillOptions(select, values, chosen) {
  select.replaceChildren(...values.map(([value, text]) => make("option", { value }, text)));
  select.value = chosen;
}

const langChoices = () => [
  ...(DATA.langs.length > 1 ? [["both", word("both")]] : []),
  ...DATA.langs.map((lang) => [lang, word(`lang_${lang}`)]),
];
