"""One row of what was measured: ours, a peer's, and the ratio."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``limit`` is the ratio that is to be reached, None where there is none."""

    what: str
    ours: float
    unit: str
    peer: str
    theirs: float
    limit: float | None = None

    @property
    def ratio(self) -> float:
        """Ours as a part of theirs."""
        return self.ours / self.theirs

    def __str__(self) -> str:
        reach = "" if self.limit is None else f"reach {self.limit:.2f}"
        verdict = "" if self.limit is None else ("  yes" if self.ratio <= self.limit else "  NO")
        return (
            f"{self.what:<34} {self.ours:>9.1f} {self.unit:<4} {self.peer:<16}"
            f"{self.theirs:>9.1f} {self.unit:<4} {self.ratio:>6.2f}  {reach}{verdict}"
        )
