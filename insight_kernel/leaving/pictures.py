"""Pictures that leave: a PNG may hold its picture and nothing beside it - no text, no place, no time."""

import base64
import binascii
import struct

_SIGNATURE, _END = b"\x89PNG\r\n\x1a\n", b"IEND"
_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", _END, b"sRGB", b"gAMA", b"cHRM", b"sBIT", b"pHYs"})
Chunk = tuple[bytes, bytes]  # its name and all its bytes


def png_fault(encoded: str) -> str | None:
    """Return what is wrong with a PNG in base 64, or None.

    Examples
    --------
    >>> import io, matplotlib.figure
    >>> made = io.BytesIO()
    >>> matplotlib.figure.Figure(figsize=(1, 1)).savefig(made, metadata={"Author": "ana"})
    >>> picture = base64.b64encode(made.getvalue()).decode()
    >>> png_fault(picture), png_fault(plain_png(picture))
    ('a picture with tEXt data', None)
    """
    chunks = _chunks(encoded)
    if not chunks:
        return "a picture that is no PNG"
    extra = [name.decode("latin-1") for name, _ in chunks if name and name not in _NEEDED]
    if extra:
        return f"a picture with {extra[0]} data"
    return None if chunks[-1][0] == _END else "a picture that does not end where it should"


def plain_png(encoded: str) -> str:
    """Return a PNG without all that is not its picture; what is no PNG is returned as it is."""
    kept = [part for name, part in _chunks(encoded) if name in _NEEDED]
    return base64.b64encode(b"".join([_SIGNATURE, *kept])).decode() if kept else encoded


def _chunks(encoded: str) -> list[Chunk]:
    """Return a PNG's chunks, none when it is no PNG; a last one without name is what follows its end."""
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return []
    found: list[Chunk] = []
    at = len(_SIGNATURE) if data.startswith(_SIGNATURE) else len(data)
    while at + 12 <= len(data) and not (found and found[-1][0] == _END):
        length, name = struct.unpack_from(">I4s", data, at)
        found.append((name, data[at : at + 12 + length]))
        at += 12 + length
    return found if at == len(data) else [*found, (b"", data[at:])]
