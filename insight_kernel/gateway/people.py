"""The organisation file in force: read again when it changes; a faulty new one leaves the old one in force."""

from pathlib import Path
from threading import Lock

from insight_kernel.errors import BadInput
from insight_kernel.model.organisation import Organisation, load_organisation


class People:
    """The latest readable organisation file and the version it is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = self._mark()
        self._people, self._version = load_organisation(path), 1
        self._fault: str | None = None
        self._lock = Lock()

    def current(self) -> tuple[Organisation, int]:
        """Return the file in force and its version, a number that grows with each accepted change."""
        with self._lock:
            stamp = self._mark()
            if stamp != self._stamp:
                self._stamp = stamp
                self._read()
            return self._people, self._version

    def faults(self) -> list[str]:
        """Return what is wrong with the latest file, when an older one is still in force."""
        self.current()
        return [self._fault] if self._fault else []

    def _mark(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_size

    def _read(self) -> None:
        try:
            self._people = load_organisation(self._path)
            self._version += 1
            self._fault = None
        except BadInput as error:
            self._fault = str(error)  # the old one stays
