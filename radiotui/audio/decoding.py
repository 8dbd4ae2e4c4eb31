"""Any source of sound as PCM, decoded by FFmpeg (PyAV carries it in its wheel)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from radiotui.audio.engine import Bytes, EngineInput, FromWithin, Seekable, SoundFile, Tapped
from radiotui.audio.frames import RATE, bytes_of
from radiotui.audio.plays import SEAM_BYTES, broken_off, no_sound, not_loaded, unreadable
from radiotui.problems import Problem

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.container import InputContainer

_MOST_BAD = 100
"""So many wrong packets in a row (some 2.5 s of MP3) are no sound any more."""
_MOST_WITHOUT_SOUND = 4 * 1024 * 1024

# A file is what it is said to be only once it was read. Only containers that hold their own
# sound are allowed: a playlist in disguise would name other files and addresses.
_CONTAINERS = "mp3,aac,ogg,flac,mov,wav,w64,aiff,au,caf,matroska,asf,mpegts,ac3,eac3,wv,ape,tta"


def pcm_of(source: EngineInput | SoundFile, *, start: float = 0.0) -> Iterator[bytes]:
    """Stereo PCM (s16, 48 kHz) of ``source``.

    Of a file it begins ``start`` seconds in, to about a frame. Single wrong
    packets are passed over. Raises Problem when nothing of it can be decoded,
    or not for long any more.
    """
    import av

    av.logging.set_level(None)
    reading = _ByteInput(source) if isinstance(source, Bytes) else None
    heard = False
    detail = ""
    try:
        with _open(source, reading, is_sought=start > 0) as container:
            if start:
                container.seek(int(start * av.time_base))
            skip = source.skip if isinstance(source, FromWithin) else 0.0
            on_pcm = source.on_pcm if isinstance(source, Tapped) else None
            for pcm in _decoded(container, reading, start, skip):
                heard = True
                if pcm:
                    if on_pcm is not None:
                        on_pcm(pcm)
                    yield pcm
    except OSError as error:
        raise unreadable(error) from error
    except av.error.FFmpegError as error:
        if heard:
            raise broken_off(str(error)) from error
        detail = str(error)
    if heard and reading is not None and reading.without_sound > _MOST_WITHOUT_SOUND:
        raise broken_off("no sound in so many bytes")
    is_seam = reading is not None and reading.at_end and reading.count <= SEAM_BYTES
    if not heard and not is_seam:
        raise no_sound(source, detail)


def ffmpeg_problem() -> Problem | None:
    """Reason why FFmpeg cannot be loaded, else None. Loads it, which takes a tenth of a second."""
    try:
        import av
    except (ImportError, OSError) as error:
        return not_loaded("FFmpeg", error)
    av.logging.set_level(None)
    return None


def facts_of(path: SoundFile) -> tuple[str, float | None]:
    """A file's codec as listeners know it, and its seconds, if it says. Raises Problem."""
    import av

    try:
        with _open(path, None) as container:
            stream = next(iter(container.streams.audio), None)
            if stream is None:
                raise no_sound(path)
            # By the name of the coding: decoders have names of their own, such as "mp3float".
            codec = stream.codec_context.codec.canonical_name.partition("_")[0].upper()
            return codec, container.duration / av.time_base if container.duration else None
    except OSError as error:
        raise unreadable(error) from error
    except av.error.FFmpegError as error:
        raise no_sound(path, str(error)) from error


def tags_of(path: Path) -> tuple[dict[str, str], float | None]:
    """A file's tags by FFmpeg's names for them, and its seconds, if it says. Raises Problem.

    Of the tags of the container and of its sound, those of the container count first. They are
    as somebody wrote them.
    """
    import av

    av.logging.set_level(None)
    try:
        with _open(path, None) as container:
            stream = next(iter(container.streams.audio), None)
            if stream is None:
                raise no_sound(path)
            tags = {**stream.metadata, **container.metadata}
            seconds = container.duration / av.time_base if container.duration else None
            return {name.lower(): value for name, value in tags.items()}, seconds
    except OSError as error:
        raise unreadable(error) from error
    except av.error.FFmpegError as error:
        raise no_sound(path, str(error)) from error


