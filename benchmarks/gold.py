"""How far the two readers of the sample agree, and the tags with each of them: `python benchmarks/gold.py`.

Development years (to 2018) and held-out years (from 2019) stand apart; a table goes to benchmarks/gold.md.
"""

from pathlib import Path

import polars as pl

import textmine

SCHEMES = ("action_line", "trend", "region", "organisation", "quantity")
LAST_DEVELOPMENT_YEAR = 2018


def main() -> None:
    """Measure and write the table."""
    tables = textmine.annotate_reports(textmine.load_corpus("sample"))
    text_tags = tables["tags"].filter(pl.col("evidence") == "text")
    lines = [
        "# Labels of the sample",
        "",
        "Made by `python benchmarks/gold.py`. Reader a read the English text, reader b the Chinese one; both are",
        "instances of one language model. Kappa: Cohen (1960), macro over concepts with at least 5 labels. F1: tags of",
        "the text against the labels of the reader of the same language, micro over concepts. Lexicon forms were",
        "not tuned on these labels.",
        "",
        "**Provisional.** Kappa of 1 over hundreds of paragraphs is more than independent readers reach, and the",
        "readers worked on one file system, so that their blindness rests on their instructions alone. Until a second,",
        "separated labelling has been compared, read these figures as an upper bound.",
        "",
        "| scheme | years | paragraphs | kappa a-b | F1 en | F1 zh |",
        "|---|---|---|---|---|---|",
    ]
    for scheme in SCHEMES:
        labels = textmine.load_labels(f"sample.{scheme}", reader=None)
        for name, years in (
            ("to 2018", pl.col("edition") <= LAST_DEVELOPMENT_YEAR),
            ("from 2019", pl.col("edition") > LAST_DEVELOPMENT_YEAR),
        ):
            chosen = labels.filter(years)
            shared = chosen.with_columns(lang=pl.lit("en"))  # the two texts of a paragraph as one unit
            agreement = textmine.measure_reader_agreement(shared, "a", "b")
            often = (
                shared.filter((pl.col("concept") != "none") & (pl.col("reader") == "a")).group_by("concept").len()
            ).filter(pl.col("len") >= 5)
            kappa = agreement.join(often, on="concept", how="semi")["kappa"].mean()
            scores = ["-", "-"]
            if scheme in ("trend", "region", "organisation"):
                scores = [
                    f"{textmine.score_tags(text_tags, chosen.filter(pl.col('reader') == reader))['f1'][-1]:.3f}"
                    for reader in ("a", "b")
                ]
            n = chosen.select("edition", "paragraph").n_unique()
            lines.append(f"| {scheme} | {name} | {n} | {kappa:.3f} | {scores[0]} | {scores[1]} |")
    text = "\n".join(lines) + "\n"
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
