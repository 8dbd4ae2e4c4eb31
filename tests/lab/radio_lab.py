"""A radio station and a pair of ears on this machine, real ones.

``Icecast`` and ``Source`` broadcast, ``PulseAudio`` plays to a sink that nobody
hears, and ``Ear`` listens there: which pitch, which second of the clock station
(see :mod:`tests.sounds`), since when, until when.

    with PulseAudio() as pulse, Icecast() as icecast, icecast.source("/live.mp3"):
        ...                                     # play icecast.url("/live.mp3")
        heard_at = pulse.ear.first_sound()
        assert pulse.ear.second_heard() is not None

Every process is started here, on loopback, and ended by its own id.
"""

from __future__ import annotations

import base64
import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import warnings
from bisect import bisect_right
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from numpy.typing import NDArray

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

Samples = NDArray[np.float64]
RATE = 44_100
"""Samples per second of what an ear hears: one channel of signed 16 bit."""
PASSWORD = "lab"
CODECS = {
    # ffmpeg's encoder and container, and what the station says it is
    "mp3": (["-c:a", "libmp3lame", "-b:a", "128k", "-f", "mp3"], "audio/mpeg"),
    "mp3-vbr": (["-c:a", "libmp3lame", "-q:a", "4", "-f", "mp3"], "audio/mpeg"),
    "aac": (["-c:a", "aac", "-b:a", "128k", "-f", "adts"], "audio/aac"),
    "opus": (["-c:a", "libopus", "-b:a", "96k", "-f", "ogg"], "application/ogg"),
    "vorbis": (["-c:a", "libvorbis", "-b:a", "128k", "-f", "ogg"], "application/ogg"),
}

RUSTLE = "if(lt(mod(t,7),3),0.15*random(0),0)"
"""Three seconds of noise in every seven: with it, frames of a variable bit rate differ in size."""

_ANALYSED = 8_000
"""Samples per second that are looked at: the clock's tones end below 1600 Hz."""
_WIDTH = _ANALYSED * 6 // 100
"""Samples that tell one tone of the clock's from the next."""
_TONES = np.exp(-2j * np.pi / _ANALYSED * np.outer(400 + 20 * np.arange(60), np.arange(_WIDTH)))
"""Each second's tone, to be multiplied by the samples."""
_AROUND = 1000
"""Arrivals of sound before and after one, some ten milliseconds each."""
_QUIET = 30
"""The root mean square below which nobody hears anything, of 32767."""


def clock_source(begin: float = 0.0, *, over: str = "0", rate: int = RATE) -> str:
    """lavfi's name of the clock station from a second on, with another sound over it."""
    hz = f"(400+20*floor(mod(t+{begin:g},60)))"
    return f"aevalsrc='0.3*sin(2*PI*{hz}*t)+{over}':s={rate}"


