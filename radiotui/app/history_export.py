"""What was heard, as text, CSV or JSON: for scripts, spreadsheets and people.

The names of the columns and keys are promised: more may come, none is renamed.
Times are ISO 8601 with offset, what is absent is null or empty.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from radiotui.files import free_path, write_atomically
from radiotui.problems import Problem
from radiotui.store.history import PlayedItem

Form = Literal["text", "csv", "json"]

_ENDINGS: dict[Form, str] = {"text": "txt", "csv": "csv", "json": "json"}
_COLUMNS = (
    *("kind", "id", "station", "stream", "station_name", "stream_name", "text", "artist"),
    *("title", "began", "ended", "ad", "starred"),
)
_AD = "advertisement"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would calculate: https://owasp.org/www-community/attacks/CSV_Injection."""


def exported(entries: Iterable[PlayedItem], form: Form) -> str:
    """The entries in that form, with a newline at the end of each line."""
    match form:
        case "json":
            shapes = [heard_shape(heard) for heard in entries]
            return json.dumps(shapes, ensure_ascii=False, indent=2) + "\n"
        case "csv":
            return _as_csv(entries)
    return "".join(f"{heard_line(heard)}\n" for heard in entries)


def write_export(folder: Path, at: datetime, entries: Iterable[PlayedItem], form: Form) -> Path:
    """Write the entries into a new file in ``folder``; where it is.

    Blocks. Raises Problem when it cannot be written.
    """
    path = free_path(folder / f"heard-{at.astimezone():%Y-%m-%d}.{_ENDINGS[form]}")
    try:
        write_atomically(path, exported(entries, form).encode())
    except OSError as error:
        raise Problem(f"{path} cannot be written", error.strerror or str(error)) from error
    return path


def heard_shape(heard: PlayedItem) -> dict[str, Any]:
    """One entry as scripts are given it."""
    return {
        "kind": heard.kind,
        "id": heard.id,
        "station": heard.station,
        "stream": heard.stream,
        "station_name": heard.station_name,
        "stream_name": heard.stream_name,
        "text": heard.text,
        "artist": heard.artist or None,
        "title": heard.title or None,
        "began": _iso(heard.began_at),
        "ended": _iso(heard.ended_at),
        "ad": heard.ad,
        "starred": heard.starred,
    }


def heard_words(heard: PlayedItem) -> str:
    """ "Nina Simone – Sinnerman"; an advertisement is called one."""
    words = f"{heard.artist} – {heard.title}" if heard.artist else heard.text
    return " · ".join(part for part in (_AD if heard.ad else "", words) if part)


def heard_line(heard: PlayedItem) -> str:
    """One entry as a line of text: when, whether it is starred, what, and on which station."""
    began = heard.began_at.astimezone()
    star = "★" if heard.starred else " "
    programme = " (programme)" if heard.kind == "programme" else ""
    where = " · ".join(dict.fromkeys(filter(None, (heard.station_name, heard.stream_name))))
    return f"{began:%Y-%m-%d %H:%M} {star} {heard_words(heard)}{programme}  [{where}]"


def _as_csv(entries: Iterable[PlayedItem]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for heard in entries:
        shape = heard_shape(heard)
        writer.writerow({name: _safe(value) for name, value in shape.items()})
    return file.getvalue()


def _safe(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _iso(time: datetime) -> str:
    return time.astimezone().isoformat(timespec="seconds")
