"""Whatever the bytes are, the parser of requests refuses or reads them, soon and in little memory."""

import gc
import json
import random
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from insight_kernel.gateway.parsing import MOST_BYTES
from tests.opinions.fuzz import BEGIN
from tests.opinions.parsing import MODELS, look

SECONDS = 2.0
BYTES_PER_BYTE = 120
"""What reading may take at most; lists in lists cost most, some 90 bytes for each byte sent."""

words = st.sampled_from(
    [
        "schema",
        "filters",
        "limit",
        "ids",
        "depth",
        "text",
        "by",
        "to",
        "labels",
        "template",
        "parameters",
        "runs",
    ]
)
texts = st.one_of(words, st.text(st.characters(exclude_categories=()), max_size=5))
plain = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
values = st.recursive(
    plain, lambda n: st.lists(n, max_size=4) | st.dictionaries(texts, n, max_size=4), max_leaves=12
)
bodies = st.one_of(
    st.binary(max_size=60),
    st.dictionaries(texts, values, max_size=5).map(lambda found: json.dumps(found).encode()),
    st.dictionaries(texts, values, max_size=5).map(
        lambda found: json.dumps(found, ensure_ascii=False).encode(errors="surrogatepass")
    ),
)


@settings(max_examples=300)
@example(body=b'{"template": "a", "parameters": {"x": "\\ud800"}}')
@example(body=b'{"template": "a", "parameters": {"x": {"\\udfff": 1}}}')
@example(body=b'{"template": "a", "parameters": {"x": [1e999]}}')
@example(body=b'{"template": "a", "parameters": {"x": -0.0, "y": 1e-999}}')
@example(body=b'\xef\xbb\xbf{"ids": ["0"]}')
@given(body=bodies)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """As each request in turn: what is taken can be written down and read again; a refusal says fixed words."""
    taken = [model.__name__ for model in MODELS if look(body, model)]
    event(f"taken: {bool(taken)}")
    assert taken == [model.__name__ for model in MODELS if look(body, model)], (
        "read otherwise the second time"
    )


@settings(max_examples=200)
@given(body=st.sampled_from(BEGIN), seed=st.integers(0, 2**32), changes=st.integers(1, 4))
def test_a_request_with_some_bytes_changed_is_read_or_refused(body: Any, seed: int, changes: int) -> None:
    """Near what is right lies what a parser reads by mistake."""
    chance, changed = random.Random(seed), bytearray(json.dumps(body).encode())
    for _ in range(changes):
        at = chance.randrange(len(changed) + 1)
        changed[at : at + chance.randrange(3)] = chance.choice(
            [b"", b'"', b"{", b"]", b"\\u", b"1e999", b"\xff", b"0"]
        )
    seen = [look(bytes(changed), model) for model in MODELS]
    assert seen == [look(bytes(changed), model) for model in MODELS], "read otherwise the second time"


@given(path=st.lists(st.sampled_from(["list", "map"]), max_size=6), key=texts, data=st.data())
def test_a_key_that_stands_twice_is_refused_at_any_depth(
    path: list[str], key: str, data: st.DataObject
) -> None:
    """Two readers would see two requests."""
    name = json.dumps(key)
    inner = f"{{{name}: 1, {name}: {data.draw(st.sampled_from(['1', '2', '{}']))}}}"
    for step in path:
        inner = f"[{inner}]" if step == "list" else f'{{"x": {inner}}}'
    body = f'{{"template": "a", "parameters": {{"x": {inner}}}}}'.encode()
    assert not any(look(body, model) for model in MODELS)


BOMBS: dict[str, Callable[[], bytes]] = {
    "200,000 lists in one another": lambda: b"[" * 200_000 + b"]" * 200_000,
    "200,000 lists that are not closed": lambda: b'{"x": ' + b"[" * 200_000,
    "objects in one another": lambda: b'{"x":' * 100_000 + b"1" + b"}" * 100_000,
    "a whole number of a million digits": lambda: b'{"limit": ' + b"9" * 999_000 + b"}",
    "a fraction of a million digits": lambda: b'{"limit": 0.' + b"9" * 999_000 + b"}",
    "an exponent of a million digits": lambda: b'{"limit": 1e' + b"9" * 999_000 + b"}",
    "a third of a million empty lists": lambda: b'{"parameters": {"x": [' + b",".join([b"[]"] * 330_000) + b"]}}",
    "a hundred thousand keys": lambda: b"{" + b",".join(b'"%d":1' % n for n in range(90_000)) + b"}",
    "the same key a hundred thousand times": lambda: b"{" + b",".join([b'"x":1'] * 160_000) + b"}",
    "a text of a million escapes": lambda: b'{"text": "' + b"\\u0041" * 166_000 + b'"}',
    "half a pair, many times": lambda: b'{"text": "' + b"\\ud800" * 166_000 + b'"}',
    "a million spaces": lambda: b" " * 999_999,
    "a million quotes": lambda: b'"' * 999_999,
}  # fmt: skip


@pytest.mark.case("A37")
@pytest.mark.parametrize("bomb", BOMBS)
def test_no_body_costs_much(bomb: str) -> None:
    """The largest body that is read at all is refused within seconds, and in memory that grows with it only."""
    body = BOMBS[bomb]()
    assert len(body) <= MOST_BYTES
    model = next(model for model in MODELS if model.__name__ == "OrderReport")
    gc.collect()
    gc.freeze()  # what thousands of tests left behind is not walked through again and again while this one reads
    begun = time.process_time()
    assert not look(body, model)
    spent = time.process_time() - begun
    gc.unfreeze()
    assert spent < SECONDS
    tracemalloc.start()
    try:
        look(body, model)
        assert tracemalloc.get_traced_memory()[1] < BYTES_PER_BYTE * len(body)
    finally:
        tracemalloc.stop()
