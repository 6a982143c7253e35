"""In the sandbox, beside a user's server: `python -m insight_kernel.sandbox.inside COMMAND...`.

The server asks the hub, and is asked by the hub's proxy, over TCP; within the sandbox that reaches these two relays.
"""

import asyncio
import sys

from insight_kernel.sandbox.relay import HOST, HUB, SERVER, forward, hub_port, server_port


async def main(command: list[str]) -> int:
    """Run the command between its relays, and end with it."""
    relays = await forward((HOST, hub_port()), HUB), await forward(SERVER, (HOST, server_port()))
    process = await asyncio.create_subprocess_exec(*command)
    code = await process.wait()
    for relay in relays:
        relay.close()
    return code


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
