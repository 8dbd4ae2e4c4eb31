"""Keyrings for tests, as the package keyring takes them, and a way to use one."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

Backend = TypeVar("Backend", bound=KeyringBackend)


class MemoryKeyring(KeyringBackend):
    """A keyring that is open."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


class FileKeyring(KeyringBackend):
    """A keyring that outlives a process: a file that TEST_KEYRING names."""

    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._path().write_text(json.dumps(self._read() | {f"{service}/{username}": password}))

    def _read(self) -> dict[str, str]:
        return json.loads(self._path().read_text()) if self._path().exists() else {}

    def _path(self) -> Path:
        return Path(os.environ["TEST_KEYRING"])


class LockedKeyring(MemoryKeyring):
    """A keyring that nobody unlocks, and that says so."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("secret words of a backend")


class HangingKeyring(MemoryKeyring):
    """A keyring that waits for an answer to a question that nobody sees."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        self.let_go.wait(60)
        return None


class ForgetfulKeyring(MemoryKeyring):
    """A keyring that takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


@contextmanager
def using(backend: Backend) -> Iterator[Backend]:
    """Use a keyring within it, and none after it."""
    keyring.set_keyring(backend)
    try:
        yield backend
    finally:
        keyring.set_keyring(NoKeyring())
