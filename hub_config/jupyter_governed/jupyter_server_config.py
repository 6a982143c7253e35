"""Settings of servers in the profile `governed`, besides those beside it: no upload, no download."""

from jupyter_server.serverapp import ServerApp

from insight_kernel.sandbox.contents import CLOSED, GovernedContents

c = get_config()  # type: ignore[name-defined]  # noqa: F821

c.ServerApp.contents_manager_class = GovernedContents
# not a setting of the server's: the services that are there
kept = tuple(name for name in ServerApp.default_services if name not in CLOSED)
ServerApp.default_services = kept  # type: ignore[assignment]  # it is annotated with how many there are
