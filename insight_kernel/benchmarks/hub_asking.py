"""Many workspaces asking the gateway of a hub at once, each with a token like that of its own server."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import httpx

from insight_kernel.benchmarks.hub_processes import RunningHub
from insight_kernel.benchmarks.hub_rows import Asking, Took
from insight_kernel.benchmarks.hub_store import PURPOSE, case_name, user_name
from insight_kernel.client.asking import Asker
from insight_kernel.errors import InsightError
from insight_kernel.runtime import ASK, OPERATE, runtime_folder

QUESTION = {"schema": "Person", "limit": 100}
_SCOPES = (
    "access:servers!server={}/{}",
    "users:activity!user",
    "access:services!service=insight",
    "custom:insight:ask",
)
_HOUR = 3600


def askers(hub: RunningHub, store: Path, numbers: Sequence[int]) -> list[Asker]:
    """Open a workspace for each analyst, through the operator's socket, and return the way to ask from it."""
    return [_asker(hub, runtime_folder(store), number) for number in numbers]


def _asker(hub: RunningHub, runtime: Path, number: int) -> Asker:
    user, case = user_name(number), case_name(number)
    transport = httpx.HTTPTransport(uds=str(runtime / OPERATE), verify=False)
    with httpx.Client(transport=transport, base_url="http://operator") as operator:
        body = {"user": user, "case": case, "purpose": PURPOSE}
        operator.post("/open", json=body).raise_for_status()
    scopes = [scope.format(user, case.lower()) for scope in _SCOPES]
    answer = httpx.post(
        f"{hub.url}/hub/api/users/{user}/tokens", json={"scopes": scopes, "expires_in": _HOUR},
        headers={"Authorization": f"token {hub.token}"}, trust_env=False,
    )  # fmt: skip
    return Asker(f"unix:{runtime / ASK}", str(answer.raise_for_status().json()["token"]))


def ask_at_once(hub: RunningHub, name: str, asking: Sequence[Asker], each: int) -> Asking:
    """Let all ask the same at the same moment, so many times each, one request after the other."""
    cpu = hub.cpu()
    together, stop = Barrier(len(asking)), Event()
    started: list[float] = []

    def ask(asker: Asker) -> list[float | None]:
        together.wait()
        started.append(time.perf_counter())
        return [_timed(asker) for _ in range(each) if not stop.is_set()]

    with ThreadPoolExecutor(len(asking)) as pool:
        try:
            found = [time for times in pool.map(ask, asking) for time in times]
        finally:
            stop.set()  # whoever waits for the threads after Ctrl-C waits for one request only
    took = time.perf_counter() - min(started)
    fine = tuple(each for each in found if each is not None)
    return Asking(name, len(asking), Took(took, hub.cpu() - cpu), fine, len(found) - len(fine))


def _timed(asker: Asker) -> float | None:
    """Return the seconds of one answer; None for an error, or an answer in which nobody is."""
    started = time.perf_counter()
    try:
        table = asker.table("find", **QUESTION)
    except InsightError:
        return None
    return time.perf_counter() - started if table.num_rows else None
