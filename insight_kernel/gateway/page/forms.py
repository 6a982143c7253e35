"""Forms as browsers send them: read within limits, and told from those that another site sent."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from starlette.exceptions import HTTPException

from insight_kernel.gateway.arriving import body_of
from insight_kernel.gateway.workspaces import Necessity, read_necessity

_MOST_BYTES, _MOST_FIELDS = 64_000, 60
Form = Mapping[str, str]
"""Fields as they were typed; a box that is not ticked is absent."""


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form; each may stand once."""
    body = await body_of(request, _MOST_BYTES)
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise HTTPException(422) from None
    if len(dict(pairs)) != len(pairs):
        raise HTTPException(422)
    return dict(pairs)


def is_ours(request: Request) -> bool:
    """Tell whether a form was sent from this origin, as far as the browser says where from."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    same = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    plain = request.headers.get("content-type", "").partition(";")[0] == "application/x-www-form-urlencoded"
    return plain and same and site in (None, "same-origin")


def is_tls(request: Request) -> bool:
    """Tell whether the browser spoke to the proxy in front over TLS."""
    return request.headers.get("x-forwarded-proto", request.url.scheme).partition(",")[0] == "https"


def necessity(form: Form) -> Necessity | None:
    """Return the necessity a form states, if it states one."""
    return read_necessity(form.get("necessity", "").strip() or None, form.get("until") or None)


def words(typed: str | None) -> list[str]:
    """Return codes or ids typed with spaces, commas or line ends between them, each once, sorted.

    Examples
    --------
    >>> words("MA, FR  DE")
    ['DE', 'FR', 'MA']
    """
    return sorted({word for word in re.split(r"[\s,;]+", typed or "") if word})


def ticked(form: Form, group: str, known: Iterable[str]) -> list[str]:
    """Return which of the known words have their box in a group ticked.

    Examples
    --------
    >>> ticked({"purpose-warn": "on"}, "purpose", ("network", "warn"))
    ['warn']
    """
    return [word for word in known if f"{group}-{word}" in form]
