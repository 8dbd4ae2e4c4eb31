"""Recordings on the disk: listed, read within bounds, found, renamed, deleted and brought back."""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import mutagen
import pytest

from radiotui.app.companion import Companion, Options
from radiotui.app.intents import DeleteRecording, PlayRecording, RenameRecording
from radiotui.cli.output import CommandFailedError
from radiotui.config import Folders
from radiotui.files import process_is_alive
from radiotui.player.intents import GoToBeginning, TogglePause
from radiotui.player.state import PlayState
from radiotui.problems import Problem
from radiotui.radio.tape.tape import Tape
from radiotui.recording.file_reader import read_recorded_file
from radiotui.recording.library import RecordingLibrary
from radiotui.recording.model import Fingerprint, RecordedFile
from radiotui.recording.recorder import Recorder
from radiotui.recording.renaming import rename_recording
from radiotui.recording.tags import RecordingTags
from radiotui.recording.wastebasket import throw_away
from tests.kept import body_of, packets, put_on
from tests.sounds import encode

AT = datetime(2026, 11, 23, 15, 4, tzinfo=UTC)
SONG = RecordingTags(
    "KNAU", AT, title="Sinnerman", artist="Nina Simone", programme="All Things Considered"
)
SHOW = RecordingTags("KNAU", AT.replace(hour=16), programme="Fresh Air")
CODECS = ("mp3", "aac", "opus", "vorbis", "flac", "flac-native")


def keep(folder: Path, tags: RecordingTags = SONG, codec: str = "mp3", seconds: float = 2) -> Path:
    """A file as radiotui keeps it."""
    tape = Tape(folder.parent / "tape")
    put_on(tape, body_of(codec, 4.0))
    recorder = Recorder(tape.excerpt(1.0, 1.0 + seconds), folder / tags.station_name, tags)
    while recorder.write():
        pass
    (file,) = recorder.finish()
    tape.close()
    return file.path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


def library(folder: Path, **more: Any) -> RecordingLibrary:
    return RecordingLibrary(lambda: folder, folder.parent / "cache" / "recordings.json", **more)


async def look(folder: Path) -> tuple[RecordedFile, ...]:
    return (await library(folder).look()).files


@pytest.mark.parametrize("codec", CODECS)
async def test_a_recording_has_its_tags_its_length_and_its_size(folder: Path, codec: str):
    path = keep(folder, codec=codec)
    (file,) = await look(folder)
    assert (file.file, file.bytes, file.problem) == (path, path.stat().st_size, "")
    assert (file.title, file.artist) == ("Sinnerman", "Nina Simone")
    assert (file.programme, file.station_name) == ("All Things Considered", "KNAU")
    assert (file.name, file.began) == ("Nina Simone - Sinnerman", AT)
    assert file.seconds == pytest.approx(2.0, abs=0.1)


async def test_the_newest_is_first_also_of_those_without_tags(folder: Path):
    keep(folder, SHOW)
    keep(folder)
    bare = folder / "2026-11-23 17.30 Brought by hand.wav"
    bare.write_bytes(encode("wav", 1))
    old = folder / "deep" / "er" / "old.mp3"
    old.parent.mkdir(parents=True)
    old.write_bytes(encode("mp3", 1, artist="Fairuz", title="Zahrat"))
    os.utime(old, (0, 86400))
    names = [file.name for file in await look(folder)]
    assert names == ["Brought by hand", "Fresh Air", "Nina Simone - Sinnerman", "Fairuz - Zahrat"]


async def test_a_folder_that_is_missing_has_no_recordings(folder: Path):
    listed = await library(folder).look()
    assert (listed.files, listed.problem, listed.unread) == ((), None, 0)
    assert not folder.exists()


async def test_what_is_no_sound_and_what_is_hidden_is_not_listed(folder: Path):
    keep(folder)
    for name in ("heard.csv", "cover.jpg", ".hidden.mp3", "KNAU/.2026 x.4711-1.part"):
        (folder / name).write_bytes(b"x")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    assert [file.title for file in await look(folder)] == ["Sinnerman"]


