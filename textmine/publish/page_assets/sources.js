// Where the numbers come from: method, versions, and the files of the reports.

function showSources() {
  const values = { confidence: 100 * DATA.confidence, resamples: DATA.resamples, seed: DATA.seed };
  byId("method").textContent = word("method_text", values);
  byId("made").replaceChildren(
    ...[
      [word("made_with"), `textmine ${DATA.version}; ${DATA.library}`],
      [word("made_from"), DATA.corpora[state.words].join("; ")],
      [word("taxonomy"), DATA.taxonomy],
    ].flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]),
  );
  byId("share-note").hidden = DATA.is_sample || DATA.text === "none";
  const heads = ["edition", "language", "report", "file"].map((key) => make("th", { scope: "col" }, word(key)));
  const rows = DATA.reports.map((report) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, String(report.year)),
      make("td", {}, word(`lang_${report.lang}`)),
      make("td", { lang: langTag(report.lang) }, report.symbol || report.title),
      make("td", {}, report.file),
      make("td", { class: "hash" }, report.sha256),
    ),
  );
  const head = make("tr", {}, ...heads, make("th", { scope: "col" }, "SHA-256"));
  byId("reports").replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
}
