"""Vorbis comments: how Ogg and FLAC name what they hold.

Source: xiph.org/vorbis/doc/v-comment.html.
"""

from __future__ import annotations

MOST_BYTES = 512 * 1024
"""How much of a comment header is looked at; pictures travel in them and may be larger."""

_MOST_FIELDS = 1000


def title(body: bytes) -> str:
    """ "Artist - Title" of a comment header's body, or the one of them that is there, or "".

    Not yet cleaned. What is cut off or lies about its lengths gives what can be read.
    """
    named: dict[str, list[str]] = {"ARTIST": [], "TITLE": []}
    vendor = int.from_bytes(body[:4], "little")
    at = 4 + vendor + 4
    count = int.from_bytes(body[at - 4 : at], "little")
    for _ in range(min(count, _MOST_FIELDS)):
        if at + 4 > len(body):
            break
        end = at + 4 + int.from_bytes(body[at : at + 4], "little")
        # Enough for any name and title; a picture is not copied to be told apart.
        name, _, value = body[at + 4 : min(end, at + 4096)].partition(b"=")
        field = named.get(name.decode("ascii", "replace").upper())
        if field is not None and value.strip():
            field.append(value.decode("utf-8", "replace"))
        at = end
    return " - ".join(", ".join(values) for values in named.values() if values)