def require(*tools: str) -> None:
    """Skip the test, saying why, where a tool is missing; fail where the lab is required."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        cannot(f"the radio lab needs {', '.join(missing)}")


def cannot(why: str) -> None:
    """Skip the test; with ``RADIOTUI_LAB=required`` in the environment it fails instead."""
    if os.environ.get("RADIOTUI_LAB") == "required":
        pytest.fail(why)
    pytest.skip(why)


def until(happened: Callable[[], Any], *, seconds: float = 15.0, what: str = "") -> Any:
    """Wait for something to be true and give it; fail when it does not come."""
    end = time.monotonic() + seconds
    while not (value := happened()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s in vain{': ' + what if what else ''}")
        time.sleep(0.01)
    return value


class PulseAudio:
    """A sound server of its own, and an :class:`Ear` at its only sink.

    While it is entered, this process plays there too, whichever library asks.
    """

    def __init__(self) -> None:
        require("pulseaudio", "parec", "pactl")
        self._folder = Path(tempfile.mkdtemp(prefix="radiotui-pulse-"))
        self._folder.chmod(0o700)
        self._server: subprocess.Popen[bytes] | None = None
        self._before: dict[str, str | None] = {}
        self._ear: Ear | None = None

    @property
    def env(self) -> dict[str, str]:
        """What a child has to have in its environment to play here."""
        socket_path = self._folder / "pulse" / "native"
        return {
            "XDG_RUNTIME_DIR": str(self._folder),
            "PULSE_RUNTIME_PATH": str(self._folder / "pulse"),
            "PULSE_SERVER": f"unix:{socket_path}",
        }

    def __enter__(self) -> PulseAudio:
        self._before = {name: os.environ.get(name) for name in self.env}
        os.environ.update(self.env)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._ear is not None:
            self._ear.close()
        _end(self._server)
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def ear(self) -> Ear:
        """What listens since the last start."""
        assert self._ear is not None
        return self._ear

    def start(self) -> None:
        """Start the server, wait until it answers, and listen."""
        self._server = _spawn(
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--use-pid-file=no",
            "--exit-idle-time=-1",
            "--disable-shm=true",
            # Without rewinds its latency is 50 ms and stays so; else it is anything up to 2 s.
            "--load=module-null-sink sink_name=test norewinds=1",
            "--load=module-native-protocol-unix",
            env=self.env | {"HOME": str(self._folder)},
        )
        until(lambda: self.control("info"), what="PulseAudio answers")
        self._ear = Ear(self.env)

    def halt(self, seconds: float) -> None:
        """Stop the server for so long, and let it go on."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._server.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the server as a crash would."""
        _end(self._server, signal.SIGKILL)
        self.ear.close()
        self._server = self._ear = None

    def control(self, *words: str) -> str:
        """What ``pactl`` says to these words; empty when the server is not there."""
        command = ["pactl", *words]
        done = subprocess.run(
            command, env=os.environ | self.env, capture_output=True, text=True, check=False
        )
        return done.stdout if done.returncode == 0 else ""

    @property
    def players(self) -> list[str]:
        """Who holds the sound device: PulseAudio's lines about its playing streams."""
        return self.control("list", "sink-inputs", "short").splitlines()


