"""The log of libVLC's audio outputs, which alone knows that one of them failed or ran dry."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from typing import Any

_BREAKS = (b"underflow", b"playback way too")
"""Beginnings of the lines with which audio outputs tell that they ran dry, inserted silence or
dropped sound."""
_GOES_ON = 0.5
"""Seconds after a break in which further lines tell of the same."""


class OutputLog:
    """Complaints of libVLC's audio outputs, and a count of the breaks in what they played.

    libVLC calls at every line, on the threads that play, and each call waits for Python's lock.
    At the beginning of a play on a busy computer buffers are late; a line for each took longer
    than the sound in it, so that all of them were late, for seconds. So it is read between
    :meth:`listen` and :meth:`rest` alone, which must not be called with a callback's lock held.
    ``is_fed`` tells whether there is sound to play: without, a break is none of the device's.
    """

    def __init__(
        self, instance: Any, on_error: Callable[[], None], is_fed: Callable[[], bool]
    ) -> None:
        self._instance = instance
        self._is_fed = is_fed
        # The callback lives as long as libVLC may call it.
        self._callback = _log_callback(on_error, self._note_break)
        self._is_read = False
        self._broke_at: float | None = None
        self.breaks = 0
        """Half seconds in which the sound broke off and went on."""

    def listen(self) -> None:
        """Call back at complaints from now on."""
        if not self._is_read:
            self._is_read = True
            self._instance.log_set(self._callback, None)

    def rest(self) -> None:
        """Call back no more; what broke off does not go on."""
        self._broke_at = None
        if self._is_read:
            self._is_read = False
            self._instance.log_unset()

    def note_sound(self) -> None:
        """Note that sound is heard: a break before it was one, and not the end."""
        if self._broke_at is not None and time.monotonic() - self._broke_at > _GOES_ON:
            self.breaks += 1
            self._broke_at = None

    def _note_break(self) -> None:
        if self._broke_at is None and self._is_fed():
            self._broke_at = time.monotonic()


def _log_callback(on_error: Callable[[], None], on_break: Callable[[], None]) -> Any:
    """Callback for libVLC's log."""
    import vlc

    error = vlc.LogLevel.ERROR.value

    def log_line(_data: Any, level: int, context: Any, words: Any, _arguments: Any) -> None:
        is_break = words is not None and words.startswith(_BREAKS)
        if level < error and not is_break:
            return
        # python-vlc's own wrapper takes no place to write to.
        emitter = ctypes.c_char_p()
        vlc.dll.libvlc_log_get_object(context, ctypes.byref(emitter), None, None)
        if emitter.value == b"audio output":
            (on_break if is_break else on_error)()

    return vlc.CallbackDecorators.LogCb(log_line)
