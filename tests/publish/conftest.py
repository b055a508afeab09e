"""What the tests of this room share: two toy reports, the same paragraphs in both languages, and toy shares."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from textmine.reports.model import Report
from textmine.reports.read import read_report
from textmine.schema import make_table

ZH = """---
kind: sample
year: 2011
lang: zh
title: 样本
---

# 内容提要

摘要一句。

# 一. 趋势

1. 宽带和移动支付，宽带。[^1]

2. 2010年底有 53 亿用户，占90%。

# 二. 行动方针

## (C7) 电子卫生

3. 云计算；宽带。

4. 无关的一句。

[^1]: 国际电联，http://www.itu.int/ict。
"""

EN = """---
kind: sample
year: 2011
lang: en
title: Sample
---

# Summary

One sentence.

# I. Trends

1. Broadband and mobile payments, broadband.[^1]

2. At the end of 2010 there were 5.3 billion users, 90 per cent.

# II. Action lines

## (C7) E-health

3. Cloud computing; broadband.

4. A sentence about nothing.

[^1]: ITU, http://www.itu.int/ict.
"""

Shares = Callable[..., pl.DataFrame]


@pytest.fixture(scope="session")
def toy_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("toy")
    for name, text in (("2011.en.md", EN), ("2011.zh.md", ZH)):
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


@pytest.fixture(scope="session")
def toy_reports(toy_files: list[Path]) -> list[Report]:
    return [read_report(path) for path in toy_files]


@pytest.fixture(scope="session")
def make_shares() -> Shares:
    """Rows of the table ``shares`` from (concept, n_tagged) pairs, of 40 paragraphs, bounds 5 points to either side."""

    def make(counts: dict[str, int], **changed: object) -> pl.DataFrame:
        rows = []
        for concept, n_tagged in counts.items():
            share = n_tagged / 40
            row = {
                "edition": 2011,
                "lang": "zh",
                "scheme": "trend",
                "concept": concept,
                "evidence": "any",
                "n_paragraphs": 40,
                "n_tagged": n_tagged,
                "n_sections": 9,
                "share": share,
                "low": max(0.0, share - 0.05),
                "high": share + 0.05,
                "confidence": 0.95,
                "method": "percentile bootstrap over sections",
            }
            rows.append(row | changed)
        return make_table("shares", rows)

    return make
