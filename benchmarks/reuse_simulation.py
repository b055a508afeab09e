"""Reuse on simulated corpora: what is found, and false alarms.

    python benchmarks/reuse_simulation.py [--repeats 40]

Simulated words have Zipf's shares; set phrases recur as they do in reports. Nothing is drawn from any report, save the
table that applies the threshold to the built-in sample. Results are written to benchmarks/reuse_simulation.md; what it
costs is in benchmarks/measures.md.
"""

from itertools import product

import numpy as np
import polars as pl
from simulation import format_head, format_rate_of, format_row, read_repeats, write_simulation, zipf

from textmine.measure.pieces import whole_paragraphs
from textmine.measure.reuse import THRESHOLD, find_reuse, list_recycled
from textmine.measure.shingles import Shingles
from textmine.measure.similar import choose_bands, find_similar, found_with
from textmine.reports.corpus import load_corpus
from textmine.reports.tables import tabulate_reports
from textmine.schema import TABLES

N_WORDS = 5_000
YEARS = range(2008, 2026)
#: Han characters stand for words in Chinese, two to a word.
FIRST_HAN = 0x4E00


def main() -> None:
    """Simulate, and write the tables."""
    write_simulation(
        __file__,
        read_repeats(__doc__, 40),
        "Reuse: what is found, and false alarms",
        f"Words with Zipf's shares, {N_WORDS:,} of them; rates with 95 % intervals (Wilson). Cost: measures.md.",
        (_planted, _noise, _recall, _sample),
    )


