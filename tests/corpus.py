"""Saved pages with people's text of them, read: ``python -m tests.corpus FOLDER``.

FOLDER holds ``ground-truth.json`` (page -> ``articleBody``, and perhaps ``url`` and
``title``) and ``html/PAGE.html.gz``, as the benchmarks of article extraction publish them.
The table sets radiotui beside trafilatura alone, page by page in one run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from radiotui.articles.article import read_article
from radiotui.documents.model import Article, blocks_text
from radiotui.problems import Problem

# A letter of Chinese and Japanese counts as a word: they write no spaces.
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_SHINGLE = 3
_PARAGRAPH_IS_THERE = 0.6
_SHORTEST_PARAGRAPH = 5
_FAILED = 0.5


@dataclass(frozen=True)
class SavedPage:
    """A page of the folder, and what people wrote down of it."""

    name: str
    url: str
    body: bytes
    text: str
    title: str


@dataclass(frozen=True)
class Reading:
    """The text that one reader gave of a page."""

    text: str
    seconds: float
    title: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Score:
    """The comparison of one reading with people's text."""

    precision: float
    recall: float
    lost_paragraphs: tuple[bool, ...]

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def saved_pages(folder: Path, step: int) -> Iterator[SavedPage]:
    """Every ``step``-th page of a folder."""
    truth = json.loads((folder / "ground-truth.json").read_text())
    for name in sorted(truth)[::step]:
        facts = truth[name]
        body = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        url = facts.get("url") or "https://page.example/story"
        yield SavedPage(name, url, body, facts["articleBody"], facts.get("title", ""))


def score_of(text: str, expected: str) -> Score:
    """Share of words and paragraphs that a text has of the expected one."""
    ours, theirs = Counter(_TOKEN.findall(text)), Counter(_TOKEN.findall(expected))
    common = (ours & theirs).total()
    shingles = set(_shingles(text))
    lost = []
    for paragraph in re.split(r"\s*\n\s*", expected.strip()):
        parts = list(_shingles(paragraph))
        there = sum(part in shingles for part in parts)
        long = len(_TOKEN.findall(paragraph)) >= _SHORTEST_PARAGRAPH
        lost.append(long and there < _PARAGRAPH_IS_THERE * len(parts))
    return Score(
        common / ours.total() if ours else 0.0,
        common / theirs.total() if theirs else 0.0,
        tuple(lost),
    )


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    tokens = _TOKEN.findall(text.casefold())
    return zip(*(tokens[number:] for number in range(_SHINGLE)), strict=False)


def read_here(page: SavedPage) -> Reading:
    """The body of an article as radiotui reads it."""
    begun = time.process_time()
    article: Article | None = None
    problem = ""
    try:
        article = read_article(page.body, page.url, "text/html")
    except Problem as refusal:
        problem = refusal.title
    spent = time.process_time() - begun
    if article is None:
        return Reading("", spent, "", problem)
    return Reading(blocks_text(article.parts), spent, article.title)


def read_by_trafilatura(page: SavedPage) -> Reading:
    """The body of an article as trafilatura alone reads it."""
    import trafilatura

    begun = time.process_time()
    text = trafilatura.extract(page.body, url=page.url, include_comments=False) or ""
    return Reading(text, time.process_time() - begun)


Reader = Callable[[SavedPage], Reading]
READERS: dict[str, Reader] = {"radiotui": read_here, "trafilatura": read_by_trafilatura}


def table(pages: Sequence[SavedPage]) -> tuple[list[str], dict[str, list[tuple[Reading, Score]]]]:
    """The table's lines, and the readings by their reader."""
    results: dict[str, list[tuple[Reading, Score]]] = {name: [] for name in READERS}
    # What is imported late is imported now: the table is of pages.
    for reader in READERS.values():
        reader(pages[0])
    for page in pages:
        for name, reader in READERS.items():
            reading = reader(page)
            results[name].append((reading, score_of(reading.text, page.text)))
    lines = [
        f"{len(pages)} pages",
        f"{'':12} {'P':>6} {'R':>6} {'F1':>6} {'<.5':>4} {'first lost':>10}"
        f" {'pages with a loss':>17} {'refused':>7} {'cpu s':>7}",
    ]
    for name, scored in results.items():
        scores = [score for _, score in scored]
        lines.append(
            f"{name:12} {mean(s.precision for s in scores):6.3f}"
            f" {mean(s.recall for s in scores):6.3f} {mean(s.f1 for s in scores):6.3f}"
            f" {sum(s.f1 < _FAILED for s in scores):4}"
            f" {sum(s.lost_paragraphs[0] for s in scores):10}"
            f" {sum(any(s.lost_paragraphs) for s in scores):17}"
            f" {sum(bool(r.problem) for r, _ in scored):7}"
            f" {sum(r.seconds for r, _ in scored):7.2f}"
        )
    lines += _ratios(results)
    lines += _titles(pages, [reading for reading, _ in results["radiotui"]])
    return lines, results


def _ratios(results: dict[str, list[tuple[Reading, Score]]]) -> list[str]:
    ours, theirs = ([reading.seconds for reading, _ in results[name]] for name in READERS)
    each = sorted(mine / max(other, 0.001) for mine, other in zip(ours, theirs, strict=True))
    whole = sum(ours) / max(sum(theirs), 0.001)
    return [
        f"processor time to trafilatura's: {whole:.2f} in all, {median(each):.2f} the median,"
        f" {each[-1 - len(each) // 10]:.2f} at nine tenths"
    ]


def _titles(pages: Sequence[SavedPage], readings: Sequence[Reading]) -> list[str]:
    written = [(p.title, r.title) for p, r in zip(pages, readings, strict=True) if p.title]
    if not written:
        return ["titles: people wrote none down here"]
    exact = sum(" ".join(a.split()) == " ".join(b.split()) for a, b in written)
    return [f"titles exact: {exact} of {len(written)}"]


def worst(pages: Sequence[SavedPage], results: dict[str, list[tuple[Reading, Score]]]) -> list[str]:
    """The pages where the most is missing or too much, beside trafilatura's score."""
    rows = sorted(
        zip(pages, results["radiotui"], results["trafilatura"], strict=True),
        key=lambda row: row[1][1].f1,
    )
    return [
        f"{ours.f1:.3f} (P {ours.precision:.2f} R {ours.recall:.2f}; trafilatura {theirs.f1:.3f})"
        f" {'first lost ' if ours.lost_paragraphs[0] else ''}{page.name[:12]} {page.url[:90]}"
        f" {reading.problem}"
        for page, (reading, ours), (_, theirs) in rows
    ]


def main(arguments: Sequence[str]) -> None:
    """Print the table of a folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only each so-many-th page")
    parser.add_argument("--worst", type=int, default=10, help="pages to list, the worst first")
    options = parser.parse_args(arguments)
    pages = list(saved_pages(options.folder, options.every))
    lines, results = table(pages)
    print("\n".join((*lines, *worst(pages, results)[: options.worst])))


if __name__ == "__main__":
    main(sys.argv[1:])
