"""What readers would do at the first file of a kind, done beforehand: a confined process imports and opens nothing."""

import encodings
import importlib
import pkgutil

from insight_kernel.intake.reading.file import read_bytes

_LATE = (
    "bz2", "dateutil.parser", "decimal", "fractions", "gzip", "lzma", "mmap", "email.feedparser", "email.generator",
    "email.parser", "PIL.ImageChops", "PIL.ImageColor", "PIL.ImageOps", "PIL.ImagePalette", "PIL.ImageSequence",
    "PIL.BmpImagePlugin", "PIL.GifImagePlugin", "PIL.JpegImagePlugin", "PIL.MpoImagePlugin", "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin", "PIL.TiffImagePlugin", "PIL.WebPImagePlugin",
)  # fmt: skip
_ELSEWHERE = frozenset({"mbcs", "oem"})  # encodings of another system
_SAMPLES = {
    "a.eml": b"From: A <a@b.c>\nTo: b@b.c\nSubject: =?utf-8?q?a?=\nDate: Mon, 2 Jan 2023 10:00:00 +0100\n"
             b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nText\n--b\n'
             b"Content-Type: text/html\n\n<p>Text\n--b--\n",
    "a.html": b"<html><title>A</title><p>One<table><td>b</table>", "a.json": b'{"a": [1]}', "a.csv": b"a,b\n1,2\n",
    "a.xml": b"<?xml version='1.0'?><a b='c'>d</a>", "a.txt": "Ж".encode("cp1251"),
    "a.vcf": b"BEGIN:VCARD\nVERSION:3.0\nN:A;B\nFN:A B\nEND:VCARD\n",
}  # fmt: skip


def prepare() -> None:
    """Import them, every encoding among them, and read a file of each kind whose reader starts no thread.

    What is computed once is then computed for all: threads alone would not live on in a process that is forked.
    """
    for module in pkgutil.iter_modules(encodings.__path__, "encodings."):
        if module.name.removeprefix("encodings.") not in _ELSEWHERE:
            importlib.import_module(module.name)
    for name in _LATE:
        importlib.import_module(name)
    for name, data in _SAMPLES.items():
        read_bytes(name, data)
