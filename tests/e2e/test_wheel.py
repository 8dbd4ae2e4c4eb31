"""What is installed is what was built: the wheel, alone in an empty venv."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def run(
    *command: str | Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], capture_output=True, text=True, env=env, cwd="/")


def needs(requirements: list[str], extras: frozenset[str] = frozenset()) -> Iterator[Requirement]:
    """The requirements that apply here, with those extras."""
    for requirement in map(Requirement, requirements):
        marker = requirement.marker
        if not marker or any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield requirement


def closure(requirements: list[str]) -> list[Distribution]:
    """The distributions that those requirements lead to, each as it is installed here."""
    packages: dict[tuple[str, frozenset[str]], Distribution] = {}
    waiting = list(needs(requirements))
    while waiting:
        requirement = waiting.pop()
        key = (requirement.name.lower(), frozenset(requirement.extras))
        if key not in packages:
            package = packages[key] = distribution(requirement.name)
            assert requirement.specifier.contains(package.version, prereleases=True)
            waiting += needs(package.requires or [], key[1])
    return list(packages.values())


def link_into(folder: Path, packages: list[Distribution]) -> None:
    """Make those distributions importable from the folder: they, and nothing else."""
    for package in packages:
        for top in {file.parts[0] for file in package.files or []} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(str(package.locate_file(top)))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a venv that has the wheel, and what it says it needs.

    What it needs is here already: downloading it again takes most of the time.
    """
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, ROOT)
    assert built.returncode == 0, built.stdout + built.stderr
    venv.create(folder / "venv")
    commands = folder / "venv" / "bin"
    (wheel,) = folder.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--python", folder / "venv", "install", "--no-compile")
    done = run(*pip, "--quiet", "--no-deps", "--no-index", wheel)
    assert done.returncode == 0, done.stderr
    (site,) = (folder / "venv").glob("lib/python*/site-packages")
    (metadata,) = site.glob("radiotui-*.dist-info")
    link_into(site, closure(Distribution.at(metadata).requires or []))
    return commands


def test_it_starts_and_has_its_station_list(installed: Path, home: dict[str, str]):
    env = {**home, "PYTHONPATH": ""}
    listed = run(installed / "radiotui", "stations", "list", "--json", env=env)
    assert listed.returncode == 0, listed.stderr
    ids = [station["id"] for station in json.loads(listed.stdout)]
    assert (ids[0], ids[-1]) == ("knau", "test-signal")


def test_it_plays_the_test_signal(installed: Path, home: dict[str, str]):
    env = {**home, "PYTHONPATH": ""}
    played = run(
        installed / "radiotui", "--demo", "play", "test-signal", "--engine", "silent", "--for", "3",
        env=env,
    )  # fmt: skip
    assert played.returncode == 0, played.stderr
    assert "Test Signal" in played.stderr
    assert played.stdout.strip()


@pytest.mark.parametrize(
    ("target", "packages", "program"),
    [
        ("demo", ".", "radiotui --demo"),
        ("run", ".", "radiotui"),
        ("check", ".[dev]", "ruff check ."),
        ("test", ".[dev]", "python -m pytest"),
        ("bench", ".[dev]", "python -m bench"),
    ],
)
def test_make_installs_what_a_target_needs(target: str, packages: str, program: str):
    printed = subprocess.run(
        ["make", "--always-make", "--dry-run", target],
        cwd=ROOT, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]},
    ).stdout.splitlines()  # fmt: skip
    (install,) = (line for line in printed if "pip install" in line)
    assert install.endswith(f"--editable '{packages}'")
    # It takes a while: what happens is seen.
    assert "--quiet" not in install
    assert any(line.startswith(f".venv/bin/{program}") for line in printed)
