"""Templates of a store's own: two people say that a version of one may be run."""

import re
from collections.abc import Iterable

from insight_kernel.errors import BadInput, Refused
from insight_kernel.gateway.acts.kind import Act, Asked, Kind, Now, What, text

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_VERSION = re.compile(r"[0-9a-f]{64}")
_ROLES = ("reviewer", "operator", "trainer")


class TemplateKind(Kind):
    """The registration of a template beside those that come with the package. `what`: name, version (SHA-256).

    A later registration of the same name takes the place of an earlier one; ended, the template is not run any more.
    """

    name, operation = "template", "alteration"

    def checked(self, what: What, by: str, now: Now) -> Asked:
        """Return a request of a reviewer, operator or trainer for exactly one version."""
        if not _may(by, now):
            raise Refused("register a template", f"it is for a {', '.join(_ROLES)}", "Ask one of them.")
        found = {"name": text(what, "name"), "version": text(what, "version")}
        if not _NAME.fullmatch(found["name"]) or not _VERSION.fullmatch(found["version"]):
            raise BadInput(
                "register a template", "name or version is not one", "Use: insight report register NAME."
            )
        return Asked(found)

    def may_decide(self, _act: Act, user: str, now: Now) -> bool:
        """The second person has one of the same roles."""
        return _may(user, now)

    def may_end(self, _act: Act, user: str, now: Now) -> bool:
        """Whoever may register may end it."""
        return _may(user, now)


def registered(agreed: Iterable[Act]) -> dict[str, Act]:
    """Return the registration that counts of each template: the latest."""
    return {act.what["name"]: act for act in sorted(agreed, key=lambda act: act.entry)}


def versions(agreed: Iterable[Act]) -> dict[str, str]:
    """Return the version that may be run of each template registered."""
    return {name: act.what["version"] for name, act in registered(agreed).items()}


def _may(user: str, now: Now) -> bool:
    return any(now.holds(user, role) for role in _ROLES)
