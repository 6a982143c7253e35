"""What readers import only when a file needs it, imported beforehand: a confined process opens no file."""

import encodings
import importlib
import pkgutil

_LATE = (
    "bz2", "dateutil.parser", "decimal", "fractions", "gzip", "lzma", "mmap", "email.feedparser", "email.generator",
    "email.parser", "PIL.ImageChops", "PIL.ImageColor", "PIL.ImageOps", "PIL.ImagePalette", "PIL.ImageSequence",
    "PIL.BmpImagePlugin", "PIL.GifImagePlugin", "PIL.JpegImagePlugin", "PIL.MpoImagePlugin", "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin", "PIL.TiffImagePlugin", "PIL.WebPImagePlugin",
)  # fmt: skip
_ELSEWHERE = frozenset({"mbcs", "oem"})  # encodings of another system


def import_all() -> None:
    """Import them, every encoding among them."""
    for module in pkgutil.iter_modules(encodings.__path__, "encodings."):
        if module.name.removeprefix("encodings.") not in _ELSEWHERE:
            importlib.import_module(module.name)
    for name in _LATE:
        importlib.import_module(name)
