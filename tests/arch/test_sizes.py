"""Sizes and reach over the whole package: classes with their parents, functions, private names."""

import ast
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "radiotui"
TREES = {path: ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}
MOST_LINES, MOST_METHODS, MOST_IN_FUNCTION = 400, 40, 40

PRIVATE_ROOM = PACKAGE / "ui" / "kit" / "textual_private.py"
MOST_PRIVATE = 10
"""Uses of private attributes of other objects, over the package."""

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def classes() -> dict[str, ast.ClassDef]:
    return {
        node.name: node
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }


CLASSES = classes()


def base_names(node: ast.ClassDef) -> list[str]:
    """Names of its parents, without their type parameters."""
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return [base.id for base in bases if isinstance(base, ast.Name)]


USES = Counter(name for node in CLASSES.values() for name in base_names(node))


def size(name: str) -> tuple[int, int]:
    """Lines and methods of a class and of the parents that only it uses."""
    node = CLASSES[name]
    lines = (node.end_lineno or 0) - node.lineno + 1
    methods = sum(isinstance(part, FUNCTION) for part in node.body)
    for parent in base_names(node):
        if parent in CLASSES and USES[parent] == 1:
            more_lines, more_methods = size(parent)
            lines, methods = lines + more_lines, methods + more_methods
    return lines, methods


def long_functions() -> set[str]:
    """Qualified names of functions of more lines than are allowed."""
    owners = {
        part: f"{node.name}."
        for node in CLASSES.values()
        for part in node.body
        if isinstance(part, FUNCTION)
    }
    return {
        f"{owners.get(node, '')}{node.name}"
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTION)
        and (node.end_lineno or 0) - node.lineno + 1 > MOST_IN_FUNCTION
    }


def private_uses(path: Path) -> list[str]:
    """Private attributes of objects that are neither the own instance nor the own class."""
    own = {"self", "cls", "super"}
    return [
        ast.unparse(node)
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and not (isinstance(node.value, ast.Name) and node.value.id in own)
        and not (isinstance(node.value, ast.Call) and ast.unparse(node.value) == "super()")
    ]


def test_classes_stay_short_with_the_parents_that_only_they_use():
    too_long = {
        name for name in CLASSES if size(name)[0] > MOST_LINES or size(name)[1] > MOST_METHODS
    }
    assert too_long == set(), {name: size(name) for name in too_long}


def test_functions_stay_short():
    assert long_functions() == set()


def test_private_attributes_of_others_are_seldom_touched():
    # What one has of one's parents is one's own.
    uses = {path: private_uses(path) for path in TREES}
    assert sum(map(len, uses.values())) <= MOST_PRIVATE, uses[PRIVATE_ROOM]


@pytest.mark.parametrize(
    "path",
    [path for path in TREES if path.is_relative_to(PACKAGE / "ui")],
    ids=lambda path: path.name,
)
def test_private_parts_of_textual_are_used_in_one_room(path):
    if path == PRIVATE_ROOM:
        return
    assert private_uses(path) == []
    modules = [
        node.module or "" for node in ast.walk(TREES[path]) if isinstance(node, ast.ImportFrom)
    ]
    assert not [name for name in modules if name.startswith("textual") and "._" in name]
