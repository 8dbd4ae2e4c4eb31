"""Tags of recorded files, in the form of each format.

Sources: id3.org (ID3v2.4 §4), xiph.org/vorbis/doc/v-comment.html, the atoms of Apple's iTunes.
"""

from __future__ import annotations

import base64
import io
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlunsplit

import msgspec

from radiotui.net.urls import is_web, parts_of, server_of
from radiotui.radio.framing.id3_tag import HEADER_BYTES, tag_bytes
from radiotui.text import clean

if TYPE_CHECKING:
    from mutagen.flac import Picture, VCFLACDict

MOST_TAG = 16 * 1024 * 1024
"""Bytes of a tag before the sound that is read: more is no picture of a song."""
MOST_PICTURE = 512 * 1024
"""Bytes of a picture, at most: it goes into every file."""

_MOST_COMMENTS = 64 * 1024
_STATIONS_OWN = ("GENRE", "COPYRIGHT", "LICENSE", "LANGUAGE")
_FRONT_COVER = 3


class RecordingTags(msgspec.Struct, frozen=True):
    """Title, artist, programme and station of a recording: its file name and its tags."""

    station_name: str
    began: datetime
    """The time at which the station sent its beginning; aware."""
    title: str = ""
    artist: str = ""
    programme: str = ""
    url: str = ""
    """Of the stream."""
    picture: bytes | None = None
    """The station's; JPEG or PNG of at most 512 KiB, anything else is left out."""
    station: str = ""
    """The station's id."""
    stream: str = ""
    """The stream's id."""
    stream_name: str = ""
    """Empty where the station has one stream."""

    @property
    def name(self) -> str:
        """One line for it: "Artist - Title", or the programme, or the stream, or the station."""
        song = " - ".join(filter(None, (self.artist, self.title)))
        return song or self.programme or self.stream_name or self.station_name

    @property
    def address(self) -> str:
        """The stream's address, without a name and password."""
        if not is_web(self.url):
            return ""
        parts = parts_of(self.url)
        return urlunsplit((parts.scheme, server_of(self.url), parts.path, parts.query, ""))


def id3(about: RecordingTags) -> bytes:
    """An ID3v2.4 tag, to stand before the first frame."""
    from mutagen import id3 as frames

    tag = frames.ID3()
    texts = (
        (frames.TIT2, about.title or about.name),
        (frames.TPE1, about.artist),
        (frames.TALB, about.programme),
        (frames.TPE2, about.station_name),
        (frames.TPUB, about.station_name),
        (frames.TDRC, f"{about.began.astimezone():%Y-%m-%dT%H:%M:%S}"),
    )
    for frame, text in texts:
        if text:
            tag.add(frame(encoding=3, text=[clean(text)]))
    if about.address:
        tag.add(frames.WOAF(url=about.address))
        tag.add(frames.COMM(encoding=3, lang="und", desc="", text=[about.address]))
    mime = picture_type(about.picture)
    if mime:
        tag.add(frames.APIC(encoding=3, mime=mime, type=_FRONT_COVER, desc="", data=about.picture))
    written = io.BytesIO()
    tag.save(written, padding=lambda _info: 0)
    return written.getvalue()


def comments(about: RecordingTags, of_station: bytes = b"") -> bytes:
    """A Vorbis comment without its framing bit; the station's own genre stays in it.

    ``of_station`` is the stream's own comment, which may be anything.
    """
    comment = _comment(of_station[:_MOST_COMMENTS])
    fields = {
        "TITLE": about.title or about.name,
        "ARTIST": about.artist,
        "ALBUM": about.programme,
        "ALBUMARTIST": about.station_name,
        "ORGANIZATION": about.station_name,
        "DATE": about.began.astimezone().isoformat(timespec="seconds"),
        "URL": about.address,
    }
    written = _comment(b"")
    for name in _STATIONS_OWN:
        written += [(name, clean(value)) for value in comment.get(name, [])[:5]]
    written += [(name, clean(value)) for name, value in fields.items() if value]
    return bytes(written.write())


def picture_block(about: RecordingTags) -> bytes:
    """The body of FLAC's PICTURE block; empty when there is no picture."""
    picture = _picture(about)
    return bytes(picture.write()) if picture else b""


