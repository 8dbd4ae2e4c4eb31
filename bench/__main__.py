"""``python -m bench [PART…]``: every part, or those that are named (``PARTS``).

``python -m bench soak [--minutes 30]`` is apart: it takes its time.
"""

from __future__ import annotations

import sys
from importlib import import_module

PARTS = (
    "start",
    "sound",
    "episodes",
    "pace",
    "tape",
    "cost",
    "stories",
    "parsing",
    "podcasts",
    "loop",
    "guide",
    "on_now",
    "finding",
)


def main() -> int:
    """Every part, or those that are named."""
    if sys.argv[1:2] == ["soak"]:
        from bench import soak

        return soak.main(sys.argv[2:])
    wanted = sys.argv[1:] or PARTS
    for part in wanted:
        print(f"# {part}", flush=True)
        for row in import_module(f"bench.{part}").rows():
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
