"""Beside the sandbox of a user's server, as its account: `python -m insight_kernel.sandbox.outside LIMITS COMMAND...`.

It runs the command in the sandbox, and is the other end of its two relays: it reaches the hub, and is what the hub's
proxy reaches. Whoever ends it ends everything in the sandbox.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from insight_kernel.sandbox.hub_api import forward_api
from insight_kernel.sandbox.recipe import DOOR, HOME, LINK, Limits, Sandbox, account_files
from insight_kernel.sandbox.relay import HOST, HUB, SERVER, forward, hub_path, hub_port, server_port


async def main(limits: Limits, command: list[str]) -> int:
    """Run the command in a sandbox until it ends."""
    sandbox = Sandbox(os.getuid(), Path(HOME), Path(DOOR), Path(LINK), limits)
    within = [sys.executable, "-sP", "-m", "insight_kernel.sandbox.inside", *command]
    asking = await forward_api(HUB, (HOST, hub_port()), hub_path())
    relays = asking, await forward((HOST, server_port()), SERVER)
    with account_files(sandbox.uid) as files:
        process = await asyncio.create_subprocess_exec(*sandbox.inner(within, *files), pass_fds=files)
    code = await process.wait()
    for relay in relays:
        relay.close()
    return code


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Limits(**json.loads(sys.argv[1])), sys.argv[2:])))
