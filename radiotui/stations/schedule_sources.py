"""The table of schedule sources: one line each, with the options a station list gives them."""

from __future__ import annotations

import msgspec


class SourceOptions(msgspec.Struct, frozen=True):
    """Options of one source in ``schedule = [{ source = "…", … }]``. All take ``base`` as well."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


SCHEDULE_SOURCES: dict[str, SourceOptions] = {
    "npr": SourceOptions(required=("stream",)),
    "composer": SourceOptions(required=("ucs",)),
    "abc": SourceOptions(required=("service",), optional=("songs",)),
    "azuracast": SourceOptions(required=("station", "base")),
    "bbc": SourceOptions(required=("service",)),
    "cbc": SourceOptions(required=("service",)),
    "ical": SourceOptions(required=("url",)),
    "icecast": SourceOptions(required=("base",), optional=("mount",)),
    "kexp": SourceOptions(),
    "kqed": SourceOptions(),
    "nts": SourceOptions(required=("channel",)),
    "radio_france": SourceOptions(required=("station",)),
    "radio_paradise": SourceOptions(required=("channel",)),
    "rte": SourceOptions(required=("station",)),
    "shoutcast": SourceOptions(required=("base",), optional=("sid",)),
    "somafm": SourceOptions(required=("channel",)),
    "spinitron": SourceOptions(required=("call",)),
    "wfmu": SourceOptions(),
    "wnyc": SourceOptions(required=("slug",)),
}
"""Source names to their options; the code of "npr" is ``guide/sources/npr.py``."""
