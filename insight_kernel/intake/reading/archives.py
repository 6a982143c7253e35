"""Archives: each file in them is a part; what leads outside, points elsewhere or unfolds without end is refused."""

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from insight_kernel.intake.reading.document import Content, Document, Refused, TooMuch
from insight_kernel.intake.reading.inside import Inside

_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
           NotImplementedError, RuntimeError)  # fmt: skip
_ENCRYPTED = 0x1


def read_zip(data: bytes, inside: Inside) -> Content:
    """Read every file of a ZIP archive, in order."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return Content(
                parts=tuple(_zipped(archive, inside)), metadata={"members": len(archive.infolist())}
            )
    except _BROKEN as error:
        raise Refused(f"is no whole ZIP archive ({type(error).__name__})") from None


def _zipped(archive: zipfile.ZipFile, inside: Inside) -> Iterator[Document]:
    for member in archive.infolist():
        if member.is_dir():
            continue
        if member.flag_bits & _ENCRYPTED:
            yield refused(member.filename, "is encrypted")
        elif (member.external_attr >> 28) == 0xA:
            yield refused(member.filename, "is a link")
        else:
            with archive.open(member) as opened:
                yield _member(member.filename, opened, member.compress_size, inside)


def read_tar(data: bytes, inside: Inside) -> Content:
    """Read every file of a tar archive, packed or not, in order."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as archive:
            parts = tuple(_tarred(archive, len(data), inside))
    except _BROKEN as error:
        raise Refused(f"is no whole tar archive ({type(error).__name__})") from None
    return Content(parts=parts, metadata={"members": len(parts)})


def _tarred(archive: tarfile.TarFile, size: int, inside: Inside) -> Iterator[Document]:
    for member in archive:
        opened = archive.extractfile(member) if member.isreg() else None
        if opened is not None:
            yield _member(member.name, opened, size, inside)
        elif not member.isdir():
            yield refused(member.name, "is a link or a device")


def read_gzip(data: bytes, inside: Inside) -> Content:
    """Read the one file, or the tar archive, that was packed."""
    most = inside.budget.most(len(data))
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(data, most + 1)
    except zlib.error:
        raise Refused("is no whole gzip file") from None
    if len(unpacked) > most:
        raise TooMuch("unfolds to more than may be read")
    return Content(parts=(inside.part(inside.name.removesuffix(".gz"), unpacked),))


def _member(name: str, opened: IO[bytes], packed: int, inside: Inside) -> Document:
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        return refused(name, "its name leads outside the archive")
    most = inside.budget.most(packed)
    data = opened.read(most + 1)
    if len(data) > most:
        raise TooMuch("unfolds to more than may be read")
    return inside.part(name, data)


def refused(name: str, why: str) -> Document:
    """Return a part that was not even opened."""
    return Document(name, "unread", "", error=why)