class Ear:
    """Hears all that is played, from now on, and remembers when. Times are monotonic."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._listens = _spawn(
            "parec",
            "--device=test.monitor",
            f"--rate={RATE}",
            "--channels=1",
            "--format=s16le",
            "--latency-msec=10",
            "--process-time-msec=10",
            env=env,
            stdout=subprocess.PIPE,
        )
        self._lock = threading.Lock()
        self._pcm = bytearray()
        self._arrived: list[float] = []
        self._ends: list[int] = []
        """How many bytes had been heard at each time of ``_arrived``."""
        self._thread = threading.Thread(target=self._listen, name="ear", daemon=True)
        self._thread.start()
        until(lambda: self._arrived, what="parec hears the sink")

    def close(self) -> None:
        """Hear no more."""
        # The pipe is closed by who ends the process: not before the thread has read all of it.
        self._listens.terminate()
        self._thread.join(5)
        _end(self._listens)

    def _listen(self) -> None:
        assert self._listens.stdout is not None
        pipe: Any = self._listens.stdout
        while data := pipe.read1(8192):
            with self._lock:
                self._pcm += data
                self._arrived.append(time.monotonic())
                self._ends.append(len(self._pcm))

    @property
    def now(self) -> float:
        """The time of the last sound that was handed over."""
        return self._time(self._ends[-1])

    def heard(self, since: float, end: float | None = None) -> bytes:
        """What was heard from one time to another, or until now."""
        with self._lock:
            last = len(self._pcm) if end is None else self._offset(end)
            return bytes(self._pcm[self._offset(since) : last])

    def when(self, since: float, sample: int) -> float:
        """The time of a sample of :meth:`heard`."""
        with self._lock:
            place = self._offset(since) + 2 * sample
        return self._time(place)

    def record(self, seconds: float) -> bytes:
        """Listen for so long from now on, and give what was heard."""
        begin = time.monotonic()
        until(lambda: self.now >= begin + seconds, seconds=seconds + 10)
        return self.heard(begin, begin + seconds)

    def second_at(self, at: float) -> float | None:
        """Which second of the clock station was heard at a time, to some hundredths.

        Waits for the 1.3 s that have to be heard from then on.
        """
        until(lambda: self.now >= at + 1.3)
        return second_heard(self.heard(at, at + 1.3))

    def first_sound(self, since: float, *, seconds: float = 15.0) -> float:
        """When something was first heard after ``since``; waits for it."""
        return float(until(lambda: self._first(since, loud=True), seconds=seconds, what="a sound"))

    def first_silence(self, since: float, *, seconds: float = 15.0) -> float:
        """When a tenth of a second of silence first began after ``since``; waits for it."""
        wanted = self._first
        return float(until(lambda: wanted(since, loud=False), seconds=seconds, what="silence"))

    def _first(self, since: float, *, loud: bool) -> float | None:
        pcm = self.heard(since)
        step = RATE // 100 * 2
        needs = 1 if loud else 10
        run = 0
        for start in range(0, len(pcm) - step + 1, step):
            run = run + 1 if (audioop.rms(pcm[start : start + step], 2) >= _QUIET) == loud else 0
            if run == needs:
                with self._lock:
                    place = self._offset(since) + start - (needs - 1) * step
                return self._time(place)
        return None

    def _offset(self, at: float) -> int:
        """Which byte was heard at a time."""
        index = bisect_right(self._arrived, at) - 1
        if index < 0:
            return 0
        place = int((at - self._begin(index)) * RATE) * 2
        return max(0, min(place, self._ends[-1]))

    def _time(self, offset: int) -> float:
        with self._lock:
            index = min(bisect_right(self._ends, offset), len(self._ends) - 1)
            return self._begin(index) + offset / 2 / RATE

    def _begin(self, index: int) -> float:
        """The time of the first byte, by the promptest of the arrivals around one of them.

        A sink plays at an even pace. On a busy computer its sound is handed over late, by up to
        most of a second, and never early.
        """
        around = slice(max(0, index - _AROUND), index + _AROUND)
        arrivals = zip(self._arrived[around], self._ends[around], strict=True)
        return min(at - end / 2 / RATE for at, end in arrivals)


def is_silent(pcm: bytes) -> bool:
    """Whether nobody would hear it."""
    return audioop.rms(pcm, 2) < _QUIET


def loudest_hz(pcm: bytes) -> float | None:
    """The loudest pitch up to 4 kHz, to about 1 Hz in half a second; None in silence."""
    if not pcm or is_silent(pcm):
        return None
    samples = _samples(pcm)[:8192]
    size = 1 << (len(samples).bit_length() - 1)
    power = np.abs(np.fft.rfft(samples[:size] * np.hanning(size + 1)[:size]))
    peak = 2 + int(np.argmax(power[2 : len(power) - 2]))
    low, high = power[peak - 1], power[peak + 1]
    shift = (high - low) / (2 * (2 * power[peak] - low - high))
    return float((peak + shift) * _ANALYSED / size)


def second_heard(pcm: bytes) -> float | None:
    """Which second of the clock station's minute stands at the beginning of ``pcm``.

    Where the next second begins within it, the fraction is exact to some
    hundredths; else it is 0. None when there is no tone of the clock's.
    """
    samples = _samples(pcm)
    first: int | None = None
    last_start = min(len(samples) - _WIDTH, _ANALYSED * 11 // 10)
    for start in range(0, last_start + 1, _WIDTH // 4):
        window = samples[start : start + _WIDTH]
        if first is None:
            first = _tone(window)
        elif _shares(window)[first] < 0.5 and _tone(window) not in {first, None}:
            # The next tone wins where it fills half of the window.
            change = (start + _WIDTH / 2) / _ANALYSED
            return (first + max(0.0, 1.0 - change)) % 60
    return None if first is None else float(first)


def seconds_heard(pcm: bytes) -> list[tuple[int, float]]:
    """Each second of the clock station that begins within ``pcm``, and where, in seconds of it.

    The clock may run at any rate, as long as its pitch is right.
    """
    samples, step = _samples(pcm), _WIDTH // 8
    changes: list[tuple[int, float]] = []
    before: int | None = None
    for start in range(0, len(samples) - _WIDTH, step):
        tone = _tone(samples[start : start + _WIDTH])
        if tone is None or tone == before:
            continue
        if before is not None:
            changes.append((tone, (start + _WIDTH / 2) / _ANALYSED))
        before = tone
    return changes


def _tone(window: Samples) -> int | None:
    """The clock's second by its tone; None when it is another sound.

    VLC plays up to half a per cent lower or higher while it catches up: that is still the tone.
    """
    if np.sqrt(np.mean(window**2)) < _QUIET:
        return None
    shares = _shares(window)
    best = int(np.argmax(shares))
    return best if shares[best] > 0.3 else None


def _shares(window: Samples) -> Samples:
    """How much of the sound each second's tone is, from 0 to 1."""
    energy = np.mean(window**2)
    if not energy:
        return np.zeros(len(_TONES))
    shares: Samples = 2 * np.abs(_TONES @ window) ** 2 / len(window) ** 2 / energy
    return shares


