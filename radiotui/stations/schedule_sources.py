"""The table of schedule sources: one line each, with the options a station list gives them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """Options of one source in ``schedule = [{ source = "…", … }]``. All take ``base`` as well."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


SCHEDULE_SOURCES: dict[str, SourceOptions] = {
    "npr": SourceOptions(required=("stream",)),
    "composer": SourceOptions(required=("ucs",)),
}
"""Source names to their options; the code of "npr" is ``guide/sources/npr.py``."""