def comments_with_picture(about: RecordingTags, of_station: bytes = b"") -> bytes:
    """As :func:`comments`, with the picture within, as Ogg has it."""
    plain = comments(about, of_station)
    block = picture_block(about)
    if not block:
        return plain
    written = _comment(plain)
    written.append(("METADATA_BLOCK_PICTURE", base64.b64encode(block).decode()))
    return bytes(written.write())


def tag_mp4(path: Path, about: RecordingTags) -> None:
    """Put the tags into an MP4 file. Raises OSError, and mutagen's own error."""
    from mutagen.mp4 import MP4, AtomDataType, MP4Cover

    file = MP4(path)
    if file.tags is None:
        file.add_tags()
    texts = {
        "\xa9nam": about.title or about.name,
        "\xa9ART": about.artist,
        "\xa9alb": about.programme,
        "aART": about.station_name,
        "\xa9day": about.began.astimezone().isoformat(timespec="seconds"),
        "\xa9cmt": about.address,
    }
    for name, text in texts.items():
        if text:
            file[name] = [clean(text)]
    mime = picture_type(about.picture)
    if mime:
        kind = AtomDataType.PNG if mime == "image/png" else AtomDataType.JPEG
        file["covr"] = [MP4Cover(about.picture, kind)]
    file.save()


def retitle(path: Path, title: str) -> bool:
    """Write another title into a file's tags; False for a format that takes none.

    Raises OSError, mutagen's own error, and of a damaged file anything else.
    """
    import mutagen
    from mutagen.id3 import ID3, TIT2, ID3NoHeaderError

    with path.open("rb") as head:
        if tag_bytes(head.read(HEADER_BYTES)) > MOST_TAG:
            raise mutagen.MutagenError("the tag is too large")
    if path.suffix.lower() in {".aac", ".mp2", ".ac3"}:
        # Bare frames with a tag before them, as they are kept.
        try:
            tag = ID3(path)
        except ID3NoHeaderError:
            tag = ID3()
        tag.setall("TIT2", [TIT2(encoding=3, text=[title])])
        tag.save(path)
        return True
    file = mutagen.File(path)
    if file is None:
        return False
    if file.tags is None:
        file.add_tags()
    if isinstance(file.tags, ID3):
        file.tags.setall("TIT2", [TIT2(encoding=3, text=[title])])
    else:
        file["\xa9nam" if isinstance(file, mutagen.mp4.MP4) else "TITLE"] = [title]
    file.save()
    return True


def about_file(path: Path) -> RecordingTags:
    """The tags of an unfinished file. Raises OSError."""
    from mutagen import MutagenError
    from mutagen.id3 import ID3

    file_began = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    try:
        tag = ID3(path)
    except MutagenError:
        return RecordingTags("", file_began)
    pictures = tag.getall("APIC")

    def text(name: str) -> str:
        return clean(str(tag[name])) if name in tag else ""

    began = file_began
    with suppress(ValueError):
        began = datetime.fromisoformat(text("TDRC")).astimezone()
    return RecordingTags(
        text("TPE2"),
        began,
        title=text("TIT2"),
        artist=text("TPE1"),
        programme=text("TALB"),
        url=next((clean(frame.url, 4000) for frame in tag.getall("WOAF")), ""),
        picture=pictures[0].data if pictures else None,
    )


def picture_type(picture: bytes | None) -> str:
    """ "image/jpeg" or "image/png"; empty: none that files are given.

    A picture that is broken would make players complain about the sound.
    """
    if not picture or len(picture) > MOST_PICTURE:
        return ""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG")) as image:
            image.verify()
            return f"image/{(image.format or '').lower()}"
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return ""


def _picture(about: RecordingTags) -> Picture | None:
    from mutagen.flac import Picture

    mime = picture_type(about.picture)
    if not mime:
        return None
    picture = Picture()
    picture.type, picture.mime, picture.data = _FRONT_COVER, mime, about.picture
    return picture


def _comment(body: bytes) -> VCFLACDict:
    from mutagen import MutagenError
    from mutagen.flac import VCFLACDict

    comment = VCFLACDict()
    if body:
        with suppress(MutagenError, ValueError, OverflowError):
            comment = VCFLACDict(body)
    return comment
