"""Decoders that any thread may ask for."""

import sys
import threading
import types
from collections.abc import Iterator

import msgspec
import pytest

from radiotui.net.typed import converted, json_decoder, msgpack_decoder

FIELDS = "".join(f"    f{number}: int | str | None = None\n" for number in range(40))
SOURCE = f"""
from __future__ import annotations
import msgspec

class Part(msgspec.Struct, tag=True):
{FIELDS}    parts: tuple[Part | Whole, ...] = ()

class Whole(msgspec.Struct, tag=True):
{FIELDS}    parts: tuple[Part | Whole, ...] = ()
"""


@pytest.fixture
def threads_change_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def kinds(number: int) -> list[type[msgspec.Struct]]:
    """Two types that nobody has decoded yet, each made of both."""
    module = types.ModuleType(f"kinds{number}")
    sys.modules[module.__name__] = module
    exec(SOURCE, module.__dict__)
    return [module.Part, module.Whole]


@pytest.mark.usefixtures("threads_change_often")
def test_threads_that_decode_a_new_type_at_once_do_so() -> None:
    values: list[object] = []
    for number in range(40):
        barrier = threading.Barrier(4)

        def decode(kind: type[msgspec.Struct], barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            text = f'{{"type":"{kind.__name__}","f1":1}}'
            values.append(json_decoder(kind).decode(text))

        threads = [threading.Thread(target=decode, args=(kind,)) for kind in kinds(number) * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(values) == 160


def test_what_is_no_value_of_the_type_is_an_error():
    part, _ = kinds(99)
    packed = msgspec.msgpack.encode({"f1": [1]})
    with pytest.raises(msgspec.ValidationError):
        msgpack_decoder(part).decode(packed)
    with pytest.raises(msgspec.ValidationError):
        converted({"f1": [1]}, part)
    assert msgspec.to_builtins(converted({"type": "Part", "f1": 7}, part))["f1"] == 7
