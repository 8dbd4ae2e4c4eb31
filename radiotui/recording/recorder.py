"""The recorder: an excerpt of a tape as a file, its packets as they were sent.

MP3, Ogg and FLAC go straight into the file that is kept. ADTS becomes .m4a at
the end, by copying packets; until then, and where that cannot be done, it is
.aac, which can be played as well. Everything here blocks: it belongs on a thread.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec.structs import replace

from radiotui.problems import Problem
from radiotui.radio.framing.detect import HEAD_BYTES, framer_for
from radiotui.radio.framing.id3_tag import HEADER_BYTES, tag_bytes
from radiotui.radio.tape.excerpt import ExcerptRun
from radiotui.recording.containers import Container, container_for
from radiotui.recording.filenames import safe
from radiotui.recording.m4a import into_m4a
from radiotui.recording.packets import Cutter, Packet, cutter_for
from radiotui.recording.part_file import PartFile, left_behind
from radiotui.recording.tags import RecordingTags, about_file

log = logging.getLogger(__name__)

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_AT_ONCE = 256 * 1024
_NEW = ".new"
_INTERRUPTED = " (interrupted)"


class KeptFile(msgspec.Struct, frozen=True):
    """A file that is in its place."""

    path: Path
    title: str
    """As the file is called, without its time."""
    seconds: float
    incomplete: bool
    """Something is missing: it was dropped from the tape, the disk was full, the program ended."""
    number: int = 0
    """Of the recording that it came from."""


class RecordingInput(Protocol):
    """Input of a recorder: an excerpt of a tape, or a file that an earlier run left behind."""

    @property
    def begin(self) -> float:
        """Its beginning, in seconds."""
        ...

    @property
    def cut_at(self) -> float | None:
        """Its end, in seconds; None: with its last byte."""
        ...

    @property
    def lost(self) -> float:
        """Seconds that are missing."""
        ...

    def read(self) -> tuple[ExcerptRun, bytes] | None:
        """The next bytes; None: none for now."""
        ...


@dataclass(slots=True)
class _File:
    """One file while it is written."""

    part: PartFile
    container: Container
    kind: object
    head: int
    """Bytes before the first packet."""
    seconds: float = 0.0

    @property
    def has_sound(self) -> bool:
        return self.seconds > 0 and self.part.size > self.head


class Recorder:
    """Writes ``source`` into files of ``folder``, which is the station's own.

    A change of codec begins another file. ``problem`` is set when the disk
    takes no more: nothing is written from then on, and :meth:`finish` keeps
    what there is.
    """

    def __init__(
        self,
        source: RecordingInput,
        folder: Path,
        about: RecordingTags,
        *,
        stem: str = "",
        mending: bool = False,
    ) -> None:
        self.files: list[KeptFile] = []
        self.problem: Problem | None = None
        self._source = source
        self._folder = folder
        self._about = about
        self._stem = stem or f"{about.began.astimezone():%Y-%m-%d %H.%M} {about.name}"
        self._mending = mending
        self._run: ExcerptRun | None = None
        self._cutter: Cutter | None = None
        self._at = 0.0
        self._file: _File | None = None
        self._seconds = 0.0
        self._bytes = 0

    @property
    def seconds(self) -> float:
        """Seconds of sound that were written."""
        return self._seconds

    @property
    def size(self) -> int:
        """Bytes that were written."""
        return self._bytes + (self._file.part.size if self._file else 0)

    @property
    def path(self) -> Path | None:
        """The file that is written now; hidden until it is whole."""
        return self._file.part.path if self._file else None

    def write(self) -> bool:
        """Write some of the input; False when there is no more for now."""
        if self.problem is not None:
            return False
        try:
            part = self._source.read()
            if part is None:
                if self._file is not None:
                    self._file.part.flush()
                return False
            run, data = part
            if run is not self._run:
                self._begin(run)
            if self._cutter is not None:
                self._put(self._cutter.feed(data))
        except OSError as error:
            self._fail(error, self._file)
        return self.problem is None

    def finish(self, *, complete: bool = True) -> list[KeptFile]:
        """Put every file into its place; the files in order.

        ``complete`` says whether the source came to its end.
        """
        try:
            self._end_run()
        except OSError as error:
            self._fail(error, self._file)
        self._close(complete=complete)
        return self.files

    def leave(self) -> None:
        """Stop in the middle: the next start finishes it."""
        if self._file is not None:
            self._file.part.leave()

    def _begin(self, run: ExcerptRun) -> None:
        self._end_run()
        self._run, self._at = run, run.begin
        self._cutter = cutter_for(run.format, run.heads)
        if self._cutter is None:
            log.warning("%s cannot be kept: %s", run.codec or "a stream", run.format)
            self.problem = Problem(
                f"{self._about.name}: its sound cannot be kept", "its headers are broken"
            )

    def _end_run(self) -> None:
        cutter, self._cutter = self._cutter, None
        if cutter is not None and self.problem is None:
            self._cutter = cutter
            self._put(cutter.flush())
            self._cutter = None

    def _put(self, packets: list[Packet]) -> None:
        end = self._source.cut_at
        for packet in packets:
            middle = self._at + packet.seconds / 2
            self._at += packet.seconds
            if middle < self._source.begin or (end is not None and middle >= end):
                continue
            if self._file is None or self._file.kind != packet.kind:
                self._open(packet)
            assert self._file is not None
            self._file.part.append(self._file.container.put(packet))
            self._file.seconds += packet.seconds
            self._seconds += packet.seconds

    def _open(self, first: Packet) -> None:
        self._close(complete=True)
        assert self._cutter is not None
        container = container_for(self._cutter, first, self._about, mending=self._mending)
        head = container.head()
        self._file = _File(PartFile(self._folder, self._stem), container, first.kind, len(head))
        self._file.part.append(head)

    def _close(self, *, complete: bool) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        # What cannot be appended any more is less than a page; the file can be played without it.
        if self.problem is None:
            try:
                file.part.append(file.container.end())
                file.part.flush()
            except OSError as error:
                self._fail(error, file)
        self._bytes += file.part.size
        if not file.has_sound:
            file.part.discard()
            return
        try:
            for at, data in file.container.patches():
                file.part.patch(at, data)
            file.part.sync()
        except OSError as error:
            self._fail(error, file)
        try:
            path = self._place(file)
        except OSError as error:
            self._fail(error, file)
            file.part.leave()
            return
        complete = complete and self._source.lost == 0 and self.problem is None
        self.files.append(KeptFile(path, self._about.name, file.seconds, incomplete=not complete))

    def _place(self, file: _File) -> Path:
        number = len(self.files) + 1
        suffix = file.container.suffix
        if suffix == ".aac":
            beside = file.part.path.with_name(file.part.path.name + _NEW)
            if into_m4a(file.part.path, beside, self._about):
                return file.part.place(".m4a", number=number, source=beside)
            beside.unlink(missing_ok=True)
        return file.part.place(suffix, number=number)

    def _fail(self, error: OSError, file: _File | None) -> None:
        log.warning("recording: %s", error)
        if self.problem is not None:
            return
        is_kept = self.files or (file is not None and file.has_sound)
        hint = "what there was of it is kept" if is_kept else "nothing of it could be kept"
        name = f"“{self._about.name}”"
        if error.errno in _FULL:
            title = f"The disk is full: {name} is not recorded any further"
        else:
            title = f"{name} cannot be recorded: {error.strerror or error}"
        self.problem = Problem(title, hint, str(error))


def station_folder(folder: Path, about: RecordingTags) -> Path:
    """The folder for recordings of a station."""
    return folder.expanduser().absolute() / safe(about.station_name or "Radio")


def finish_left_behind(folder: Path) -> Iterator[KeptFile | Problem]:
    """Finish the recordings of programs that have ended; remove those without sound."""
    folder = folder.expanduser().absolute()
    for path, stem, file in left_behind(folder):
        path.with_name(path.name + _NEW).unlink(missing_ok=True)
        whole = stem.removesuffix(_INTERRUPTED)
        if whole != stem and any(path.parent.glob(f".{escape(whole)}.*.part")):
            # A start that was killed while it finished this one: it is finished anew.
            path.unlink()
            continue
        recorder = Recorder(
            _LeftBehind(path),
            path.parent,
            about_file(path),
            stem=f"{whole}{_INTERRUPTED}",
            mending=True,
        )
        while recorder.write():
            pass
        files = recorder.finish(complete=False)
        if recorder.problem is not None:
            yield recorder.problem
            continue
        path.unlink(missing_ok=True)
        file.close()
        yield from (replace(file, title=stem) for file in files)


@dataclass
class _LeftBehind:
    """An unfinished file, read as an excerpt is."""

    path: Path
    begin: float = 0.0
    cut_at: float | None = None
    lost: float = 0.0
    _parts: Iterator[tuple[ExcerptRun, bytes]] | None = field(default=None, init=False)

    def read(self) -> tuple[ExcerptRun, bytes] | None:
        """The next bytes."""
        if self._parts is None:
            self._parts = self._read()
        return next(self._parts, None)

    def _read(self) -> Iterator[tuple[ExcerptRun, bytes]]:
        with self.path.open("rb") as file:
            file.seek(tag_bytes(file.read(HEADER_BYTES)))
            data = file.read(_AT_ONCE)
            framer = framer_for("", data[:HEAD_BYTES])
            heads, run = bytearray(), None
            while framer is not None:
                frames = framer.feed(data) if data else framer.flush()
                heads += b"".join(frame.data for frame in frames if frame.head)
                sound = b"".join(frame.data for frame in frames if not frame.head)
                if sound:
                    run = run or ExcerptRun(framer.format, framer.codec, bytes(heads), 0.0)
                    yield run, sound
                if not data:
                    return
                data = file.read(_AT_ONCE)
