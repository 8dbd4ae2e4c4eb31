"""How the package reads: names that say what a value is, and docstrings that begin with a noun."""

import ast
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[2] / "radiotui"
TREES = {path: ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

VAGUE = frozenset(
    re.findall(
        r"\w+",
        "found told known said wanted given one kept chosen brought asked seen named shown made "
        "gone what some each both more others other come coming left",
    )
)
"""Words that say that somebody has a value, and not what it is."""
CLAUSE = re.compile(r"\s*(What|When|Which|Where|Who|How|Whether|In which|Whose|Nothing)\b")
"""How a riddle begins."""


def bound_names() -> list[str]:
    """Every argument and every name that is assigned to."""
    names: list[str] = []
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS):
                arguments = (*node.args.args, *node.args.kwonlyargs)
                names += [a.arg for a in arguments if a.arg not in ("self", "cls")]
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.append(node.id)
    return names


def docstrings(kinds: tuple[Any, ...]) -> list[tuple[str, str]]:
    """Where each docstring stands, and its words."""
    return [
        (f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 1)}", words)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, kinds) and (words := ast.get_docstring(node))
    ]


def test_a_name_says_what_a_value_is():
    names = bound_names()
    vague = Counter(name.strip("_") for name in names if name.strip("_") in VAGUE)
    assert vague.total() < 0.01 * len(names), vague.most_common()


def test_a_class_name_is_used_once():
    places: dict[str, list[str]] = defaultdict(list)
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name.lstrip("_")].append(str(path.relative_to(PACKAGE)))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert len(twice) <= 8, twice


def test_a_module_says_what_it_is_without_a_riddle():
    assert [place for place, words in docstrings((ast.Module,)) if CLAUSE.match(words)] == []


def test_classes_and_functions_do_so_too():
    written = docstrings((ast.ClassDef, *FUNCTIONS))
    riddles = [place for place, words in written if CLAUSE.match(words)]
    assert len(riddles) < 0.02 * len(written), riddles
