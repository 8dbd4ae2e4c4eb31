"""Lines of an HLS playlist, cleaned for the library m3u8: what cannot be used is left out.

Sources: RFC 8216 §4 and §6.3.1 (clients ignore what they do not know), and its second
edition, draft-pantos-hls-rfc8216bis §4.4.2.3 (EXT-X-DEFINE).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from urllib.parse import parse_qsl, urlsplit

MOST_SEGMENTS = 20_000
_MOST_LINES = 120_000
_MOST_LISTS = 2000
"""Lines with attribute lists: keys, init sections, variants and renditions."""
_LONGEST_LINE = 8192
_NOWHERE = "about:blank"
_MOST_VARIABLES = 100
_LONGEST_VALUE = 1024
_MOST_USES = 8
"""Of variables in a line."""
_MOST_FILLED_IN = 8 * 1024 * 1024
"""Characters of lines with variables."""
_READ_WORDS = {"#EXT-X-DISCONTINUITY", "#EXT-X-GAP"}
_LIST_TAGS = ("#EXT-X-KEY:", "#EXT-X-MAP:", "#EXT-X-STREAM-INF:", "#EXT-X-MEDIA:")
_END = "#EXT-X-ENDLIST"
_TARGET_TAG = "#EXT-X-TARGETDURATION:"
_DEFINE_TAG = "#EXT-X-DEFINE:"
_SECONDS = re.compile(r"\d{1,5}(?:\.\d{1,6})?")
_DURATION = re.compile(r"\s*((?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:[eE]\d{1,3})?)")
_BEFORE_TITLE = re.compile(r"(?:[^,\"]|\"[^\"]*\"|\"(?=[^\"]*\Z))*,")
_NUMBER = re.compile(r"[\"']?\s*(\d{1,20})")
_ATTRIBUTE = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60})\s*=\s*(\"[^\"]*\"|'[^']*'|[^\"',]*)")
_VARIABLE = re.compile(r"\{\$([A-Za-z0-9_-]{1,100})\}")
_IV = re.compile(r"0[xX][0-9a-fA-F]{1,32}")
_DATE = re.compile(
    r"\s*(\d{4})-(\d{1,2})-(\d{1,2})[T ]\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?"
    r"\s*(?:([zZ])|([+-])(\d{1,2}):?(\d{2})?)?\s*"
)
_YEARS = range(1990, 2200)
_NUMBERS = {"BANDWIDTH", "AVERAGE-BANDWIDTH"}
_OF_VARIANTS = _NUMBERS | {"CODECS", "RESOLUTION", "AUDIO"}


class PlaylistLines:
    """The lines of a playlist from ``url`` that m3u8 is given, each one really a line.

    A value that cannot be read costs itself alone. ``imported`` are the variables of the
    playlist that named this one.
    """

    def __init__(self, body: bytes, url: str, imported: Mapping[str, str]) -> None:
        self.texts: list[str] = []
        self.target: float | None = None
        """Of the first #EXT-X-TARGETDURATION."""
        self.have_ended = False
        self.variables: dict[str, str] = {}
        self._url = url
        self._imported = imported
        self._segments = self._lists = self._filled_in = 0
        self._newest: dict[str, str] = {}
        self._has_open_key = False
        for line in _text_lines(body):
            self._add(line)
            if self.are_too_many:
                return

    @property
    def are_too_many(self) -> bool:
        """True where reading would take seconds."""
        return (
            self._segments > MOST_SEGMENTS
            or self._lists > _MOST_LISTS
            or len(self.texts) > _MOST_LINES
            or self._filled_in > _MOST_FILLED_IN
        )

    def _add(self, line: str) -> None:
        tag, colon, value = line.partition(":")
        tag += colon
        if line == _END:
            self.have_ended = True
        elif tag == _TARGET_TAG and self.target is None:
            target = _SECONDS.match(value.lstrip())
            self.target = float(target[0]) if target else None
        elif tag == _DEFINE_TAG:
            self._define(_attributes(value))
        elif tag in _LIST_TAGS:
            self._add_list(tag, self._filled(value))
        elif tag == "#EXTINF:":
            self._segments += 1
            self.texts.append(self._extinf(value))
        elif tag == "#EXT-X-MEDIA-SEQUENCE:":
            number = _NUMBER.match(value)
            self.texts += [f"{tag}{number[1]}"] if number else []
        elif tag == "#EXT-X-PROGRAM-DATE-TIME:":
            date = _date(value)
            self.texts += [f"{tag}{date.isoformat()}"] if date else []
        elif not line.startswith("#"):
            self.texts.append(self._filled(line))
        elif tag == "#EXT-X-BYTERANGE:" or line in _READ_WORDS:
            self.texts.append(line)

    def _add_list(self, tag: str, value: str) -> None:
        attributes = _attributes(value)
        match tag:
            case "#EXT-X-KEY:":
                if not self._is_key_of_use(attributes):
                    return
            case "#EXT-X-STREAM-INF:":
                attributes = {k: v for k, v in attributes.items() if k in _OF_VARIANTS}
            case "#EXT-X-MAP:":
                if "URI" not in attributes:
                    return
        line = tag + ",".join(f"{name}={written}" for name, written in attributes.items())
        # A key and an init section hold until the next: the same once more says nothing.
        if tag in _LIST_TAGS[:2] and self._newest.get(tag) == line:
            return
        self._newest[tag] = line
        self._lists += 1
        self.texts.append(line)

    def _is_key_of_use(self, attributes: dict[str, str]) -> bool:
        """A key of another format stands beside the one that can be had, and replaces it not."""
        method = _unquoted(attributes.get("METHOD", "")).upper()
        if not method:
            return False
        format_ = _unquoted(attributes.get("KEYFORMAT", "identity")).lower()
        is_open = method == "AES-128" and format_ == "identity"
        if self._has_open_key and format_ != "identity" and method != "NONE":
            return False
        self._has_open_key = is_open
        return True

    def _extinf(self, value: str) -> str:
        """The duration as a number, and the title: IPTV's attributes may stand between the two."""
        duration = _DURATION.match(value)
        before_title = _BEFORE_TITLE.match(value)
        title = value[before_title.end() :] if before_title else ""
        # Where no duration can be read the segment is about as long as they all are.
        seconds = duration[1] if duration else str(self.target or 0)
        return f"#EXTINF:{seconds},{title}"

    def _define(self, attributes: dict[str, str]) -> None:
        plain = {name: _unquoted(written) for name, written in attributes.items()}
        name, value = plain.get("NAME", ""), plain.get("VALUE")
        if imported := plain.get("IMPORT"):
            name, value = imported, self._imported.get(imported)
        elif asked_for := plain.get("QUERYPARAM"):
            name, value = asked_for, _queries(self._url).get(asked_for)
        if name and value is not None and len(self.variables) < _MOST_VARIABLES:
            self.variables[name] = value[:_LONGEST_VALUE]

    def _filled(self, line: str) -> str:
        """``line`` with its variables filled in; those that nobody defined stay as they are."""
        if not self.variables or "{$" not in line:
            return line
        full = _VARIABLE.sub(lambda name: self.variables.get(name[1], name[0]), line, _MOST_USES)
        self._filled_in += len(full)
        return full


