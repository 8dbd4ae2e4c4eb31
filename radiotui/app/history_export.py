"""Export of the history as text, CSV or JSON.

The columns of the CSV are the keys of the JSON (:mod:`radiotui.app.shapes`); a value
that is absent is empty.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

from radiotui.app.shapes import played_shape
from radiotui.files import free_path, write_atomically
from radiotui.problems import Problem
from radiotui.store.history import PlayedItem
from radiotui.text import song_words, time_of_day

Form = Literal["text", "csv", "json"]

_ENDINGS: dict[Form, str] = {"text": "txt", "csv": "csv", "json": "json"}
_COLUMNS = (
    *("kind", "id", "station", "stream", "station_name", "stream_name", "text", "artist"),
    *("title", "began", "ended", "ad", "starred"),
)
_AD = "advertisement"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet would calculate:

https://owasp.org/www-community/attacks/CSV_Injection
"""


def exported(entries: Iterable[PlayedItem], form: Form) -> str:
    """The entries in that form, with a newline at the end of each line."""
    match form:
        case "json":
            shapes = [played_shape(item) for item in entries]
            return json.dumps(shapes, ensure_ascii=False, indent=2) + "\n"
        case "csv":
            return _as_csv(entries)
    return "".join(f"{played_line(item)}\n" for item in entries)


def write_export(folder: Path, at: datetime, entries: Iterable[PlayedItem], form: Form) -> Path:
    """Write the entries into a new file in ``folder``; its path.

    Blocks. Raises Problem when it cannot be written.
    """
    path = free_path(folder / f"heard-{at.astimezone():%Y-%m-%d}.{_ENDINGS[form]}")
    try:
        write_atomically(path, exported(entries, form).encode())
    except OSError as error:
        raise Problem(f"{path} cannot be written", error.strerror or str(error)) from error
    return path


def played_words(item: PlayedItem) -> str:
    """ "Nina Simone — Sinnerman"; an advertisement is called one."""
    words = song_words(item.artist, item.title) if item.artist else item.text
    return " · ".join(part for part in (_AD if item.ad else "", words) if part)


def played_line(item: PlayedItem) -> str:
    """One entry as a line of text: time, star, artist and title, station."""
    began = item.began_at.astimezone()
    star = "★" if item.starred else " "
    programme = " (programme)" if item.kind == "programme" else ""
    where = " · ".join(dict.fromkeys(filter(None, (item.station_name, item.stream_name))))
    clock = time_of_day(began, align=True)
    return f"{began:%Y-%m-%d} {clock} {star} {played_words(item)}{programme}  [{where}]"


def _as_csv(entries: Iterable[PlayedItem]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for item in entries:
        shape = played_shape(item)
        writer.writerow({name: _safe(value) for name, value in shape.items()})
    return file.getvalue()


def _safe(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