def _samples(pcm: bytes) -> Samples:
    lower, _ = audioop.ratecv(pcm[: len(pcm) // 2 * 2], 2, 1, RATE, _ANALYSED, None)
    return np.frombuffer(lower, np.int16).astype(np.float64)


class Icecast:
    """A real station on a port of its own. ``burst`` is how many bytes a new listener is given."""

    def __init__(self, *, burst: int = 65_536) -> None:
        require("icecast2", "ffmpeg")
        self._burst = burst
        self.port = _free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="radiotui-icecast-"))
        self._server: subprocess.Popen[bytes] | None = None
        self._sources: list[Source] = []

    def __enter__(self) -> Icecast:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        for source in self._sources:
            source.stop()
        _end(self._server, signal.SIGKILL)
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, mount: str) -> str:
        """Where a listener finds a mount such as "/live.mp3"."""
        return f"http://127.0.0.1:{self.port}{mount}"

    def start(self) -> None:
        """Start the server, on the same port each time, and wait until it answers."""
        config = self._folder / "icecast.xml"
        config.write_text(self._config())
        if os.geteuid() == 0:
            for path in (self._folder, config):
                shutil.chown(path, "icecast2", "icecast")
        # Icecast 2.4 may crash in its first moments when somebody asks it for something, and one
        # who listened before it was killed asks all the time.
        for _ in range(10):
            self._server = _spawn("icecast2", "-c", str(config), env={})
            time.sleep(0.3)
            until(lambda: self._answers() or not self._runs, what="Icecast answers")
            if self._runs:
                return
        raise AssertionError(f"Icecast does not start\n{self.log}")

    def kill(self) -> None:
        """End the server as a crash would; its sources end with it."""
        _end(self._server, signal.SIGKILL)
        self._server = None

    def source(
        self, mount: str, codec: str = "mp3", *, begin: float = 0.0, sound: str | None = None
    ) -> Source:
        """A broadcast on a mount, to be entered; it ends with the server at the latest."""
        made = Source(self, mount, codec, begin=begin, sound=sound)
        self._sources.append(made)
        return made

    def set_title(self, mount: str, title: str) -> None:
        """Say what is on, as a station's software does."""
        status = self._ask(
            f"/admin/metadata?mount={quote(mount)}&mode=updinfo&charset=UTF-8&song={quote(title)}"
        )
        assert status == 200, f"Icecast answered {status} to a title"

    def has(self, mount: str) -> bool:
        """Whether a source is on the air there."""
        try:
            return self._ask(mount) == 200
        except OSError:
            return False

    @property
    def log(self) -> str:
        """How the server is, and what it wrote last."""
        path = self._folder / "error.log"
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        return "\n".join([f"Icecast {'runs' if self._runs else 'ended'}", *lines[-20:]])

    def _ask(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        secret = base64.b64encode(f"source:{PASSWORD}".encode()).decode()
        try:
            connection.request("GET", path, headers={"Authorization": f"Basic {secret}"})
            return connection.getresponse().status
        finally:
            connection.close()

    @property
    def _runs(self) -> bool:
        return self._server is not None and self._server.poll() is None

    def _answers(self) -> bool:
        try:
            return bool(self._ask("/"))
        except (OSError, http.client.HTTPException):
            return False

    def _config(self) -> str:
        share = Path("/usr/share/icecast2")
        web, admin = (share / "web", share / "admin") if share.exists() else (self._folder,) * 2
        owner = ""
        if os.geteuid() == 0:
            owner = "<changeowner><user>icecast2</user><group>icecast</group></changeowner>"
        return f"""<icecast>
  <limits><clients>50</clients><sources>10</sources><burst-size>{self._burst}</burst-size></limits>
  <authentication>
    <source-password>{PASSWORD}</source-password>
    <relay-password>{PASSWORD}</relay-password>
    <admin-user>admin</admin-user><admin-password>{PASSWORD}</admin-password>
  </authentication>
  <hostname>127.0.0.1</hostname>
  <listen-socket><port>{self.port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <fileserve>1</fileserve>
  <paths>
    <basedir>{self._folder}</basedir><logdir>{self._folder}</logdir>
    <webroot>{web}</webroot><adminroot>{admin}</adminroot>
  </paths>
  <logging><errorlog>error.log</errorlog><accesslog>access.log</accesslog></logging>
  <security><chroot>0</chroot>{owner}</security>
</icecast>"""


class Source:
    """ffmpeg broadcasting to a mount: the clock station, or another of lavfi's sounds."""

    def __init__(
        self, icecast: Icecast, mount: str, codec: str, *, begin: float, sound: str | None
    ) -> None:
        self.mount = mount
        self.begin = begin
        """The clock's second at which it begins each time it is started."""
        self._icecast = icecast
        self._codec = codec
        self._sound = sound
        self._sends: subprocess.Popen[bytes] | None = None
        self.began_at = 0.0
        """When it was started, monotonic."""

    def __enter__(self) -> Source:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where a listener finds it."""
        return self._icecast.url(self.mount)

    def set_title(self, title: str) -> None:
        """Say what is on."""
        self._icecast.set_title(self.mount, title)

    def start(self) -> None:
        """Begin, and wait until listeners can tune in."""
        sound = self._sound or clock_source(self.begin)
        encoded, kind = CODECS[self._codec]
        mount = f"icecast://source:{PASSWORD}@127.0.0.1:{self._icecast.port}{self.mount}"
        command = ["ffmpeg", "-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", sound]
        self.began_at = time.monotonic()
        self._sends = _spawn(
            *command, *encoded, "-content_type", kind, mount, env={}, stderr=subprocess.PIPE
        )
        until(self._is_heard, what=f"{self.mount} is on the air")

    def _is_heard(self) -> bool:
        assert self._sends is not None
        assert self._sends.stderr is not None
        if self._sends.poll() is not None:
            complaint = self._sends.stderr.read().decode()
            raise AssertionError(f"ffmpeg ended: {complaint}\n{self._icecast.log}")
        return self._icecast.has(self.mount)

    def stop(self) -> None:
        """Leave the air."""
        _end(self._sends, signal.SIGKILL)
        self._sends = None


def _spawn(
    *command: str,
    env: Mapping[str, str],
    stdout: int = subprocess.DEVNULL,
    stderr: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=os.environ | dict(env),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
    )


def _end(process: subprocess.Popen[bytes] | None, how: signal.Signals = signal.SIGTERM) -> None:
    if process is None:
        return
    process.send_signal(how)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
