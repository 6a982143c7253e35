"""The shipped configuration of the hub, and a service that may do what tests need; `tests.servers.hub` names it."""

import os

from insight_kernel.shipped import shipped

c = get_config()  # noqa: F821
load_subconfig(str(shipped("hub_config") / "jupyterhub_config.py"))  # noqa: F821

c.JupyterHub.services.append({"name": "test", "api_token": os.environ["INSIGHT_TEST_TOKEN"]})
c.JupyterHub.load_roles.append(
    {
        "name": "test",
        "services": ["test"],
        "scopes": [
            "admin:users",
            "admin:servers",
            "access:servers",
            "tokens",
            "admin:groups",
            "shares",
            "read:hub",
        ],
    }
)
