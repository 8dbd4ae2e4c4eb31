"""Which engine plays, and what each would say of this machine."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from radiotui.audio.device import no_device, real_backends
from radiotui.audio.engine import Engine, OnEvent
from radiotui.config import EngineName
from radiotui.problems import Problem


@dataclass(frozen=True, slots=True)
class EngineReport:
    """What one engine would do here."""

    name: EngineName
    works: bool
    says: str
    """With what it works, or why it does not."""
    mend: str = ""
    """What to do where it does not work."""


def make_engine(name: EngineName, on_event: OnEvent) -> tuple[Engine, Problem | None]:
    """The engine ``name``, or the best that works; the Problem says why it is another.

    "auto" is VLC where it is installed, else the built-in one. Loads libraries,
    which may take a third of a second: call it on a thread.
    """
    problem: Problem | None = None
    if name in {"auto", "vlc"}:
        from radiotui.audio.libvlc import vlc_problem
        from radiotui.audio.vlc import VlcEngine

        missing = vlc_problem()
        if missing is None:
            return VlcEngine(on_event), None
        if name == "vlc":
            problem = _instead(missing, "the built-in engine plays instead")
    if name != "silent":
        missing = _builtin_problem()
        if missing is None:
            from radiotui.audio.builtin import BuiltinEngine

            return BuiltinEngine(on_event), problem
        problem = _instead(missing, "nothing is heard")
    from radiotui.audio.silent import SilentEngine

    return SilentEngine(on_event), problem


def engines() -> list[EngineReport]:
    """What each engine would do here. Makes no sound; takes a third of a second."""
    with _quiet():
        return [
            _vlc_report(),
            _builtin_report(),
            EngineReport("silent", True, "keeps the pace and makes no sound"),
        ]


def _vlc_report() -> EngineReport:
    from radiotui.audio.libvlc import vlc_problem, vlc_version

    problem = vlc_problem()
    if problem is not None:
        return _failing("vlc", problem)
    return EngineReport("vlc", True, f"VLC {vlc_version()}")


def _builtin_report() -> EngineReport:
    problem = _builtin_problem()
    if problem is not None:
        return _failing("builtin", problem)
    import av
    import miniaudio

    says = f"FFmpeg {av.ffmpeg_version_info}"
    try:
        # Opened and not started: a list of devices may name some that cannot be opened.
        device = miniaudio.PlaybackDevice(backends=real_backends())
        device.close()
        found = miniaudio.Devices([miniaudio.Backend(device._context.backend)])
        names = [str(one["name"]) for one in found.get_playbacks()]
    except miniaudio.MiniaudioError as error:
        return _failing("builtin", no_device(str(error)))
    return EngineReport("builtin", True, f"{says}, {device.backend}: {', '.join(names)}")


def _builtin_problem() -> Problem | None:
    try:
        import av  # noqa: F401
        import miniaudio  # noqa: F401
    except (ImportError, OSError) as error:
        hint = "install radiotui again: a library of its own is missing or broken"
        return Problem("The built-in engine cannot be loaded", hint, str(error))
    return None


def _failing(name: EngineName, problem: Problem) -> EngineReport:
    return EngineReport(name, False, problem.title, problem.hint)


def _instead(problem: Problem, what: str) -> Problem:
    return problem.reworded(hint=f"{problem.hint}; {what}")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Send what C libraries write to stderr nowhere: ALSA has thirty lines to say of no device."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
