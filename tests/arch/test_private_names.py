"""Tests, benchmarks and documents use public names only, as any reader of the code would."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "tests" / "ui" / "textual_private.py"
"""The one place for private parts of Textual."""
FILES = sorted(
    path
    for folder in ("tests", "bench", "docs")
    for path in (ROOT / folder).rglob("*.py")
    if path != ROOM
)
OWN = {"self", "cls", "super()"}
NAMED_TUPLE = {"_asdict", "_fields", "_make", "_replace"}
"""Public methods of every named tuple: the underscore keeps them apart from its fields."""
BY_NAME = {"attrgetter", "delattr", "getattr", "hasattr", "patch", "setattr"}
"""Functions that reach an attribute by a string."""


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in NAMED_TUPLE


def private_parts(dotted: str) -> bool:
    return any(is_private(part) for part in dotted.split("."))


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def strings(node: ast.Call) -> Iterator[str]:
    for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def reaches(node: ast.AST) -> bool:
    """Whether the node is an attribute, an import or a look-up of another's private name."""
    match node:
        case ast.Attribute():
            return is_private(node.attr) and ast.unparse(node.value) not in OWN
        case ast.ImportFrom():
            names = (node.module or "", *(alias.name for alias in node.names))
            return any(private_parts(name) for name in names)
        case ast.Import():
            return any(private_parts(alias.name) for alias in node.names)
        case ast.Call() if called(node) in BY_NAME:
            return any(private_parts(text) for text in strings(node))
    return False


@pytest.mark.parametrize(
    "line",
    [
        "tape._log",
        "self.tape._log",
        "tape._log.append(1)",
        "from radiotui.text import _CONTROLS",
        "from textual._context import active_app",
        "import textual._context",
        "getattr(tape, '_log')",
        "monkeypatch.setattr(tape, '_log', [])",
        "monkeypatch.setattr('radiotui.text._CONTROLS', None)",
    ],
)
def test_a_private_name_is_seen_however_it_is_reached(line: str):
    assert any(reaches(node) for node in ast.walk(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    ["self._log", "super()._log", "tape.__dict__", "row._asdict()", "setattr(tape, 'log', 1)"],
)
def test_an_own_or_a_public_name_is_none(line: str):
    assert not any(reaches(node) for node in ast.walk(ast.parse(line)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_private_name_of_another_is_used(path: Path):
    uses = [node for node in ast.walk(ast.parse(path.read_text())) if reaches(node)]
    assert [f"{getattr(node, 'lineno', 0)}: {ast.unparse(node)}" for node in uses] == []
