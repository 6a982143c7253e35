"""What JupyterHub reads: it only hands over what the functions beside it compute."""

import os
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hub_config.governed import faults, govern, misplaced
from hub_config.processes import (
    WARNING,
    report_service,
    server_command,
    server_environment,
    service,
    watch_services_closely,
)
from hub_config.roles import CUSTOM_SCOPES, SERVER_TOKEN, groups, roles
from hub_config.settings import read_password, read_settings
from hub_config.spawning import PAGE, before_spawn
from insight_kernel.audit.witnesses import witness_faults
from insight_kernel.errors import InsightError
from insight_kernel.model.organisation import load_organisation
from insight_kernel.sandbox.machine import lacks

try:
    settings = read_settings(os.environ)
    people = load_organisation(settings.store / "organisation.yml")
except InsightError as error:
    sys.stderr.write(f"insight: {error}\n")
    sys.exit(1)
today = datetime.now(UTC).date()

watch_services_closely()

c = get_config()  # type: ignore[name-defined]  # noqa: F821
c.JupyterHub.bind_url = f"http://127.0.0.1:{settings.port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings.hub_port}"
c.JupyterHub.db_url = f"sqlite:///{settings.folder / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(settings.folder / "cookie_secret")
c.JupyterHub.default_url = PAGE
c.JupyterHub.allow_named_servers = True
c.JupyterHub.custom_scopes = CUSTOM_SCOPES
c.JupyterHub.load_groups = groups(people, today)
c.JupyterHub.load_roles = roles(people, today)
c.JupyterHub.services = [service(settings), report_service(settings)]

c.ConfigurableHTTPProxy.command = settings.proxy
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.proxy_api_port}"
c.ConfigurableHTTPProxy.pid_file = str(settings.folder / "proxy.pid")

c.Authenticator.allowed_users = set(people.users)
c.Authenticator.allow_existing_users = False  # else whoever was in the file once stays allowed

c.Spawner.cmd = server_command()
c.Spawner.environment = server_environment(settings)
c.Spawner.server_token_scopes = SERVER_TOKEN
c.Spawner.pre_spawn_hook = partial(before_spawn, settings)
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 120  # seconds; a first start on a cold disk is slow

if settings.governed is None:
    sys.stderr.write(WARNING)
    c.JupyterHub.authenticator_class = "shared-password"
    c.SharedPasswordAuthenticator.user_password = read_password(settings.folder)
    c.JupyterHub.spawner_class = "simple"
    c.Spawner.args = ["--allow-root"] if os.getuid() == 0 else []
else:
    govern(c, settings, settings.governed)
    load_subconfig(str(settings.governed.login))  # type: ignore[name-defined]  # noqa: F821
    machine = [str(lack) for lack in lacks() if lack.needed]
    placed = misplaced(settings, settings.governed)
    wrong = [*faults(c), *machine, *placed, *witness_faults(settings.store)]
    if wrong:
        sys.stderr.writelines(f"insight: the profile governed refuses to start: {fault}\n" for fault in wrong)
        sys.exit(1)
