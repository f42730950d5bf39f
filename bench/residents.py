"""500 residents open the price page within a minute: on the light page, and on the screen.

``python -m bench.residents`` starts the demo shop as a process of its own, sends the visitors
evenly over the minute (``--visitors``, ``--seconds``) and says how long each waited: the light page
until its last byte, the Streamlit page from opening the socket until its first run is finished.
Beside them stands an empty visit (``/healthz``), so that the figures can be read as ratios.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.serving import running

LONGEST_WAIT = 60


async def light(address: str, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{address}/p/prices", headers={"accept-language": "zh-CN"})
    assert answer.status_code == 200
    assert answer.text.rstrip().endswith("</html>")


async def nothing(address: str, client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{address}/healthz")).status_code == 200


async def screen(address: str, _client: httpx.AsyncClient) -> None:
    """Open the socket as the browser does, ask for the page, wait until its run is finished."""
    socket = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    async with websockets.connect(socket, subprotocols=["streamlit"], max_size=2**25) as stream:
        asked = BackMsg()
        asked.rerun_script.page_name = "prices"
        asked.rerun_script.context_info.url = f"{address}/prices"
        asked.rerun_script.context_info.locale = "zh-CN"
        asked.rerun_script.context_info.timezone = "Asia/Shanghai"
        await stream.send(asked.SerializeToString())
        drawn = 0
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(stream.recv(), LONGEST_WAIT))
            drawn += message.WhichOneof("type") == "delta"
            if message.WhichOneof("type") == "script_finished" and drawn:
                return


Visit = Callable[[str, httpx.AsyncClient], Awaitable[None]]


async def arrive(visit: Visit, address: str, visitors: int, seconds: float) -> list[float]:
    """Send ``visitors`` evenly over ``seconds``; return how long each waited, in seconds."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(limits=limits, timeout=LONGEST_WAIT, trust_env=False) as client:
        start = time.perf_counter()

        async def one(number: int) -> float:
            await asyncio.sleep(max(0.0, start + number * seconds / visitors - time.perf_counter()))
            began = time.perf_counter()
            await visit(address, client)
            return time.perf_counter() - began

        return await asyncio.gather(*(one(number) for number in range(visitors)))


def say(name: str, waits: list[float], processor: float, seconds: float) -> None:
    ordered = sorted(waits)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"{name:12} {len(waits):4} visitors  median {statistics.median(waits) * 1000:7.1f} ms  "
        f"p95 {p95 * 1000:7.1f} ms  worst {ordered[-1] * 1000:7.1f} ms  "
        f"processor {processor / seconds * 100:5.1f} % of one core"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--visitors", type=int, default=500)
    asked.add_argument("--seconds", type=float, default=60)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), LINLI_DEMO="1") as shop:
        process = server(shop.address)
        for name, visit in (("nothing", nothing), ("light page", light), ("screen", screen)):
            asyncio.run(arrive(visit, shop.address, 3, 1))
            before = process.cpu_times()
            waits = asyncio.run(arrive(visit, shop.address, wanted.visitors, wanted.seconds))
            after = process.cpu_times()
            used = after.user + after.system - before.user - before.system
            say(name, waits, used, wanted.seconds)
        print(f"memory of the server: {process.memory_info().rss / 2**20:.0f} MiB")


def server(address: str) -> psutil.Process:
    """Return the process that listens at ``address``."""
    port = int(address.rsplit(":", 1)[1])
    for child in psutil.Process().children(recursive=True):
        if any(one.laddr.port == port for one in child.net_connections() if one.status == "LISTEN"):
            return child
    raise AssertionError("the server is not there")


if __name__ == "__main__":
    main()
