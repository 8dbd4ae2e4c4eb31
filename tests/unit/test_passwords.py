"""Passwords: where they are found, in which order, and what is said where there is none."""

from __future__ import annotations

import asyncio
import shlex
import sys
import time
from pathlib import Path

import pytest

from radiotui.net.keyring import SystemKeyring
from radiotui.net.passwords import Password, PasswordOrigin, Passwords, ServiceAccount
from radiotui.problems import Problem, ProblemKind
from tests.keyrings import (
    ForgetfulKeyring,
    HangingKeyring,
    LockedKeyring,
    MemoryKeyring,
    using,
)

ANN = ServiceAccount("feeds.example.org", "ann")
ENTRY = ("radiotui feeds.example.org", "ann")


def python(program: str) -> str:
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(program)}"


def by_command(command: str) -> ServiceAccount:
    return ServiceAccount("feeds.example.org", "ann", command)


async def refusal(passwords: Passwords, account: ServiceAccount) -> Problem:
    with pytest.raises(Problem) as caught:
        await passwords.find(account)
    assert caught.value.kind is ProblemKind.NO_PASSWORD
    return caught.value


async def test_the_environment_is_looked_at_first_then_the_command_then_the_keyring() -> None:
    with using(MemoryKeyring()) as keyring:
        keyring.kept[ENTRY] = "of the keyring"
        environ = {"RADIOTUI_PASSWORD_FEEDS_EXAMPLE_ORG": "of the environment"}
        command = by_command(python("print('of the command')"))
        found = await Passwords(environ=environ).find(command)
        assert (found.value, found.origin) == ("of the environment", PasswordOrigin.ENVIRONMENT)
        found = await Passwords(environ={}).find(command)
        assert (found.value, found.origin) == ("of the command", PasswordOrigin.COMMAND)
        assert keyring.asked == 0
        found = await Passwords(environ={}).find(ANN)
        assert (found.value, found.origin) == ("of the keyring", PasswordOrigin.KEYRING)


@pytest.mark.parametrize(
    ("service", "variable"),
    [
        ("feeds.example.org", "FEEDS_EXAMPLE_ORG"),
        ("feeds-example.org", "FEEDS__EXAMPLE_ORG"),
        ("feeds.example.org:8080", "FEEDS_EXAMPLE_ORG_PORT_8080"),
        ("féeds.example", "F_XE9_EDS_EXAMPLE"),
    ],
)
def test_no_two_hosts_share_a_variable(service: str, variable: str) -> None:
    assert ServiceAccount(service, "ann").variable == f"RADIOTUI_PASSWORD_{variable}"


async def test_a_command_is_no_shell_s(tmp_path: Path) -> None:
    there = tmp_path / "made"
    command = f"echo one $HOME `touch {there}` ; touch {there} | cat > {there}"
    found = await Passwords(environ={"HOME": "/x"}).find(by_command(command))
    assert found.value.startswith("one $HOME `touch")
    assert not there.exists()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (python("import sys; sys.stderr.write('s3cret'); sys.exit(3)"), "failed with status 3"),
        (python("print('s3cret ' * 9000)"), "prints more than a password"),
        (python("import os; os.write(1, bytes([255, 254]))"), "no text"),
        (python("pass"), "prints nothing"),
        ("/no/such/program s3cret", "No such file"),
        ("echo 's3cret", "not written rightly"),
        ("  ", "is empty"),
    ],
    ids=["status", "much", "bytes", "nothing", "none", "quote", "blank"],
)
async def test_a_command_that_gives_none_says_why_and_nothing_else(
    command: str, words: str
) -> None:
    problem = await refusal(Passwords(environ={}), by_command(command))
    assert words in problem.title
    assert "s3cret" not in f"{problem} {problem.detail}"


async def test_a_command_that_never_ends_is_ended_with_all_it_started(tmp_path: Path) -> None:
    sign = tmp_path / "alive"
    child = (
        f"import time, pathlib\nwhile True: pathlib.Path({str(sign)!r}).touch(); time.sleep(.05)"
    )
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    work = asyncio.create_task(
        refusal(Passwords(environ={}, command_seconds=3), by_command(python(program)))
    )
    problem = await work
    assert "did not end in 3 s" in problem.title
    sign.unlink(missing_ok=True)
    await asyncio.sleep(0.5)
    assert not sign.exists(), "its child lives on"


async def test_only_the_first_line_is_the_password() -> None:
    command = by_command(python("print(' a b ' + chr(13)); print('url: x')"))
    assert (await Passwords(environ={}).find(command)).value == " a b "


async def test_a_screen_s_terminal_is_given_to_no_command() -> None:
    command = by_command(python("import os; print(os.environ.get('GPG_TTY', 'none'))"))
    environ = {"GPG_TTY": "/dev/pts/1"}
    assert (await Passwords(environ=environ).find(command)).value == "/dev/pts/1"
    with_screen = Passwords(environ=environ, has_screen=True)
    assert (await with_screen.find(command)).value == "none"


async def test_without_a_keyring_it_is_said_how_to_give_it() -> None:
    problem = await refusal(Passwords(environ={}), ANN)
    assert problem.title == (
        "there is no password of ann for feeds.example.org: there is no keyring here"
    )
    assert "$RADIOTUI_PASSWORD_FEEDS_EXAMPLE_ORG" in problem.hint
    assert "password_command" in problem.hint
    with pytest.raises(Problem, match="there is no keyring here"):
        await Passwords(environ={}).keep(ANN, "s3cret")


async def test_a_locked_keyring_says_so_in_our_words() -> None:
    with using(LockedKeyring()):
        problem = await refusal(Passwords(environ={}), ANN)
    assert "the keyring is locked" in problem.title
    assert "secret words" not in str(problem)


async def test_a_keyring_that_does_not_answer_is_asked_once_and_waited_for_shortly() -> None:
    with using(HangingKeyring()) as keyring:
        passwords = Passwords(environ={}, keyring=SystemKeyring(read_seconds=0.5))
        begin = time.monotonic()
        problem = await refusal(passwords, ANN)
        assert "did not answer" in problem.title
        for _ in range(20):
            await refusal(passwords, ANN)
        assert time.monotonic() - begin < 30, "each of them waited"
        assert keyring.asked == 1, "a thread hangs for each question"
        keyring.let_go.set()


async def test_what_is_kept_is_found_and_what_is_not_is_said() -> None:
    with using(MemoryKeyring()) as keyring:
        await Passwords(environ={}).keep(ANN, "s3cret")
        assert keyring.kept == {ENTRY: "s3cret"}
        assert await Passwords(environ={}).origin(ANN) is PasswordOrigin.KEYRING
    with using(ForgetfulKeyring()), pytest.raises(Problem, match="did not keep"):
        await Passwords(environ={}).keep(ANN, "s3cret")


async def test_where_it_would_come_from_is_told_without_running_the_command(tmp_path: Path) -> None:
    account = by_command(f"touch {tmp_path / 'ran'}")
    assert await Passwords(environ={}).origin(account) is PasswordOrigin.COMMAND
    assert not (tmp_path / "ran").exists()
    assert await Passwords(environ={}).origin(ANN) is None


def test_a_password_is_in_no_words_about_it() -> None:
    password = Password("s3cret", PasswordOrigin.KEYRING)
    assert "s3cret" not in f"{password} {password!r}"
