"""From a really spawned server's kernel, in its sandbox: what is tried there fails, each by what stands in its way."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from insight_kernel.runtime import runtime_folder
from insight_kernel.sandbox.recipe import GIB, Limits
from tests.governed import ACCOUNT, GovernedHub, Kernel, needs_sandbox
from tests.sandbox.conftest import ANA, BEN

pytestmark = needs_sandbox()


def tried(kernel: Kernel, code: str) -> str:
    """Run a cell; return what it printed, or the name of its error."""
    done = kernel.run(code)
    return done.error.partition(":")[0] if done.error else done.text.strip()


@pytest.fixture(scope="module")
def paths(governed: GovernedHub) -> dict[str, Path]:
    """What lies on the host: it is there, and no account of a workspace gets to it."""
    store, folder = governed.running.store, governed.running.log.parent
    found = {
        "own home, by its name outside": folder / "homes" / ANA[0] / ANA[1] / "1",
        "another's home": folder / "homes" / BEN[0] / BEN[1] / "1",
        "the hub's database": folder / "jupyterhub.sqlite",
        "the hub's secret": folder / "cookie_secret",
        "the store": store / "store.json",
        "the statements": store / "statements.duckdb",
        "the log": store / "audit" / "log.jsonl",
        "the operator's socket": runtime_folder(store) / "operate.sock",
        "the warden's socket": runtime_folder(store) / "warden.sock",
        "another's link": folder / "links" / BEN[0].removeprefix("w"),
        "passwords of the machine": Path("/etc/shadow"),
    }
    assert all(path.exists() for path in found.values())
    return found


@pytest.mark.case("A60")
def test_what_lies_outside_is_not_there(ana: Kernel, paths: dict[str, Path]) -> None:
    """Neither other homes, nor the hub's and the gateway's files: not forbidden, but absent."""
    looked = {name: str(path) for name, path in paths.items()}
    code = f"import os\nprint([name for name, path in {looked!r}.items() if os.path.lexists(path)])"
    assert tried(ana, code) == "[]"


@pytest.mark.case("A60")
def test_every_process_that_is_seen_is_of_the_workspace(ana: Kernel, ben: Kernel) -> None:
    """Tokens stand in environments: those of others cannot be found, nor can that others run at all."""
    assert tried(ben, "import os; os.environ['MARK'] = 'of-ben'; print(os.getuid())") == "60001"
    seen = """
import pathlib
pids = [p for p in pathlib.Path("/proc").iterdir() if p.name.isdecimal()]
owners = {p.stat().st_uid for p in pids}
tokens = {line for p in pids for line in (p / "environ").read_bytes().split(b"\\0") if b"API_TOKEN" in line}
print(owners, len(tokens) <= 2, len(pids) < 12)
"""
    assert tried(ana, seen) == "{60000} True True"


@pytest.fixture
def listening() -> Iterator[dict[str, object]]:
    """Sockets of the host that anybody there may reach."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0insight-abstract")
        abstract.listen()
        yield {"loopback": tcp.getsockname()[1], "abstract": "insight-abstract"}


@pytest.mark.case("A61")
def test_no_network_is_reached(ana: Kernel, governed: GovernedHub, listening: dict[str, object]) -> None:
    """Nothing of the host, of the machine's provider or of the world; the proxy and the page neither."""
    ports = [listening["loopback"], governed.port, *_listening_ports(governed)]
    targets = [("127.0.0.1", port) for port in ports] + [
        ("169.254.169.254", 80),
        ("192.0.2.1", 443),
        ("10.0.0.1", 53),
    ]
    code = f"""
import os, socket, urllib.parse
own = urllib.parse.urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"]).port  # this server, here within
def reached(family, at):
    with socket.socket(family) as line:
        line.settimeout(2)
        return line.connect_ex(at) == 0
found = [at for at in {targets!r} if at[1] != own and reached(socket.AF_INET, at)]
found += [name for name in ["\\0{listening["abstract"]}"] if reached(socket.AF_UNIX, name)]
print(found, socket.if_nameindex())
"""
    assert tried(ana, code) == "[] [(1, 'lo')]"


@pytest.mark.case("A61")
def test_of_the_hub_its_api_alone_is_reached(ana: Kernel) -> None:
    """Who may do what there is the hub's affair; its pages, where people log in, are not for servers."""
    code = """
import os, urllib.error, urllib.request
api = os.environ["JUPYTERHUB_API_URL"]
def asked(path):
    try:
        return urllib.request.urlopen(api + path, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code
print([asked(path) for path in ("", "/../login", "/user", "/../../hub/home")])
"""
    assert tried(ana, code) == "[200, 403, 403, 403]"


