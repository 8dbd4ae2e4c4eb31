"""Private podcasts on the command line: passwords that are given, used and told of."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from tests.servers import Server, serving
from tests.services.test_private_feeds import SECRET, locked, members
from tests.terminal import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/members/show.rss"] = locked(members(server), "application/rss+xml")
        yield server


@pytest.fixture
def env(home: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A listener with a keyring."""
    keyring = {"PYTHON_KEYRING_BACKEND": "tests.keyrings.FileKeyring"}
    return {**home, **keyring, "TEST_KEYRING": str(tmp_path / "keyring.json")}


@pytest.fixture
def words(tmp_path: Path) -> Callable[..., list[str]]:
    """The words of a command."""
    stations = tmp_path / "list.toml"
    stations.write_text("# mine\n")

    def words(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "radiotui", *arguments, "--stations", str(stations)]

    return words


@pytest.fixture
def run(env: dict[str, str], words: Callable[..., list[str]]) -> Run:
    def run(*arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words(*arguments), env={**env, **more}, cwd=ROOT, capture_output=True, text=True,
            timeout=60, input=given,
        )  # fmt: skip

    return run


def variable(server: Server) -> str:
    return f"RADIOTUI_PASSWORD_127_0_0_1_PORT_{server.port}"


def test_a_password_is_given_on_standard_input_and_used(
    run: Run, server: Server, tmp_path: Path
) -> None:
    url = server.url("/members/show.rss")
    user = url.replace("://", "://ann@")
    refused = run("podcasts", "add", user)
    assert refused.returncode == 1
    assert "the keyring has none" in refused.stderr
    added = run("podcasts", "add", user, **{variable(server): SECRET})
    assert (added.returncode, added.stdout) == (0, f"Coconino Now  {url}\n")
    listed = run("podcasts").stdout
    assert f"ann: password not found; set ${variable(server)}" in listed
    wrong = run("podcasts", "password", "coconino", "--stdin", given="wrong\n")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "refused the password (401)" in wrong.stderr
    given = run("podcasts", "password", "coconino", "--stdin", given=f"{SECRET}\n")
    assert (given.returncode, given.stdout) == (
        0,
        f"the password of ann for 127.0.0.1:{server.port} is in the keyring\n",
    )
    assert run("podcasts", "refresh").stdout == "1 of 1 podcasts answered, 1 episodes\n"
    assert "ann: password from the keyring" in run("podcasts").stdout
    (podcast,) = json.loads(run("podcasts", "--json").stdout)
    assert (podcast["url"], podcast["user"], podcast["password"]) == (url, "ann", "keyring")
    examined = run("doctor", "--engine", "silent").stdout
    assert "ann: password from the keyring" in examined
    (tmp_path / "keyring.json").unlink()
    assert not [
        path for path in tmp_path.rglob("*") if path.is_file() and b"s3cret" in path.read_bytes()
    ]


def test_without_a_keyring_the_command_fails_and_says_how_to_give_it(
    run: Run, server: Server
) -> None:
    user = server.url("/members/show.rss").replace("://", "://ann@")
    run("podcasts", "add", user, **{variable(server): SECRET})
    none = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    given = run("podcasts", "password", "coconino", "--stdin", given=SECRET, **none)
    assert (given.returncode, given.stdout) == (1, "")
    assert "there is no keyring here" in given.stderr
    assert variable(server) in given.stderr
    assert "s3cret" not in given.stderr


def test_a_password_is_asked_for_without_an_echo(
    env: dict[str, str], words: Callable[..., list[str]], server: Server, run: Run
) -> None:
    user = server.url("/members/show.rss").replace("://", "://ann@")
    program, *arguments = words("podcasts", "add", user)
    terminal = pexpect.spawn(program, arguments, env=env, cwd=ROOT, timeout=60, encoding="utf-8")
    terminal.expect("Password: ")
    terminal.sendline(SECRET)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert "Coconino Now" in terminal.before
    assert "s3cret" not in terminal.before
    assert "ann: password from the keyring" in run("podcasts").stdout


def test_a_user_is_named_once(run: Run, server: Server) -> None:
    server.routes["/members/show.rss"] = lambda c: c.answer(members(server), "application/rss+xml")
    run("podcasts", "add", server.url("/members/show.rss"))
    server.routes["/members/show.rss"] = locked(members(server), "application/rss+xml")
    unnamed = run("podcasts", "password", "coconino", "--stdin", given=SECRET)
    assert unnamed.returncode == 1
    assert "--user NAME" in unnamed.stderr
    named = run("podcasts", "password", "coconino", "--user", "ann", "--stdin", given=SECRET)
    assert (named.returncode, named.stderr) == (0, "")
    assert "ann: password from the keyring" in run("podcasts").stdout
