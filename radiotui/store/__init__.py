"""The store: one SQLite file, and one thread that speaks to it."""

from radiotui.store.store import Store

__all__ = ["Store"]