class _ByteInput:
    """The face of a source for FFmpeg: it can be read, and not be sought in."""

    def __init__(self, source: Bytes) -> None:
        self._source = source
        self.count = 0
        self.at_end = False
        self.without_sound = 0
        """Bytes read since the last sound was decoded."""

    def read(self, size: int) -> bytes:
        if self.without_sound > _MOST_WITHOUT_SOUND:
            return b""
        data = self._source.read(size)
        self.at_end = not data
        self.count += len(data)
        self.without_sound += len(data)
        return data


def open_file(source: SoundFile, *, is_sought: bool = False) -> InputContainer:
    """A file as a container that holds its own sound. Raises OSError, and FFmpeg's errors."""
    import av

    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
    if is_sought and not isinstance(source, Path) and _has_even_frames(source):
        options["fflags"] = "fastseek"
    file = str(source) if isinstance(source, Path) else source
    return av.open(file, mode="r", options=options, metadata_errors="replace")


def _open(
    source: EngineInput | SoundFile, reading: _ByteInput | None, *, is_sought: bool = False
) -> InputContainer:
    import av

    if not isinstance(source, Bytes):
        return open_file(source, is_sought=is_sought)
    # As much as one MP3 frame and its follower: at the newest end of a tape every byte is waited
    # for. With FFmpeg's own choice an MP3 opens after 22 KB, 1.4 s at 128 kbit/s.
    options = {"probesize": "2048", "analyzeduration": "0"}
    return av.open(reading, mode="r", format=source.format or None, options=options)


def _has_even_frames(sound: Seekable) -> bool:
    """True for an MP3 of one bitrate: a place in time is a place in the file.

    Of others FFmpeg finds a place by reading all that is before it, as it does of MP3 by itself;
    where that is not there yet it has to come first.
    """
    head = sound.read(3)
    try:
        if head != b"ID3" and head[:1] != b"\xff":
            return False
        from mutagen.mp3 import BitrateMode, HeaderNotFoundError, MPEGInfo

        sound.seek(0, os.SEEK_SET)
        try:
            return MPEGInfo(sound).bitrate_mode not in {BitrateMode.VBR, BitrateMode.ABR}
        except HeaderNotFoundError:
            return False
    finally:
        sound.seek(0, os.SEEK_SET)


def _decoded(
    container: InputContainer, reading: _ByteInput | None, start: float, skip: float
) -> Iterator[bytes]:
    """PCM; empty for what is to be skipped."""
    resampler = _Resampler()
    for frame in _frames(container):
        if reading is not None:
            reading.without_sound = 0
        # Seeking lands at the packet before, or further back.
        if start and frame.time is not None and frame.time + _length(frame) / 2 < start:
            continue
        if skip > _length(frame) / 2:
            skip -= _length(frame)
            yield b""
            continue
        yield from map(bytes_of, resampler.resample(frame))
    yield from map(bytes_of, resampler.flush())


def _frames(container: InputContainer) -> Iterator[AudioFrame]:
    import av

    stream = next(iter(container.streams.audio), None)
    if stream is None:
        return
    packets = container.demux(stream)
    bad = 0
    while True:
        try:
            packet = next(packets, None)
            frames = stream.decode(packet) if packet is not None else None
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            bad += 1
            if bad > _MOST_BAD:
                raise
            packets = container.demux(stream)
            continue
        if frames is None:
            return
        if frames:
            bad = 0
        yield from frames


def _length(frame: AudioFrame) -> float:
    return frame.samples / frame.sample_rate


class _Resampler:
    """Frames of any kind, and of changing kinds, as frames of one kind."""

    def __init__(self) -> None:
        self._resampler: AudioResampler | None = None
        self._kind: tuple[str, str, int] | None = None

    def resample(self, frame: AudioFrame) -> Iterator[AudioFrame]:
        """The even frames of ``frame``; a stream may change its rate or channels midway."""
        import av

        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            yield from self.flush()
            self._resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE)
            self._kind = kind
        assert self._resampler is not None
        frame.pts = None
        yield from self._resampler.resample(frame)

    def flush(self) -> Iterator[AudioFrame]:
        """The frames that the filter still holds."""
        if self._resampler is not None:
            yield from self._resampler.resample(None)
            self._resampler = None
