"""What is kept: one SQLite file, one thread that speaks to it."""

from radiotui.store.store import Store

__all__ = ["Store"]
