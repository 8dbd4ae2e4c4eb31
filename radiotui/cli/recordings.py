"""Command ``recordings``: what was kept and recorded, listed, heard, renamed, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.shapes import recorded_file_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_json, print_note, print_nothing, print_result

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.recording.model import RecordedFile

_LONGEST_PATH = 4096


async def list_recordings(companion: Companion, words: str, *, as_json: bool) -> int:
    """Print the recordings, newest first; 1 where there are none.

    Nothing of the radio is started, and another radiotui may be running.
    """
    async with opened(companion, radio=False, faults=False):
        listed = await companion.recordings.look()
        if listed.problem is not None:
            raise listed.problem
        files = await companion.recordings.with_words(words, listed.files)
    if listed.is_cut:
        print_note(f"there are more files than these in {companion.recordings_path}")
    if as_json:
        print_json([recorded_file_shape(file) for file in files])
    else:
        for file in files:
            print_result(recording_line(file))
            print_result(f"    {text.clean(file.path, _LONGEST_PATH)}")
    if files:
        return DONE
    folder = companion.recordings_path
    return print_nothing(
        "no recording has these words" if words else f"nothing was kept yet in {folder}"
    )


async def play_recording(
    companion: Companion, name: str, *, seconds: float | None, as_json: bool
) -> int:
    """Play a recording until its end, Ctrl-C, or ``seconds`` are over."""
    from radiotui.cli.play import play

    file = await companion.recordings.find(name)
    return await play(companion, file.path, seconds=seconds, as_json=as_json)


async def rename_recording(companion: Companion, name: str, title: str, *, as_json: bool) -> int:
    """Give a recording another title, in its tags and its file's name."""
    async with opened(companion, radio=False, faults=False):
        file = await companion.recordings.find(name)
        renamed = await companion.recordings.rename(file.path, title)
    if as_json:
        print_json(recorded_file_shape(renamed))
    else:
        print_result(text.clean(renamed.path, _LONGEST_PATH))
    return DONE


async def delete_recording(
    companion: Companion, name: str, *, for_good: bool, as_json: bool
) -> int:
    """Delete a recording: it can be brought back for some days, but not one ``for_good``."""
    from radiotui.recording.wastebasket import DAYS_ASIDE

    async with opened(companion, radio=False, faults=False):
        file = await companion.recordings.find(name)
        if for_good:
            await companion.recordings.delete(file.path)
            await companion.recordings.empty_waste()
        else:
            await companion.recordings.lay_aside(file.path)
    if as_json:
        print_json(recorded_file_shape(file))
    else:
        print_result(f"{file.name} is deleted")
    if not for_good:
        print_note(f"'radiotui recordings undo' brings it back, for {DAYS_ASIDE} days")
    return DONE


async def bring_back_recording(companion: Companion, *, as_json: bool) -> int:
    """Bring back the recording that was deleted last, and print where it is."""
    async with opened(companion, radio=False, faults=False):
        path = await companion.recordings.bring_back()
        file = await companion.recordings.find(str(path))
    if as_json:
        print_json(recorded_file_shape(file))
    else:
        print_result(text.clean(file.path, _LONGEST_PATH))
    return DONE


def recording_line(file: RecordedFile) -> str:
    """A recording in one line: time, length, size, name and station."""
    length = text.clock_duration(file.seconds) if file.seconds is not None else "?:??"
    source = " · ".join(filter(None, (file.station_name, _programme(file))))
    words = f"{file.name}  ({source})" if source else file.name
    problem = f"  ⚠ {file.problem}" if file.problem else ""
    moment = file.began.astimezone()
    began = f"{moment:%Y-%m-%d} {text.time_of_day(moment, align=True)}"
    return f"{began}  {length:>8}  {_size(file.bytes):>8}  {words}{problem}"


def _programme(file: RecordedFile) -> str:
    return "" if file.programme == file.title else file.programme


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