@pytest.mark.case("A61")
def test_no_name_is_looked_up(ana: Kernel) -> None:
    """Names are a way out as well."""
    assert tried(ana, "import socket; socket.getaddrinfo('example.org', 80)") == "gaierror"


@pytest.mark.case("A60")
@pytest.mark.case("A62")
@pytest.mark.parametrize(
    "command",
    ["unshare -Ur true", "unshare -n true", "mount -t tmpfs none /tmp", "mount --bind /tmp /usr", "chroot / true",
     "su -c id", "mknod /tmp/disk b 254 0", "umount /home/analyst", "nsenter -t 1 -m true", "touch /usr/bin/x",
     "touch /run/insight/x", "touch /x"],
)  # fmt: skip
def test_no_program_widens_the_sandbox(ana: Kernel, command: str) -> None:
    """Namespaces, mounts, devices, programs that change the account, and what is read-only."""
    code = f"import subprocess; print(subprocess.run({command!r}, shell=True, capture_output=True).returncode != 0)"
    assert tried(ana, code) == "True"


@pytest.mark.case("A62")
def test_no_privilege_is_held_or_gained(ana: Kernel) -> None:
    """No capability, no new privileges, and nobody else's process may be looked into."""
    code = """
import os
said = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
print(said["CapEff"], said["CapBnd"], said["NoNewPrivs"], os.getuid() == os.geteuid() != 0)
"""
    assert tried(ana, code) == "0000000000000000 0000000000000000 1 True"


@pytest.mark.case("A63")
def test_limits_hold_where_there_are_no_control_groups(ana: Kernel) -> None:
    """Memory of one process, and how many there may be: beside the groups of the machine, which it may lack."""
    most = Limits().processes
    code = """
import resource
print(*(resource.getrlimit(limit) for limit in (resource.RLIMIT_AS, resource.RLIMIT_NPROC)))
"""
    assert tried(ana, code) == f"{(2 * GIB, 2 * GIB)} {(most, most)}"


@pytest.mark.case("A64")
def test_a_patched_library_is_shown_no_more(ana: Kernel, ben: Kernel) -> None:
    """Whatever code makes of itself, the gateway shows Paris what Paris may see, and Rabat what Rabat may."""
    patched = """
import insight_kernel as insight, insight_kernel.client.asking as asking, json
from insight_kernel.model import label
ws = insight.open(quiet=True)
asking.Asker.claims = {"X-Forwarded-User": "officer"}
label.Label.owner = "MA"
print(sorted(ws.find("Person").caption), ws.can_release(to=["JP"]).granted)
"""
    assert tried(ana, patched) == "['Ada Shared', 'Bo Paris'] False"
    plain = "import insight_kernel as i; print(sorted(i.open(quiet=True).find('Person').caption))"
    assert tried(ben, plain) == "['Ada Shared', 'Cy Rabat']"


@pytest.mark.case("A75")
@pytest.mark.case("A8")
def test_a_token_carried_over_is_good_for_nothing(ana: Kernel, ben: Kernel) -> None:
    """The account at the socket must be that of the token's workspace."""
    token = tried(ben, "import os; print(os.environ['JUPYTERHUB_API_TOKEN'])")
    ask = """
import httpx
line = httpx.Client(transport=httpx.HTTPTransport(uds="/run/insight/ask.sock"), base_url="http://gateway")
print(line.post("/v1/find", json={{"schema": "Person"}}, headers={{"Authorization": "Bearer {token}"}}).status_code)
"""
    assert tried(ben, ask.format(token=token)) == "200"
    assert tried(ana, ask.format(token=token)) == "401"
    assert ACCOUNT not in {60000, 60001}


def _listening_ports(governed: GovernedHub) -> list[int]:
    """Return the ports at which anything of this hub listens, but for the hub's own, which servers must reach."""
    ports = {
        line.laddr.port for process in governed.running.family() for line in process.net_connections("tcp")
        if line.status == psutil.CONN_LISTEN
    }  # fmt: skip
    environment = json.loads(
        next(p for p in governed.running.family() if "INSIGHT_HUB" in p.environ()).environ()["INSIGHT_HUB"]
    )
    return sorted(ports - {environment["hub_port"]})
