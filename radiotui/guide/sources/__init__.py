"""Where schedules come from: one small file a provider."""

from __future__ import annotations

from radiotui.guide.sources import composer, npr
from radiotui.guide.sources.answer import Ask

PROVIDERS: dict[str, Ask] = {"composer": composer.ask, "npr": npr.ask}
"""What may stand as ``source`` in a stream's ``schedule``."""
