"""What is not taken waits in quarantine; what goes in leaves it."""

from pathlib import Path
from typing import Any

from insight_kernel.gateway.service import Gateway
from insight_kernel.intake.profile import SourceProfile
from insight_kernel.store.quarantine import MAPPING, PROFILE, Waiting, reasons_of, waiting_id

Event = dict[str, Any]


class Refusing:
    """The way into quarantine and out of it, for one load."""

    def __init__(self, gateway: Gateway) -> None:
        self._kept, self._clock = gateway.store.quarantine, gateway.clock

    def keep(
        self, asked: Event, profile: SourceProfile, event: Event, items: bytes, *, whole: int | None
    ) -> None:
        """Let the items at fault wait, or a whole file of so many items."""
        path, reasons = Path(event["path"]), reasons_of(items)
        owner, source = profile.label.owner, profile.source
        waiting = Waiting(
            id=self._id(asked, owner, source, event),
            owner=owner, source=source, file=path.name, original=event["original"],
            when=self._clock.now().isoformat(timespec="seconds"),
            items=sum(reason["items"] for reason in reasons) if whole is None else whole,
            whole=whole is not None, reasons=reasons, expires=profile.label.expires.isoformat(),
        )  # fmt: skip
        came_under = {
            name: Path(asked[key]).read_bytes()
            for name, key in ((PROFILE, "profile"), (MAPPING, "mapping"))
            if asked[key]
        }
        self._kept.keep(waiting, items, came_under, path if waiting.whole else None)

    def settle(self, asked: Event, profile: SourceProfile, event: Event) -> None:
        """Let go what has gone in whole, under whatever it waited."""
        owner = profile.label.owner
        for file in (event["original"], event["path"]):
            self._kept.drop(owner, waiting_id(owner, profile.source, file))
        waiting: Waiting | None = asked.get("waiting")
        if waiting is not None:
            self._kept.drop(waiting.owner, waiting.id)

    def _id(self, asked: Event, owner: str, source: str, event: Event) -> str:
        if asked.get("waiting") and not event["original"]:  # its bytes are not there any more
            return str(asked["waiting"].id)
        return waiting_id(owner, source, event["original"] or event["path"])
