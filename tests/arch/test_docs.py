"""What the documents show of the code is as the code is."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


def test_the_picture_is_drawn_from_the_imports():
    path = DOCS / "draw_architecture.py"
    spec = importlib.util.spec_from_file_location("draw_architecture", path)
    assert spec is not None
    assert spec.loader is not None
    drawing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drawing)
    page = (DOCS / "architecture.md").read_text()
    assert drawing.drawn(page) == page, "make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page: Path):
    words = page.read_text()
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", words):
        assert (page.parent / target).exists(), target
    if page.name == "architecture.md":
        for name in re.findall(r"`((?:[a-z_]+/)+(?:[a-z_0-9]+\.[a-z]+)?)`", words):
            places = (ROOT / name, ROOT / "radiotui" / name)
            assert any(place.exists() for place in places), name