async def test_damaged_files_say_so_and_cost_nothing_else(folder: Path, tmp_path: Path):
    whole = keep(folder)
    (folder / "empty.mp3").write_bytes(b"")
    (folder / "noise.flac").write_bytes(b"fLaC" + bytes(range(256)) * 40)
    (folder / "page.mp3").write_bytes(b"<!DOCTYPE html><title>Log in</title>")
    (folder / "large.mp3").write_bytes(b"ID3\4\0\0\x7f\x7f\x7f\x7f" + bytes(100))
    secret = tmp_path / "secret.mp3"
    secret.write_bytes(encode("mp3", 1))
    (folder / "list.mp3").write_bytes(f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n".encode())
    (folder / "list.aac").write_bytes(f"ffconcat version 1.0\nfile '{secret}'\n".encode())
    os.mkfifo(folder / "pipe.mp3")
    (folder / "nowhere.mp3").symlink_to(tmp_path / "gone.mp3")
    files = {file.file.name: file for file in await look(folder)}
    assert files.pop(whole.name).problem == ""
    assert "nowhere.mp3" not in files
    assert {name: bool(file.problem) for name, file in files.items()} == dict.fromkeys(files, True)
    assert len(files) == 7
    assert files["empty.mp3"].problem == "This file is empty"
    assert files["pipe.mp3"].problem == "This is no plain file"
    assert files["large.mp3"].problem == "Its tags are too large to be read"


async def test_hostile_tags_are_harmless_words(folder: Path):
    nasty = "[/] \x1b]0;mine\x07\x1b[31mred\u202e" + "x" * 5000
    folder.mkdir()
    (folder / "nasty.mp3").write_bytes(encode("mp3", 1, artist=nasty, title=nasty))
    (file,) = await look(folder)
    assert len(file.title) <= 300
    assert not set(file.name) & set("\x1b\x07\u202e")
    assert file.title.startswith("[/] ")


async def test_names_that_are_no_letters_are_listed_too(folder: Path):
    path = keep(folder)
    raw = os.fsencode(path.parent) + b"/caf\xe9 \xff.mp3"
    path.rename(os.fsdecode(raw))
    for _ in range(2):
        (file,) = await look(folder)
        assert os.fsencode(file.path) == raw
        assert file.title == "Sinnerman"


@contextmanager
def mode(folder: Path, bits: int) -> Iterator[None]:
    """A folder with these permissions; root, who may do everything, is somebody else meanwhile."""
    user = os.geteuid()
    folder.chmod(bits)
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o700)


async def test_a_folder_that_may_not_be_read_is_a_problem(folder: Path):
    keep(folder)
    with mode(folder, 0):
        listed = await library(folder).look()
    assert listed.files == ()
    assert listed.problem is not None
    assert str(folder) in listed.problem.title


