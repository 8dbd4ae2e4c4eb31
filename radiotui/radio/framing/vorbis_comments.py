"""Vorbis comments: the names that Ogg and FLAC give their content.

Source: xiph.org/vorbis/doc/v-comment.html.
"""

from __future__ import annotations

MOST_BYTES = 512 * 1024
"""Bytes of a comment header that are read; pictures travel in them and may be larger."""

_MOST_FIELDS = 200
_MOST_FIELD = 1024
"""Bytes of a field that are read: a picture is not copied to be told apart."""
_MOST_VALUES = 10
"""Fields of one name that are joined."""


def title(body: bytes) -> str:
    """ "Artist - Title" of a comment header's body, or the one of them that is there, or "".

    Not yet cleaned. Of a body that is cut off, or that lies about its lengths, as
    much as can be read.
    """
    values: dict[str, list[str]] = {"ARTIST": [], "TITLE": []}
    vendor = int.from_bytes(body[:4], "little")
    at = 4 + vendor + 4
    count = int.from_bytes(body[at - 4 : at], "little")
    for _ in range(min(count, _MOST_FIELDS)):
        if at + 4 > len(body):
            break
        end = at + 4 + int.from_bytes(body[at : at + 4], "little")
        name, _, value = body[at + 4 : min(end, at + 4 + _MOST_FIELD)].partition(b"=")
        field_values = values.get(name.decode("ascii", "replace").upper())
        if field_values is not None and len(field_values) < _MOST_VALUES and value.strip():
            field_values.append(value.decode("utf-8", "replace"))
        at = end
    return " - ".join(", ".join(names) for names in values.values() if names)
