"""The picture in architecture.md, drawn from the imports: ``make docs`` writes it.

Rooms are the packages and modules directly under radiotui/, storeys are the
layers of pyproject.toml. An arrow is an import; arrows that follow from others
(a imports b, b imports c, so a -> c) are left out, or nobody could read it.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- picture: begin -->", "<!-- picture: end -->"


def storeys() -> list[list[str]]:
    """The layers of the import contract, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(one["layers"] for one in contracts["contracts"] if one["type"] == "layers")
    return [[room.strip() for room in layer.replace(":", "|").split("|")] for layer in layers]


def imports(rooms: list[str]) -> dict[str, set[str]]:
    """Which room imports from which, types included."""
    graph = grimp.build_graph("radiotui", exclude_type_checking_imports=False, cache_dir=None)
    edges: dict[str, set[str]] = {room: set() for room in rooms}
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            here, there = _room(module), _room(imported)
            if here != there and here in edges and there in edges:
                edges[here].add(there)
    return edges


def reduced(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    """The arrows that do not follow from others."""
    return {
        room: {
            there
            for there in rooms
            if not any(there in _reach(edges, step) for step in rooms - {there})
        }
        for room, rooms in edges.items()
    }


def picture() -> str:
    """The house as a Mermaid diagram."""
    levels = storeys()
    edges = reduced(imports([room for level in levels for room in level]))
    lines = ["```mermaid", "flowchart TD"]
    for number, level in enumerate(levels):
        lines.append(f'  subgraph s{number}[" "]')
        lines += [f'    {room}["{room}"]' for room in level]
        lines.append("  end")
    lines += [f"  {room} --> {there}" for room in edges for there in sorted(edges[room])]
    return "\n".join([*lines, "```"])


def drawn(page: str) -> str:
    """``page`` with the picture of now between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{picture()}\n{END}{after}"


def _room(module: str) -> str:
    return [*module.split("."), ""][1]


def _reach(edges: dict[str, set[str]], room: str) -> set[str]:
    reached: set[str] = set()
    waiting = [room]
    while waiting:
        for there in edges[waiting.pop()] - reached:
            reached.add(there)
            waiting.append(there)
    return reached


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text()))
    print(f"{PAGE.relative_to(ROOT)} is drawn", file=sys.stderr)