class _Writer:
    """Writes sentences of random words, among them set phrases of five words that recur."""

    def __init__(self, seed: list[int], lang: str, phrases: float = 0.0) -> None:
        self.rng = np.random.default_rng(seed)
        self.lang, self.phrases = lang, phrases
        self.steps = np.cumsum(zipf(N_WORDS))[:-1]
        self.fixed = self.draw((40, 5))

    def draw(self, size: int | tuple[int, int]) -> np.ndarray:
        return np.searchsorted(self.steps, self.rng.random(size))

    def words(self, n: int) -> list[int]:
        drawn: list[int] = self.draw(n).tolist()
        for _ in range(self.rng.binomial(n // 5, self.phrases)):
            at = int(self.rng.integers(0, n - 4))
            drawn[at : at + 5] = self.fixed[self.rng.integers(0, 40)].tolist()
        return drawn

    def paragraph(self) -> list[list[int]]:
        return [self.words(int(self.rng.integers(12, 29))) for _ in range(5)]

    def change(self, paragraph: list[list[int]], share: float) -> list[list[int]]:
        """Put other words in place of a share of them."""
        return [
            [int(self.rng.integers(0, N_WORDS)) if self.rng.random() < share else word for word in sentence]
            for sentence in paragraph
        ]

    def spell(self, paragraph: list[list[int]]) -> str:
        if self.lang == "en":
            return " ".join(" ".join(f"W{_letters(word)}" for word in sentence) + "." for sentence in paragraph)
        pairs = (chr(FIRST_HAN + word) + chr(FIRST_HAN + N_WORDS + word % 997) for s in paragraph for word in [*s, -1])
        return "".join("。" if pair[0] == chr(FIRST_HAN - 1) else pair for pair in pairs)


def _letters(number: int) -> str:
    return "".join(chr(97 + number // 26**i % 26) for i in range(3))


def _table(rows: list[tuple[int, int, str]], lang: str) -> pl.DataFrame:
    blank = {"heading_path": [], "action_line": [], "n_chars": 0, "first_line": 1, "last_line": 1, "symbol": ""}
    return pl.DataFrame(
        [
            {"edition": e, "lang": lang, "number": n, "section": f"{n}", "text": text, **blank}
            | {"corpus": "simulated", "source_sha256": ""}
            for e, n, text in rows
        ],
        schema=TABLES["paragraphs"],
    )


def _planted(repeats: int) -> list[str]:
    lines = [
        "## Planted reuse",
        "",
        "Eighteen editions of ten paragraphs of five sentences, and in each later edition one paragraph taken from "
        "an earlier one: whole, with a share of its words replaced, or two or three of its five sentences in new text. "
        "Found: as a paragraph with the right source, exact or near (whole), or as partial (sentences). Share: of the "
        "words that were truly taken over, and what the table says of them.",
        "",
        *format_head("planted | lang | found, right source | recycled words: true | measured"),
    ]
    kinds = [(f"{share:.0%} of words replaced", share, 5) for share in (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3)]
    kinds += [(f"{n} of 5 sentences", 0.0, n) for n in (2, 3)]
    for (name, share, n_sentences), lang in product(kinds, ("en", "zh")):
        found, n, true, measured = 0, 0, [], []
        for seed in range(max(1, repeats // 20)):
            writer = _Writer([1, seed], lang)
            texts = {(year, i): writer.paragraph() for year in YEARS for i in range(1, 11)}
            plants = {}
            for year in YEARS[1:]:
                source = int(writer.rng.integers(YEARS[0], year)), int(writer.rng.integers(2, 11))
                new = writer.change(texts[source][:n_sentences], share)
                kept = sum(a == b for x, y in zip(new, texts[source], strict=False) for a, b in zip(x, y, strict=True))
                texts[year, 1] = new + texts[year, 1][n_sentences:]
                plants[year] = source, kept / sum(map(len, texts[year, 1]))
            table = _table([(*key, writer.spell(text)) for key, text in texts.items()], lang)
            rows = find_reuse(table).filter((pl.col("unit") == "paragraph") & (pl.col("paragraph") == 1))
            seen = {row["edition"]: row for row in rows.iter_rows(named=True)}
            for year, (source, truth) in plants.items():
                n += 1
                true.append(truth)
                row = seen.get(year)
                measured.append(row["share"] if row else 0.0)
                right = row is not None and _is_source(row["source"], row["source_paragraph"], source, plants)
                found += right and (row["kind"] != "partial" or n_sentences < 5)
        shares = (f"{np.mean(values):.1%}" for values in (true, measured))
        lines.append(format_row(name, lang, format_rate_of(found, n), *shares))
    return lines


def _is_source(
    edition: int, number: int, source: tuple[int, int], plants: dict[int, tuple[tuple[int, int], float]]
) -> bool:
    """Tell whether a paragraph is the source of a planted one, or was planted from the same source."""
    return (edition, number) == source or (number == 1 and edition in plants and plants[edition][0] == source)


def _noise(repeats: int) -> list[str]:
    lines = [
        "## False alarms",
        "",
        "Eighteen editions of 36 paragraphs without reuse; set phrases of five words (40 of them) make up a part of "
        "the text. Paragraphs that the table calls recycled in part, and recycled by half or more.",
        "",
        *format_head("words in set phrases | lang | any row | recycled by half"),
    ]
    for phrases, lang in product((0.0, 0.2, 0.5), ("en", "zh")):
        rows = recycled = n = 0
        for seed in range(max(1, repeats // 20)):
            writer = _Writer([2, seed], lang, phrases)
            table = _table([(y, i, writer.spell(writer.paragraph())) for y in YEARS for i in range(1, 37)], lang)
            reuse = find_reuse(table)
            rows += reuse.filter(pl.col("unit") == "paragraph").height
            recycled += list_recycled(reuse).height
            n += table.height - 36
        lines.append(format_row(f"{phrases:.0%}", lang, format_rate_of(rows, n), format_rate_of(recycled, n)))
    return lines


def _recall(repeats: int) -> list[str]:
    bands = choose_bands(THRESHOLD)
    lines = [
        "## Recall of the hashing",
        "",
        f"Pairs of paragraphs that brute force over all pairs finds similar, and how many of them MinHash brings up "
        f"({bands.n_bands} bands of {bands.n_rows}), with what the formula promises for their mean similarity.",
        "",
        *format_head("Jaccard similarity | pairs | brought up | promised"),
    ]
    bins = [(0.5, 0.55), (0.55, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 1.0)]
    totals = {b: [0, 0, 0.0] for b in bins}
    for seed in range(max(1, repeats // 4)):
        writer = _Writer([3, seed], "en")
        rows = []
        for i in range(60):
            text = writer.paragraph()
            rows += [(2008, i, writer.spell(text)), (2009, i, writer.spell(writer.change(text, 0.005 * (i % 25))))]
        pieces = whole_paragraphs(rows, "en")
        similarity = _compare(pieces.shingles)
        found = find_similar(pieces.shingles, threshold=THRESHOLD, seed=seed)
        seen = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
        for i, j in zip(*np.nonzero(np.triu(similarity >= THRESHOLD, 1)), strict=True):
            for low, high in bins:
                if low <= similarity[i, j] < high:
                    cell = totals[low, high]
                    cell[0] += 1
                    cell[1] += (int(i), int(j)) in seen
                    cell[2] += float(similarity[i, j])
    for (low, high), (n, hits, total) in totals.items():
        if n:
            promised = found_with(total / n, bands)
            lines.append(format_row(f"{low}-{high}", n, format_rate_of(hits, n), f"{promised:.2%}"))
    return lines


def _compare(shingles: Shingles) -> np.ndarray:
    """Return the Jaccard similarity of all pairs."""
    matrix = shingles.incidence()
    sizes = np.diff(matrix.indptr)
    shared = (matrix @ matrix.T).toarray()
    return shared / (sizes[:, None] + sizes - shared)


def _sample(repeats: int) -> list[str]:  # noqa: ARG001 - the sample is what it is
    paragraphs = tabulate_reports(load_corpus("sample"))["paragraphs"]
    lines = [
        "## The threshold on the built-in sample",
        "",
        "The sample's writers took paragraphs over in both languages, and no list of them was kept. So the two "
        "languages check each other: a paragraph recycled (by half) in one should be in the other. Below: pairs of "
        "paragraphs of different editions by their similarity; chance fills the low ranges, reuse the high ones.",
        "",
        *format_head("threshold | recycled zh | recycled en | both | one only | Cohen's kappa"),
    ]
    everything = paragraphs.filter(pl.col("lang") == "en").height
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        listed = list_recycled(find_reuse(paragraphs, threshold=threshold))
        zh, en = (
            set(listed.filter(pl.col("lang") == lang).select("edition", "paragraph").rows()) for lang in ("zh", "en")
        )
        both, either = len(zh & en), len(zh | en)
        agree = (everything - either + both) / everything
        chance = (len(zh) * len(en) + (everything - len(zh)) * (everything - len(en))) / everything**2
        kappa = (agree - chance) / (1 - chance)
        lines.append(format_row(threshold, len(zh), len(en), both, either - both, f"{kappa:.3f}"))
    ranges = [f"{low:.2f}-{low + 0.1:.2f}" for low in np.arange(0.1, 1, 0.1)]
    lines += ["", *format_head(" | ".join(["language", *ranges]))]
    for lang in ("en", "zh"):
        rows = paragraphs.filter(pl.col("lang") == lang).select("edition", "number", "text").rows()
        pieces = whole_paragraphs(rows, lang)
        texts = np.array(pieces.texts)
        similarity = _compare(pieces.shingles)[np.ix_(texts, texts)]
        editions = np.array([row[0] for row in rows])
        pairs = similarity[np.triu(editions[:, None] != editions, 1)]
        counts = np.histogram(pairs, bins=np.arange(0.1, 1.05, 0.1))[0]
        lines.append(format_row(lang, *(f"{count:,}" for count in counts)))
    runs = [set(find_reuse(paragraphs, seed=seed).rows()) for seed in range(5)]
    common, all_rows = len(set.intersection(*runs)), len(set.union(*runs))
    return [*lines, "", f"Five seeds: {common} rows of {all_rows} are in all of them."]


if __name__ == "__main__":
    main()
