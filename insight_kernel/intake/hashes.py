"""Hashes of pictures as entities: beside the picture, or in its place where no picture may be kept."""

import json
from collections.abc import Iterator
from pathlib import Path

from insight_kernel.intake.items import Entity, Item, Items, whole_file
from insight_kernel.intake.reading.apart import read
from insight_kernel.intake.reading.document import Document
from insight_kernel.intake.reading.pictures import PICTURES


def image_hashes(document: Document, name: str, *, image: str | None = None) -> Iterator[Entity]:
    """Yield the hashes of a picture as entities named after `name`; of what is no picture, none.

    Examples
    --------
    >>> from insight_kernel.intake.reading.document import Content
    >>> found = image_hashes(Document("a.png", "png", "aa", Content(metadata={"pdq": "bb"})), "1", image="1")
    >>> [(each.id, each.properties["hash"], each.properties["algorithm"]) for each in found]
    [('1/hash/PDQ', ['bb'], ['PDQ']), ('1/hash/SHA-256', ['aa'], ['SHA-256'])]
    """
    if document.kind in PICTURES and document.ok:
        of = {} if image is None else {"image": [image]}
        for algorithm, value in (("PDQ", document.content.metadata.get("pdq")), ("SHA-256", document.sha256)):
            if value:
                yield Entity(
                    f"{name}/hash/{algorithm}", "ImageHash", {"hash": [value], "algorithm": [algorithm], **of}
                )


def read_hashes(path: Path) -> Items:
    """Yield the hashes of a picture as one item that holds nothing else of it, its name included."""
    found = read(path)
    hashes = tuple(image_hashes(found, found.sha256))
    if found.error is not None or not hashes:
        yield whole_file(found.error or "is no picture")
    else:
        yield Item("file", json.dumps([each.properties for each in hashes]).encode(), hashes)
