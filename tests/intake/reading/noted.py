"""The warm process, whose readers tell as a file's text what they opened, imported and listed while they read it."""

import socket
import sys
from collections.abc import Mapping
from typing import Any

from insight_kernel.intake.reading.beforehand import prepare
from insight_kernel.intake.reading.document import Content, Document
from insight_kernel.intake.reading.file import read_bytes
from insight_kernel.intake.reading.warm import serve

NOTED = frozenset({"import", "open", "os.listdir", "os.scandir", "socket.connect", "subprocess.Popen"})


def noting(task: Mapping[str, Any], data: bytes) -> Document:
    said: list[str] = []

    def note(event: str, about: tuple[Any, ...]) -> None:
        if event in NOTED:
            said.append(f"{event} {about[0]}")

    sys.addaudithook(note)
    found = read_bytes(task["name"], data, task["wanted"])
    return Document(task["name"], found.kind, "", Content("\n".join(said)))


if __name__ == "__main__":
    prepare()
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        serve(asked, noting)
