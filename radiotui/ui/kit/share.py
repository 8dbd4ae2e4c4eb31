"""Handing a story on: a quotation with its source, or the listener's own command."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shlex
import signal
from collections.abc import Mapping, Sequence

from radiotui.documents.model import Article
from radiotui.problems import Problem
from radiotui.text import clean
from radiotui.ui.kit.time_words import local

_PLACE = re.compile(r"\{(url|title|source)\}")


def quotation(article: Article, paragraphs: Sequence[str], url: str) -> str:
    """ "“…” — Byline, “Title”, Site, 25 Nov 2025, https://…": what is known of it."""
    published = local(article.published) if article.published else None
    source = [
        article.byline,
        f"“{article.title}”" if article.title else "",
        article.site,
        f"{published.day} {published:%b %Y}" if published else "",
        url,
    ]
    quoted = "\n\n".join(paragraphs)
    return f"“{quoted}” — {', '.join(part for part in source if part)}"


def transcript_quotation(title: str, podcast: str, lines: Sequence[str], url: str) -> str:
    """Lines of a transcript with their times, and below them which episode they are of."""
    source = ", ".join(part for part in (f"“{title}”" if title else "", podcast, url) if part)
    return "\n".join([*lines, f"— {source}"] if source else lines)


async def send(
    command: str, values: Mapping[str, str], *, patience_seconds: float = 10.0
) -> Problem | None:
    """Run the listener's command over a story's url, title and source; what went wrong, or None.

    No shell reads it, it neither reads from the terminal nor writes to it, and it is ended after
    ``patience_seconds``.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        return Problem("settings: send-to cannot be understood", str(error), command)
    if not words:
        example = 'for example: send-to = "wallabag add {url}"'
        return Problem("settings: send-to names no command", example)
    # A title is nobody's option, whatever it begins with.
    fields = {name: value.lstrip("- ") for name, value in values.items()}
    filled = [_PLACE.sub(lambda place: fields[place[1]], word) for word in words]
    return await _run(filled, patience_seconds)


async def _run(words: list[str], patience_seconds: float) -> Problem | None:
    name = clean(words[0], 60)
    nothing = await asyncio.to_thread(os.open, os.devnull, os.O_RDWR)
    try:
        process = await asyncio.create_subprocess_exec(
            *words, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
    except (OSError, ValueError) as error:
        return Problem(f"{name} cannot be run", getattr(error, "strerror", None) or str(error))
    finally:
        os.close(nothing)
    try:
        async with asyncio.timeout(patience_seconds):
            code = await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        return Problem(f"{name} took too long", f"it was ended after {patience_seconds:.0f} s")
    return Problem(f"{name} failed", f"its exit code is {code}") if code else None
