"""Output of the commands: results on stdout, notes for people on stderr."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TextIO

DONE, FAILED = 0, 1
"""Exit codes: the second is also that of a search without a hit and of an empty list."""


class CommandFailedError(Exception):
    """End of a command by a problem that was printed already."""


class OutputError(Exception):
    """Failure of stdout: it takes no more results."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror or str(error))
        self.is_closed = isinstance(error, BrokenPipeError)
        """True where the reader has gone: "radiotui stories | head"."""


def prepare_output() -> None:
    """Make stdout and stderr fit to be printed to, however the program was started.

    A closed one is opened, or the store's file would be what is printed into; that stdout
    takes nothing. What its encoding does not have is printed as "?", and never an error;
    names of files come out as they are.
    """
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)
    codecs.register_error("radiotui", _nearest_bytes)
    with suppress(AttributeError):  # a stream that somebody else put there
        sys.stdout.reconfigure(errors="radiotui")  # type: ignore[union-attr]


def _nearest_bytes(error: UnicodeError) -> tuple[str | bytes, int]:
    """The bytes of a file's name as they are, and "?" for a letter that there is none for."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    letters = (
        bytes((ord(letter) - 0xDC00,)) if "\udc80" <= letter <= "\udcff" else b"?"
        for letter in text
    )
    return b"".join(letters), error.end


def print_result(text: str, *, at_once: bool = False) -> None:
    """Print a line, or lines, of a command's result. Raises OutputError."""
    write_result(f"{text}\n", at_once=at_once)


def write_result(text: str, *, at_once: bool = False) -> None:
    """Write a text as it stands to stdout. Raises OutputError."""
    try:
        sys.stdout.write(text)
        if at_once:
            sys.stdout.flush()
    except OSError as error:
        raise OutputError(error) from error


def print_json(value: Any, *, indent: int | None = 2, at_once: bool = False) -> None:
    """Print a value as JSON, with the letters as they are where stdout has them all."""
    import json

    encoding = codecs.lookup(sys.stdout.encoding or "ascii").name
    text = json.dumps(value, ensure_ascii=encoding != "utf-8", indent=indent)
    print_result(text, at_once=at_once)


def flush_results() -> None:
    """Hand over all that was printed. Raises OutputError."""
    write_result("", at_once=True)


def print_note(text: object) -> None:
    """Print a line for people to stderr; results alone go to stdout. A note may be lost."""
    write_note(f"radiotui: {text}\n")


def print_nothing(text: str) -> int:
    """Say on stderr that nothing was found; the exit code for it."""
    print_note(text)
    return FAILED


def write_note(text: str) -> None:
    """Write a text to stderr, or lose it."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        drop(sys.stderr)


@contextmanager
def notes_alone() -> Iterator[None]:
    """Keep what C libraries write on descriptor 2 away from the notes: it goes nowhere.

    ALSA has thirty lines to say of a device that is not there.
    """
    sys.stderr.flush()
    stderr, original = sys.stderr, os.dup(2)
    sys.stderr = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(original, 2)
        os.close(original)
        own, sys.stderr = sys.stderr, stderr
        with suppress(OSError):
            own.close()


def drop(stream: TextIO) -> None:
    """Let all that is still written to a stream vanish, also what Python writes at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        stream.flush()
