"""Labels in answers are signed, so that one which was changed or comes from elsewhere is noticed.

A label is for the reader's eye and decides nothing: one that is missing, or signed with a key that is lost, counts
as none at all, and the floating label decides. Keys are files; the newest signs, and all that are there verify.
"""

import hashlib
import hmac
import json
import secrets
from datetime import date, timedelta
from pathlib import Path

from insight_kernel.files import replace_file

_PREFIX = "labels-"
_LIFETIME = timedelta(days=90)  # after which a new key signs


class Signing:
    """The keys of one store.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> old, new = Signing(folder, date(2026, 1, 1)), Signing(folder, date(2026, 6, 1))
    >>> found = old.signed('{"label": {"workspace": "a"}}')
    >>> shown = found["insight"], found["insight-key"], found["insight-signature"]
    >>> new.fault(*shown, "a"), new.fault(*shown, "b"), new.fault(shown[0] + " ", *shown[1:], "a")
    (None, 'label-of-another', 'forged-label')
    """

    def __init__(self, folder: Path, day: date) -> None:
        self._keys = {
            path.name.removeprefix(_PREFIX): path.read_bytes() for path in folder.glob(f"{_PREFIX}*")
        }
        if max(self._keys, default="") <= (day - _LIFETIME).isoformat():
            name, key = f"{day.isoformat()}-{secrets.token_hex(4)}", secrets.token_bytes(32)
            replace_file(folder / f"{_PREFIX}{name}", key)
            self._keys[name] = key

    def signed(self, text: str) -> dict[str, str]:
        """Return a label's text with its signature and the key's name, as they stand in an answer's metadata."""
        key = max(self._keys)
        return {"insight": text, "insight-key": key, "insight-signature": self._signature(key, text)}

    def fault(self, text: str, key: str, signature: str, workspace: str) -> str | None:
        """Return why a label may not be shown by a workspace: it is forged, or another's; None otherwise."""
        if key not in self._keys:
            return None
        if not hmac.compare_digest(self._signature(key, text).encode(), signature.encode()):
            return "forged-label"
        return None if json.loads(text)["label"]["workspace"] == workspace else "label-of-another"

    def _signature(self, key: str, text: str) -> str:
        return hmac.new(self._keys[key], text.encode(), hashlib.sha256).hexdigest()
