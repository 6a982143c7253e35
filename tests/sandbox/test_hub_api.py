"""The way from a sandbox to the hub: its API, one well-formed request at a time, and no other page."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from insight_kernel.sandbox.hub_api import forward_api

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HEAD = b" HTTP/1.1\r\nHost: hub\r\n"
BODY = b'Content-Length: 7\r\n\r\n{"a":1}'


async def handed_on(folder: Path, sent: bytes) -> tuple[bytes, bytes]:
    """Send bytes as a sandbox would; return what a hub was asked, and what came back."""
    asked = bytearray()

    async def hub(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.extend(await reader.readuntil(b"\r\n\r\n"))
        if b"content-length: 7" in asked.lower():
            asked.extend(await reader.readexactly(7))
        writer.write(ANSWER)
        writer.close()
        with contextlib.suppress(OSError):  # who asked may be gone by now
            asked.extend(await reader.read())

    to, at = str(folder / "hub.sock"), str(folder / "way.sock")
    async with await asyncio.start_unix_server(hub, to), await forward_api(at, to, "/hub/api"):
        reader, writer = await asyncio.open_unix_connection(at)
        writer.write(sent)
        if not sent.endswith(b"}"):
            writer.write_eof()
        came = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        await asyncio.wait_for(asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}), 10)
    return bytes(asked), came


@pytest.mark.case("A61")
@pytest.mark.parametrize("target", [b"/hub/api", b"/hub/api/user", b"/hub/api/users/ana/activity?x=1"])
def test_the_api_is_reached(tmp_path: Path, target: bytes) -> None:
    """A request arrives as it was sent, with its body, and is the last one of its connection."""
    asked, came = asyncio.run(handed_on(tmp_path, b"POST " + target + HEAD + BODY))
    assert asked.startswith(b"POST " + target + b" HTTP/1.1\r\n")
    assert asked.endswith(b'\r\n\r\n{"a":1}')
    assert b"connection: close" in asked.lower()
    assert came == ANSWER


@pytest.mark.case("A61")
@pytest.mark.parametrize(
    "target",
    [b"/hub/login", b"/hub/home", b"/", b"/hub/apiary", b"/hub/api/../login", b"/hub/api/%2E%2e/login", b"/hub/%61pi",
     b"//hub/api/user", b"http://hub/hub/api/user", b"*"],
)  # fmt: skip
def test_nothing_else_of_the_hub_is_reached(tmp_path: Path, target: bytes) -> None:
    """The hub is not even connected to."""
    asked, came = asyncio.run(handed_on(tmp_path, b"GET " + target + HEAD + b"\r\n"))
    assert asked == b""
    assert came.startswith(b"HTTP/1.1 403 ")


@pytest.mark.case("A61")
@pytest.mark.parametrize(
    "more",
    [b"\r\nGET /hub/login HTTP/1.1\r\nHost: hub\r\n\r\n",
     b"Content-Length: 0\r\n\r\nGET /hub/login HTTP/1.1\r\nHost: hub\r\n\r\n"],
    ids=["behind it", "behind its body"],
)  # fmt: skip
def test_a_second_request_is_not_heard(tmp_path: Path, more: bytes) -> None:
    """What stands behind a request that may pass does not pass with it."""
    asked, _ = asyncio.run(handed_on(tmp_path, b"GET /hub/api/user" + HEAD + more))
    assert b"login" not in asked


@pytest.mark.case("A61")
@pytest.mark.parametrize(
    "sent",
    [b"GET /hub/api\r\n\r\n", b"\x16\x03\x01" * 9, b"GET /hub/api HTTP/1.1\r\n\r\n",
     b"GET /hub/api" + HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
     b"GET /hub/api" + HEAD + b"Content-Length : 1\r\n\r\n", b"GET /hub/api" + HEAD + b"X: " + b"x" * 99_999],
    ids=["no version", "no HTTP", "no host", "two lengths", "a space in a name", "a head without end"],
)  # fmt: skip
def test_what_is_no_request_is_dropped(tmp_path: Path, sent: bytes) -> None:
    """Two readings of the same bytes are where requests hide."""
    assert asyncio.run(handed_on(tmp_path, sent)) == (b"", b"")
