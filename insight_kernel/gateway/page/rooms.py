"""Rooms on the page: their user lets members in and out, and members get to them and leave."""

from insight_kernel.errors import InsightError
from insight_kernel.gateway.membership import admit, check, own_workspace, room_of
from insight_kernel.gateway.page.acting import Acting, Plan
from insight_kernel.gateway.page.forms import Form
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.proposals import Done, Said
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.page.views import Views
from insight_kernel.gateway.refusals import status_of
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.workspaces import Opened

_ENDS = "Its server ends now, for everybody: what is not saved is lost. Who stays opens it again."


class RoomPages:
    """The forms about members of one service."""

    def __init__(self, gateway: Gateway, renderer: Renderer, acting: Acting, views: Views) -> None:
        self._gateway, self._renderer, self._acting = gateway, renderer, acting
        self._views = views

    def add(self, visit: Visit, form: Form, server: str) -> Said:
        """Propose to let somebody in to one's own workspace."""
        user = form.get("member", "").strip()

        def again(error: InsightError) -> Said:
            return self._views.workspace(visit, server, form, str(error)), status_of(error)

        opened = own_workspace(self._gateway, visit.user, server)
        try:
            check(self._gateway, opened, user)
        except InsightError as error:
            return again(error)
        lines = [
            f"{self._person(user)} becomes a member of the workspace {opened.case}, {opened.purpose}.",
            "Its notebooks and files are open to each of its members, also what they hold already.",
            "From now on it is shown only what every one of its members may see.",
        ]
        plan = Plan(
            f"Let {user} in", lines, "It takes effect at once.", "Let him in", f"workspaces/{server}", danger=True
        )  # fmt: skip
        return self._acting.offer(
            visit, plan, lambda: Done(admit(self._gateway, opened, user), plan.back), again
        )

    def remove(self, visit: Visit, form: Form, server: str) -> Said:
        """Propose to put a member of one's own workspace out."""
        opened, user = own_workspace(self._gateway, visit.user, server), form.get("member", "")
        room_of(self._gateway, user, visit.user, server)
        lines = [f"{self._person(user)} is no longer a member of {opened.case}, {opened.purpose}.", _ENDS]
        plan = Plan(
            f"Put {user} out", lines, "It takes effect at once.", "Put him out", f"workspaces/{server}", danger=True
        )  # fmt: skip
        return self._offer_leave(visit, plan, opened, user)

    def leave(self, visit: Visit, form: Form) -> Said:
        """Propose that a member leaves a room."""
        opened = self.find(visit, form)
        lines = [
            f"You are no longer a member of {opened.user}'s workspace {opened.case}, {opened.purpose}.",
            _ENDS,
        ]
        plan = Plan("Leave the room", lines, "It takes effect at once.", "Leave it", "", danger=True)
        return self._offer_leave(visit, plan, opened, visit.user)

    def starting(self, visit: Visit, opened: Opened) -> str:
        """Return the page that somebody sees while the server starts."""
        return self._renderer.page("starting.html", visit, "", opened=opened)

    def _offer_leave(self, visit: Visit, plan: Plan, opened: Opened, user: str) -> Said:
        def do() -> Done:
            return Done(self._gateway.rooms.leave(opened, user, by=visit.user), plan.back)

        return self._acting.offer(visit, plan, do, lambda error: self._renderer.failed(error, visit))

    def find(self, visit: Visit, form: Form) -> Opened:
        """Return the workspace that a form names: one's own, or a room in which one is a member."""
        if form.get("owner") == visit.user:
            return own_workspace(self._gateway, visit.user, form.get("server", ""))
        return room_of(self._gateway, visit.user, form.get("owner", ""), form.get("server", ""))

    def _person(self, user: str) -> str:
        entry = self._gateway.organisation().users.get(user)
        return f"{entry.name}, {entry.organisation}," if entry else user
