"""Chapters of an episode as rows beneath its notes. Imported with the first story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.style import Style

from radiotui.documents.model import Paragraph, Run
from radiotui.text import clock_duration
from radiotui.ui.kit.content import BLANK, trusted
from radiotui.ui.widgets.reader.block_content import BlockRenderer
from radiotui.ui.widgets.reader.blocks import BlockView, Words

if TYPE_CHECKING:
    from radiotui.podcasts.chapters import Chapter

_UNNAMED = "—"


def chapter_views(chapters: Sequence[Chapter], renderer: BlockRenderer) -> Iterator[BlockView]:
    """A heading, and a line for each: a click on it hears that chapter, one on its link opens it.

    Their links are numbered after those of the notes.
    """
    if not chapters:
        return
    yield Words(trusted("Chapters", "bold"))
    columns = max(len(clock_duration(chapter.start)) for chapter in chapters)
    for number, chapter in enumerate(chapters):
        time, action = clock_duration(chapter.start), f"hear({chapter.start})"
        runs = (Run(chapter.title or _UNNAMED, link=chapter.url or ""),)
        for view in renderer.views(Paragraph(runs), tight=True):
            assert isinstance(view, Words)
            hear = Style.from_meta({"@click": action})
            yield replace(
                view,
                text=view.text if chapter.url else view.text.stylize(hear),
                plain=f"{time} {chapter.title}",
                first=trusted(f"{time:>{columns}}", "dim", action) + trusted("  "),
                rest=trusted(" " * (columns + 2)),
                gap=None if number else BLANK,
            )
