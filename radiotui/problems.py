"""One shape for every failure that is expected.

A :class:`Problem` is raised where it happens, carried in snapshots, and shown
with the same words on the screen, on stderr and in the log.
"""

from __future__ import annotations


class Problem(Exception):  # noqa: N818 - the word everything else uses
    """Something went wrong that a listener should read about in plain words.

    ``title`` says what happened in one line ("KNAU refused the connection (403)").
    ``hint`` says what to do or why it may be so; it may be empty.
    ``detail`` is for the log and ``doctor``: a URL, an errno, a parser's message.
    """

    def __init__(self, title: str, hint: str = "", detail: str = "") -> None:
        super().__init__(title, hint, detail)
        self.title = title
        self.hint = hint
        self.detail = detail

    def __str__(self) -> str:
        """Title and hint as one line."""
        return f"{self.title}: {self.hint}" if self.hint else self.title

    def __eq__(self, other: object) -> bool:
        """Two problems with the same words are the same problem."""
        return isinstance(other, Problem) and self.args == other.args

    def __hash__(self) -> int:
        return hash(self.args)