class Reads:
    """Reads files as the library does, and notes their names."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, path: Path, fingerprint: Fingerprint) -> RecordedFile:
        self.names.append(path.name)
        return read_recorded_file(path, fingerprint)

    def taken(self) -> list[str]:
        names, self.names = self.names, []
        return sorted(names)


async def test_only_what_has_changed_is_read_again(folder: Path):
    song, show = keep(folder), keep(folder, SHOW)
    reads = Reads()
    first = library(folder, read=reads)
    await first.look()
    assert reads.taken() == sorted([song.name, show.name])
    await first.look()
    assert reads.taken() == []
    # An index keeps it for the next start, and a damaged one is no loss.
    assert len((await library(folder, read=reads).look()).files) == 2
    assert reads.taken() == []
    song.write_bytes(encode("mp3", 1, artist="Fairuz", title="Zahrat"))
    show.unlink()
    (file,) = (await first.look()).files
    assert (file.name, reads.taken()) == ("Fairuz - Zahrat", [song.name])
    index = folder.parent / "cache" / "recordings.json"
    assert index.stat().st_mode & 0o077 == 0
    index.write_bytes(b'[{"path": 1}]')
    assert len((await library(folder, read=reads).look()).files) == 1
    assert reads.taken() == [song.name]


async def test_a_file_that_hangs_is_a_row_that_says_so(folder: Path):
    over = threading.Event()

    def read(path: Path, fingerprint: Fingerprint) -> RecordedFile:
        if "slow" in path.name:
            over.wait()
        return read_recorded_file(path, fingerprint)

    keep(folder)
    for number in range(6):
        (folder / f"slow {number}.mp3").write_bytes(encode("mp3", 1))
    recordings = library(folder, patience=0.2, read=read)
    try:
        early = await recordings.look(0.0)
        assert early.files == ()
        listed = await recordings.look()
    finally:
        over.set()
    problems = [file.problem for file in listed.files]
    # Whatever a busy machine makes slow besides, no more than three threads wait.
    assert problems.count("it could not be read in time") >= 6
    assert listed.unread == 0


async def test_a_file_that_is_moved_during_a_look_is_where_it_is_then(folder: Path):
    path = keep(folder)
    (folder / "slow.mp3").write_bytes(encode("mp3", 1))
    begun, over = threading.Event(), threading.Event()

    def read(path: Path, fingerprint: Fingerprint) -> RecordedFile:
        if path.name == "slow.mp3":
            begun.set()
            over.wait()
        return read_recorded_file(path, fingerprint)

    recordings = library(folder, read=read)
    await recordings.look(0.0)
    try:
        await asyncio.to_thread(begun.wait)
        moved = path.rename(path.with_stem("moved"))
        recordings.forget(path)
    finally:
        over.set()
    files = (await recordings.look()).files
    assert {file.file for file in files} == {moved, folder / "slow.mp3"}


# Renaming


def tags_of_file(path: Path) -> dict[str, str]:
    with av.open(str(path)) as container:
        tags = {**container.streams.audio[0].metadata, **container.metadata}
        return {name.lower(): value for name, value in tags.items()}


@pytest.mark.parametrize("codec", CODECS)
async def test_a_new_title_is_in_the_tags_and_in_the_name(folder: Path, codec: str):
    path = keep(folder, codec=codec)
    before, sound = tags_of_file(path), packets(path)
    (file,) = await look(folder)
    renamed = rename_recording(file, "Sinnerman (live): 1965/2")
    assert renamed.name == f"{path.stem[:16]} Nina Simone - Sinnerman (live). 1965-2{path.suffix}"
    assert not path.exists()
    (after,) = await look(folder)
    assert (after.title, after.artist) == ("Sinnerman (live): 1965/2", "Nina Simone")
    assert (after.began, after.programme) == (file.began, file.programme)
    assert packets(renamed) == sound
    tags = tags_of_file(renamed)
    assert {**tags, "title": before["title"]} == before
    assert [entry.name for entry in path.parent.iterdir()] == [renamed.name]


@pytest.mark.parametrize("kind", ["wav", "mp2"])
async def test_files_of_other_kinds_take_a_title(folder: Path, kind: str):
    folder.mkdir()
    path = folder / f"Talk.{kind}"
    path.write_bytes(encode(kind, 1))
    os.utime(path, (0, 86400))
    (file,) = await look(folder)
    assert rename_recording(file, "Evening talk").name == f"Evening talk.{kind}"
    (after,) = await look(folder)
    assert (after.title, after.problem) == ("Evening talk", "")
    assert after.began == file.began == datetime(1970, 1, 2, tzinfo=UTC)


async def test_a_file_that_takes_no_title_has_a_new_name(folder: Path):
    folder.mkdir()
    (folder / "broken.mp3").write_bytes(b"nothing")
    (folder / "Talk.webm").write_bytes(encode("webm", 1))
    for file in await look(folder):
        rename_recording(file, f"{file.title} of Monday")
    titles = sorted(file.title for file in await look(folder))
    assert titles == ["Talk of Monday", "broken of Monday"]


async def test_renaming_never_replaces_another_file(folder: Path):
    keep(folder)
    keep(folder)
    first, second = sorted(await look(folder), key=lambda file: file.path)
    other = second.file.read_bytes()
    taken = first.file.with_name(f"{first.file.stem[:16]} Nina Simone - Pata Pata.mp3")
    taken.write_bytes(b"the listener's own")
    assert rename_recording(first, "Pata Pata").name == f"{taken.stem} (2).mp3"
    assert taken.read_bytes() == b"the listener's own"
    assert second.file.read_bytes() == other


async def test_the_same_name_with_another_title_stays_one_file(folder: Path):
    path = keep(folder)
    (file,) = await look(folder)
    assert rename_recording(file, "Sinnerman?").name.endswith("Sinnerman_.mp3")
    (file,) = await look(folder)
    again = rename_recording(file, "Sinnerman*")
    (after,) = await look(folder)
    assert (after.file, after.title) == (again, "Sinnerman*")
    assert len(list(path.parent.iterdir())) == 1


@pytest.mark.parametrize("title", ["", "  \x1b[31m ", "\u202e"])
async def test_a_recording_needs_a_title(folder: Path, title: str):
    keep(folder)
    (file,) = await look(folder)
    with pytest.raises(Problem, match="needs a title"):
        rename_recording(file, title)


@pytest.mark.parametrize("title", ["../../up", "/etc/passwd", "...", "CON", "a\x00b", "ö" * 400])
async def test_no_title_leads_elsewhere(folder: Path, title: str):
    path = keep(folder, SHOW)
    (file,) = await look(folder)
    renamed = rename_recording(file, title)
    assert renamed.parent == path.parent
    assert len(renamed.name.encode()) < 255
    assert renamed.is_file()


async def test_a_folder_that_takes_no_files_says_so_and_loses_nothing(folder: Path):
    path = keep(folder)
    (file,) = await look(folder)
    with mode(path.parent, 0o500):
        with pytest.raises(Problem, match="cannot be renamed"):
            rename_recording(file, "Other")
        with pytest.raises(OSError, match="denied"):
            throw_away(path)
    assert await look(folder) == (file,)


# Through the Companion

Opened = Callable[..., Coroutine[Any, Any, Companion]]


@pytest.fixture
async def companion(tmp_path: Path, folder: Path) -> AsyncIterator[Companion]:
    companion = Companion(Options(engine="silent", folders=Folders(tmp_path)))
    companion.load()
    await companion.open(screen=False)
    yield companion
    await companion.close()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.005)


async def test_a_recording_is_heard_and_its_place_moves(companion: Companion, folder: Path):
    path = keep(folder)
    companion.do(PlayRecording(str(path)))
    await until(lambda: companion.player_state.story is not None)
    story = companion.player_state.story
    assert story is not None
    assert (story.title, story.from_, story.path) == ("Nina Simone - Sinnerman", "KNAU", str(path))
    await until(lambda: (companion.player_state.current.position or 0) > 0)
    assert companion.player_state.current.length == pytest.approx(2.0, abs=0.1)
    await until(lambda: companion.player_state.state is PlayState.STOPPED)
    assert path.exists()


async def test_renaming_what_is_heard_goes_on_at_its_place(companion: Companion, folder: Path):
    path = keep(folder)
    companion.do(PlayRecording(str(path)))
    await until(lambda: (companion.player_state.current.position or 0) > 0)
    companion.do(TogglePause())
    companion.do(RenameRecording(str(path), "Pata Pata"))
    await until(lambda: companion.player_state.story.title == "Nina Simone - Pata Pata")
    assert companion.player_state.state is PlayState.PAUSED
    # The file is opened anew where it is now.
    companion.do(GoToBeginning())
    companion.do(TogglePause())
    await until(lambda: companion.player_state.state is PlayState.PLAYING)
    await until(lambda: (companion.player_state.current.position or 0) > 0)
    assert companion.player_state.current.problem is None


async def test_deleting_what_is_heard_ends_it_and_undo_brings_the_file(
    companion: Companion, folder: Path
):
    path = keep(folder)
    data = path.read_bytes()
    companion.do(PlayRecording(str(path)))
    await until(lambda: companion.player_state.story is not None)
    # A pause does not end by itself.
    companion.do(TogglePause())
    companion.do(DeleteRecording(str(path)))
    await until(lambda: companion.player_state.story is None)
    await until(lambda: not path.exists())
    assert (await companion.recordings.look()).files == ()
    await until(lambda: companion.recordings.can_undo)
    assert await companion.recordings.undo() == path
    assert path.read_bytes() == data
    assert await companion.recordings.undo() is None
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


async def test_what_came_to_the_place_meanwhile_stays(companion: Companion, folder: Path):
    path = keep(folder)
    await companion.recordings.delete(str(path))
    path.write_bytes(b"new")
    back = await companion.recordings.undo()
    assert back == path.with_name(f"{path.stem} (2).mp3")
    assert path.read_bytes() == b"new"


async def test_the_end_of_the_program_deletes_for_good(companion: Companion, folder: Path):
    path = keep(folder)
    await companion.recordings.delete(str(path))
    await companion.recordings.empty_waste()
    assert list(path.parent.iterdir()) == []


async def test_nothing_is_lost_by_a_program_that_is_killed(folder: Path):
    path = keep(folder)
    data = path.read_bytes()
    waste = throw_away(path)
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert not process_is_alive(ended.pid)
    abandoned = path.with_name(f".radiotui-deleted-{ended.pid}-1")
    waste.waiting.parent.rename(abandoned)
    copy = path.with_name(f".radiotui-renamed-{ended.pid}-2")
    copy.mkdir()
    (copy / path.name).write_bytes(data[:100])
    (file,) = await look(folder)
    assert file.file == path
    assert path.read_bytes() == data
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


async def test_only_files_of_the_folder_are_touched(companion: Companion, tmp_path: Path):
    other = tmp_path / "my own.mp3"
    other.write_bytes(encode("mp3", 1))
    for work in (
        companion.recordings.delete(str(other)),
        companion.recordings.rename(str(other), "x"),
        companion.recordings.play(str(other)),
    ):
        with pytest.raises(Problem, match="not there"):
            await work
    assert other.exists()


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("sinner", 1),
        ("nina ", 1),
        ("SIMONE", 1),
        ('"fresh air"', 1),
        ("knau", 2),
        ("knau -fresh ", 1),
        ("knau is:recorded", 2),
        ("is:recorded", 2),
        ("knau is:starred", 0),
        ("knau is:heard", 0),
        ("knau from:npr", 0),
        ("knau station:knau", 2),
        ("knau station:kjzz", 0),
        ("knau since:2026-11-23T15:30:00+00:00", 1),
        ("fairuz", 0),
    ],
)
async def test_the_one_search_finds_recordings(
    companion: Companion, folder: Path, typed: str, count: int
):
    keep(folder)
    keep(folder, SHOW)
    await companion.recordings.look()
    assert len(await companion.recordings.search(typed)) == count
    if "is:recorded" in typed:
        results = await companion.search(typed)
        assert {type(result) for result in results} == {RecordedFile}


async def test_mutagen_reads_what_was_renamed(folder: Path):
    path = keep(folder)
    (file,) = await look(folder)
    tag = mutagen.File(rename_recording(file, "Pata Pata"))
    assert str(tag["TIT2"]) == "Pata Pata"
    assert str(tag["TPE2"]) == "KNAU"
    assert not path.exists()


# The command line


async def test_the_commands_say_what_they_did(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
):
    from radiotui.cli import recordings

    def companion() -> Companion:
        return Companion(Options(engine="silent", folders=Folders(tmp_path)))

    assert await recordings.list_recordings(companion(), "", as_json=False) == 1
    out, err = capsys.readouterr()
    assert (out, str(folder) in err) == ("", True)
    path = keep(folder)
    (folder / "broken.mp3").write_bytes(b"nothing")
    assert await recordings.list_recordings(companion(), "fairuz", as_json=False) == 1
    assert await recordings.list_recordings(companion(), "", as_json=False) == 0
    text = capsys.readouterr().out
    assert "Nina Simone - Sinnerman  (KNAU · All Things Considered)" in text
    assert f"    {path}\n" in text
    assert "broken  ⚠ " in text
    assert await recordings.play_recording(companion(), "sinnerman", seconds=20, as_json=False) == 0
    with pytest.raises(CommandFailedError):
        await recordings.delete_recording(companion(), "Pata", for_good=False, as_json=False)
    assert "there is no recording 'Pata'" in capsys.readouterr().err
    keep(folder)
    with pytest.raises(CommandFailedError):
        await recordings.delete_recording(companion(), "Sinnerman", for_good=False, as_json=False)
    assert "2 recordings are called 'Sinnerman'" in capsys.readouterr().err
    for name in (path.name, str(path.with_stem(f"{path.stem} (2)")), "broken"):
        assert (
            await recordings.delete_recording(companion(), name, for_good=True, as_json=False) == 0
        )
    out, err = capsys.readouterr()
    assert out.splitlines() == [*["Nina Simone - Sinnerman is deleted"] * 2, "broken is deleted"]
    assert err == ""
    assert [entry for entry in folder.rglob("*") if not entry.is_dir()] == []


async def test_what_a_command_deleted_is_brought_back_for_some_days(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
):
    from radiotui.cli import recordings

    now = datetime.now(UTC)

    def companion() -> Companion:
        options = Options(engine="silent", folders=Folders(tmp_path))
        return Companion(options, clock=lambda: now)

    song, show = keep(folder), keep(folder, SHOW)
    data = song.read_bytes()
    for name in ("Sinnerman", "Fresh Air"):
        assert (
            await recordings.delete_recording(companion(), name, for_good=False, as_json=False) == 0
        )
        now += timedelta(hours=1)
    assert (
        capsys.readouterr().err.splitlines()
        == ["radiotui: 'radiotui recordings undo' brings it back, for 7 days"] * 2
    )
    assert await look(folder) == ()
    assert await recordings.bring_back_recording(companion(), as_json=False) == 0
    assert capsys.readouterr().out == f"{show}\n"
    assert await recordings.bring_back_recording(companion(), as_json=False) == 0
    assert song.read_bytes() == data
    with pytest.raises(CommandFailedError):
        await recordings.bring_back_recording(companion(), as_json=False)
    assert "No deleted recording waits" in capsys.readouterr().err
    await recordings.delete_recording(companion(), "Sinnerman", for_good=False, as_json=False)
    now += timedelta(days=7, minutes=1)
    assert await recordings.list_recordings(companion(), "", as_json=False) == 0
    with pytest.raises(CommandFailedError):
        await recordings.bring_back_recording(companion(), as_json=False)
    assert [entry.name for entry in song.parent.iterdir()] == [show.name]
