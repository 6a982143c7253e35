"""Turns: who is answered when many ask, and that no turn is lost with somebody who goes away."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from insight_kernel.gateway.turns import BusyError, Turns

Ask = Callable[[str], Awaitable[None]]


class Asking:
    """People who ask, and are answered when they are told to be."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.served = turns, list[str]()
        self.running: dict[asyncio.Task[None], asyncio.Event] = {}

    async def ask(self, *workspaces: str) -> list["asyncio.Task[None]"]:
        """Have questions of these workspaces come in, one after the other."""
        tasks = []
        for workspace in workspaces:
            end = asyncio.Event()
            tasks.append(task := asyncio.ensure_future(self._one(workspace, end)))
            self.running[task] = end
        await settled()
        return tasks

    async def _one(self, workspace: str, end: asyncio.Event) -> None:
        async with self.turns.turn(workspace):
            self.served.append(workspace)
            await end.wait()

    async def end(self, *tasks: "asyncio.Task[None]") -> None:
        """Let these be answered to the end."""
        for task in tasks:
            self.running.pop(task).set()
        await settled()


async def settled() -> None:
    """Let everything happen that waits for nothing else."""
    for _ in range(5):
        await asyncio.sleep(0)


def run(scene: Callable[[Asking], Awaitable[None]], **turns: int) -> list[str]:
    """Play a scene; return whose questions were begun, in order."""

    async def played() -> list[str]:
        asking = Asking(Turns(**turns))
        await scene(asking)
        while asking.running:
            await asking.end(*asking.running)
        return asking.served

    return asyncio.run(asyncio.wait_for(played(), 10))


@pytest.mark.case("F24")
def test_one_workspace_never_has_all_turns() -> None:
    """Two of its questions are answered at once; who else comes is answered beside them, though more of its wait."""

    async def scene(asking: Asking) -> None:
        await asking.ask("a", "a", "a", "a")
        assert asking.served == ["a", "a"]
        await asking.ask("b", "c", "d")
        assert asking.served == ["a", "a", "b", "c"]

    assert run(scene, at_once=4, together=2) == ["a", "a", "b", "c", "a", "d", "a"]


@pytest.mark.case("F24")
def test_workspaces_take_turns() -> None:
    """The one that has waited longest is first, and then goes to the end."""

    async def scene(asking: Asking) -> None:
        first = await asking.ask("a")
        await asking.ask("a", "a", "a", "b", "c")
        await asking.end(*first)

    assert run(scene, at_once=1, together=1) == ["a", "a", "b", "c", "a", "a"]


@pytest.mark.parametrize("gone", [(0,), (1,), (0, 1), (0, 1, 2)], ids=str)
def test_no_turn_is_lost_with_who_goes_away(gone: tuple[int, ...]) -> None:
    """Somebody who waits no more is passed over, and whoever is behind him is called."""

    async def scene(asking: Asking) -> None:
        [first] = await asking.ask("a")
        waiting = await asking.ask("a", "a", "a")
        for number in gone:
            waiting[number].cancel()
            asking.running.pop(waiting[number])
        await asking.end(first)

    assert run(scene, at_once=1, together=1) == ["a"] * (4 - len(gone))


def test_who_goes_away_as_he_is_called_gives_his_turn_back() -> None:
    """Between the call and his first step."""

    async def scene(asking: Asking) -> None:
        [first] = await asking.ask("a")
        waiting = await asking.ask("b", "c")
        asking.running.pop(first).set()
        await asyncio.sleep(0)
        waiting[0].cancel()
        asking.running.pop(waiting[0])
        await settled()

    assert run(scene, at_once=1, together=1) == ["a", "c"]


def test_a_line_that_is_full_says_when_to_come_again() -> None:
    """Of one workspace, and altogether."""

    async def scene(asking: Asking) -> None:
        await asking.ask("a", "a", "a", "b", "b")
        for workspace in ("a", "b", "c"):
            [refused] = await asking.ask(workspace)
            asking.running.pop(refused)
            assert isinstance(refused.exception(), BusyError)

    assert sorted(run(scene, at_once=1, together=1, waiting=4, each=2)) == ["a", "a", "a", "b", "b"]
