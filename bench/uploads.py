"""How much memory the program takes while a film of 95 MB is brought, kept, and watched.

``python bench/uploads.py`` starts the program on a folder of its own, brings a film through
``/bring`` as the browser does, asks for it in 200 parts, and prints what the process held before,
at most, and after. Goal: memory does not grow by the size of the file.
"""

import secrets
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import av
import httpx
import numpy
import psutil
from sqlalchemy import insert

from lib.db import schema
from lib.db.engine import Store, open_store
from lib.shop.people.cookies import SESSION
from lib.shop.people.queries import token_hash
from lib.shop.place import Place
from tests.serving import Running, running

MEGABYTE = 1024 * 1024
FILM_BYTES, PARTS = 95 * MEGABYTE, 200


def film(path: Path) -> bytes:
    """Write a film of noise, which no codec makes small."""
    noise = numpy.random.default_rng(1)
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=Fraction(25), options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        stream.bit_rate, stream.options = 200_000_000, {"crf": "4", "preset": "ultrafast"}
        while not path.exists() or path.stat().st_size < FILM_BYTES:
            frame = noise.integers(0, 255, (720, 1280, 3), dtype=numpy.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        out.mux(stream.encode(None))
    return path.read_bytes()


def sign_in(store: Store) -> str:
    now, token = datetime.now(UTC), secrets.token_urlsafe(32)
    with store.write() as connection:
        owner = {"login": "bench", "name": "bench", "role": "owner", "password_hash": "-",
                 "must_change_password": False, "active": True, "created_at": now,
                 "password_changed_at": now}  # fmt: skip
        person = connection.execute(
            insert(schema.person).values(**owner).returning(schema.person.c.id)
        ).scalar_one()
        session = {"token_hash": token_hash(token), "person_id": person, "created_at": now,
                   "last_seen_at": now, "expires_at": now + timedelta(days=1),
                   "network": "bench"}  # fmt: skip
        connection.execute(insert(schema.session).values(**session))
        supplier = {"name": "青禾合作社", "folded_name": "青禾合作社", "kind": "grower",
                    "shows_name": True, "shows_contact": False, "created_at": now}  # fmt: skip
        connection.execute(insert(schema.supplier).values(**supplier))
    return token


def bring(client: httpx.Client, content: bytes) -> None:
    told = {"called": "film", "name": "film.mp4", "size": len(content), "type": "video/mp4"}
    said = client.post("/bring", json=told).json()
    while said["have"] < len(content):
        piece = content[said["have"] : said["have"] + said["piece"]]
        way = f"/bring/{said['key']}?offset={said['have']}&size={len(content)}"
        said = client.put(way, content=piece).json()
    done = {"target": "supplier-1", "kind": "growing", "size": len(content), "name": "film.mp4"}
    answer = client.post(f"/bring/{said['key']}/finish", json=done, timeout=200).json()
    assert answer["state"] == "done", answer


def watch(client: httpx.Client, sha256: str, size: int) -> None:
    for number in range(PARTS):
        first = size * number // PARTS
        part = client.get(f"/files/{sha256}", headers={"Range": f"bytes={first}-{first + 65535}"})
        assert part.status_code == 206


class Meter(threading.Thread):
    """Looks at the resident memory of a process ten times a second."""

    def __init__(self, process: psutil.Process) -> None:
        super().__init__(daemon=True)
        self.process, self.most, self.over = process, 0, False

    def run(self) -> None:
        while not self.over:
            self.most = max(self.most, self.process.memory_info().rss)
            time.sleep(0.1)


def program(shop: Running) -> psutil.Process:
    port = int(shop.address.rsplit(":", 1)[1])
    return next(
        each
        for each in psutil.Process().children(recursive=True)
        if f"--server.port={port}" in each.cmdline()
    )


def measured(name: str, process: psutil.Process, work: object) -> None:
    meter, before, began = Meter(process), process.memory_info().rss, time.perf_counter()
    meter.start()
    work()  # type: ignore[operator]
    seconds, meter.over = time.perf_counter() - began, True
    meter.join()
    after = process.memory_info().rss
    print(
        f"{name}: {seconds:.1f} s, memory {before / MEGABYTE:.0f} MB before, "
        f"+{(meter.most - before) / MEGABYTE:.0f} MB at most, "
        f"+{(after - before) / MEGABYTE:.0f} MB after"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "shop") as shop:
        content = film(Path(folder) / "film.mp4")
        print(f"a film of {len(content) / MEGABYTE:.0f} MB")
        store = open_store(Place.at(shop.folder).database_url)
        token = sign_in(store)
        headers = {"Origin": shop.address}
        client = httpx.Client(
            base_url=shop.address, headers=headers, cookies={SESSION: token}, trust_env=False
        )
        client.get("/files/" + "0" * 64)
        process = program(shop)
        measured("brought and checked", process, lambda: bring(client, content))
        with store.read() as connection:
            row = connection.execute(
                schema.blob.select().where(schema.blob.c.media_type == "video/mp4")
            ).one()
        measured(f"watched in {PARTS} parts", process, lambda: watch(client, row.sha256, row.size))
        store.close()


if __name__ == "__main__":
    main()