def _text_lines(body: bytes) -> Iterator[str]:
    """The lines of a body without the empty ones, one at a time: a list of them all takes long.

    Bytes that are not UTF-8 stay as surrogates: titles may be in any encoding.
    """
    text = body.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    for written in StringIO(text, newline=None):
        if written == "\n":
            continue
        # m3u8 takes more characters than these for the end of a line.
        line = " ".join(written[:_LONGEST_LINE].splitlines()).strip()
        if len(written) > _LONGEST_LINE and not line.startswith("#"):
            line = _NOWHERE
        if line:
            yield line


def _attributes(value: str) -> dict[str, str]:
    """The attributes of a list as they are written, without those that cannot be used."""
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(value):
        name, written = match[1].upper(), match[2].strip()
        if name in _NUMBERS:
            number = _NUMBER.match(written)
            written = number[1] if number else ""
        elif name in {"METHOD", "TYPE", "DEFAULT", "AUTOSELECT", "RESOLUTION"}:
            written = _unquoted(written)
        elif name == "IV":
            written = _unquoted(written) if _IV.fullmatch(_unquoted(written)) else ""
        if written:
            attributes.setdefault(name, written)
    return attributes


def _unquoted(written: str) -> str:
    is_quoted = len(written) > 1 and written[0] == written[-1] and written[0] in "\"'"
    return written[1:-1] if is_quoted else written


def _queries(url: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(urlsplit(url).query, max_num_fields=_MOST_VARIABLES)
    except ValueError:
        return {}
    return {name: value for name, value in pairs if '"' not in value}


def _date(written: str) -> datetime | None:
    """A time as RFC 3339 writes it, or nearly; without a zone it is in UTC. None: it is none."""
    match = _DATE.fullmatch(written)
    if match is None:
        return None
    fields = [int(field or 0) for field in match.group(1, 2, 3, 4, 5, 6)]
    zone = UTC
    try:
        if match[9]:
            away = timedelta(hours=int(match[10]), minutes=int(match[11] or 0))
            zone = timezone(-away if match[9] == "-" else away)
        microsecond = int((match[7] or "").ljust(6, "0")[:6])
        year, month, day, hour, minute, second = fields
        date = datetime(year, month, day, hour, minute, second, microsecond, zone)
    except ValueError:
        return None
    return date if date.year in _YEARS else None
