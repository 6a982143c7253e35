"""What a user's server does not do in the profile `governed`: take files in and hand files out.

Files come in through intake and leave by release. Notebooks are made, copied, renamed and saved where they are. This
keeps files on their way; what somebody types or reads on his screen it does not keep.
"""

from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError

CLOSED = ("files", "nbconvert", "view")
"""The services of a Jupyter server that hand out files as they are, or made into others."""

_UPLOAD = "Files come in through intake, not by upload. Make a new one here, or copy one."


class GovernedContents(AsyncLargeFileManager):
    """Saves what is there, and makes what is empty; a file that brings its content is an upload."""

    def get_extra_handlers(self) -> list[Any]:
        """Return no route by which files are sent as they are."""
        return []

    async def new(self, model: dict[str, Any] | None = None, path: str = "") -> Any:
        """Make an empty file."""
        if model and "content" in model:
            raise HTTPError(403, _UPLOAD)
        return await super().new(model, path)  # type: ignore[no-untyped-call]

    async def save(self, model: dict[str, Any], path: str = "") -> Any:
        """Save a notebook or a text where it is."""
        if "chunk" in model or model.get("format") == "base64":
            raise HTTPError(403, _UPLOAD)
        return await super().save(model, path)  # type: ignore[no-untyped-call]
