"""Finding a resident among 20,000 by everything the shop knows (issue 6: under 0.1 s).

``python -m bench.find_members [--members N] [--postgresql]`` fills a shop in a temporary folder
(or a PostgreSQL server of its own) with members, former names, phones, rooms, cards and two weeks
of orders, and looks for somebody in every way there is. Each line sets the search beside the empty
search of the same run, which reads the newest members by their key: what the search itself costs.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import insert, select, text

from lib.db import migrations, schema
from lib.db.engine import open_store
from lib.kernel.clock import FixedClock
from lib.kernel.codes import new_code
from lib.kernel.text import folded
from lib.members.profiles.queries import find_members
from lib.members.profiles.rules import reading
from lib.service.pickup.promised.queries import meant_by
from lib.service.pickup.queries import desk_search
from lib.shop.opening import shop_for
from lib.shop.place import Place
from lib.shop.shop import Actor, Role, Shop
from tests.postgres import start_cluster

NOW = datetime(2026, 9, 25, 2, 30, tzinfo=UTC)
SEED, RUNS = 7, 15
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉梅建红文辉鑫宇浩欣怡子涵雨萱晨"
BEFORE = ("", "", "", "小", "老", "阿", "快乐的", "爱笑的", "想飞的", "一米阳光", "A")
AFTER = ("", "", "", "姐", "阿姨", "妈妈", "🌸", " 3号楼", "-团购", "_宝妈", "2")
SEARCHES = {
    "nothing typed": "",
    "nickname, whole": "小李芳",
    "nickname, begins": "快乐的王",
    "nickname, inside": "阳光",
    "one character": "李",
    "one letter": "l",
    "pinyin": "wangfang",
    "pinyin, begins": "zhang",
    "pinyin, inside": "fang",
    "initials": "xlf",
    "initials, short": "xl",
    "mixed": "xiaol",
    "mixed, initial first": "xli",
    "phone": "13800012344",
    "phone, last four": "2344",
    "phone, last six": "012344",
    "room": "203",
    "home": "3-203",
    "home, in words": "3栋3单元203",
    "member's number": "M17777",
    "order's number": "12",
    "card": "M-7CDFGHJK",
    "two words": "3-203 王",
    "former name": "旧名王",
    "nobody": "没有这个人",
    "nobody, in letters": "qqqqzzz",
    "wild signs": "%_%",
    "emoji": "🌸",
    "very long": "长" * 5000,
}


def name_of(chance: Random) -> str:
    """Return a nickname as they stand in a group."""
    given = "".join(chance.choices(GIVEN, k=chance.choice((1, 1, 2))))
    return chance.choice(BEFORE) + chance.choice(SURNAMES) + given + chance.choice(AFTER)


def fill(shop: Shop, members: int) -> None:
    """Write members, former names of every fourth, and orders of the days around today."""
    chance = Random(SEED)
    people = [_person(chance, number) for number in range(1, members + 1)]
    people[members // 2]["card_code"] = "7CDFGHJK"
    formerly = [
        {"member_id": n, "folded_nickname": folded(f"旧名{name}"), "nickname": f"旧名{name}"}
        for n in range(1, members + 1, 4)
        for name in [name_of(chance)]
    ]
    with shop.store.write() as connection:
        connection.execute(insert(schema.member), people)
        connection.execute(insert(schema.member_alias), formerly)
        connection.execute(insert(schema.customer_order), list(_orders(chance, shop, members)))
        connection.execute(text("ANALYZE"))


def _person(chance: Random, number: int) -> dict[str, Any]:
    name, phone = name_of(chance), f"138{number:08}" if number % 3 else None
    sound = reading(name)
    return {
        "nickname": name,
        "folded_nickname": folded(name),
        "initials": sound.initials,
        "pinyin": sound.pinyin,
        "phone": phone,
        "phone_tail": phone[-4:] if phone else None,
        "building": str(number % 40 + 1),
        "unit": str(number % 3 + 1),
        "room": f"{number // 40 % 25 + 1}0{number % 4 + 1}",
        "card_code": new_code(),
        "created_at": NOW - timedelta(days=400),
    }


def _orders(chance: Random, shop: Shop, members: int) -> Iterator[dict[str, Any]]:
    for back in range(-14, 15):
        day = shop.today + timedelta(days=back)
        for number in range(1, 301):
            yield {
                "member_id": chance.randint(1, members),
                "source": "counter",
                "number": number,
                "pickup_day": day,
                "delivery": False,
                "status": "active",
                "placed_at": NOW,
            }


@contextmanager
def books(folder: Path, *, on_postgresql: bool) -> Iterator[Shop]:
    """Return an empty shop in ``folder``, or on a server of its own."""
    place = Place.at(folder / "data")
    place.prepare()
    cluster = start_cluster() if on_postgresql else None
    store = open_store(cluster.url if cluster else place.database_url)
    try:
        migrations.upgrade(store, NOW)
        with store.write() as connection:
            written = insert(schema.person).values(
                login="fang", name="芳姐", role=Role.OWNER, password_hash="-",
                must_change_password=False, active=True, created_at=NOW, password_changed_at=NOW,
            ).returning(schema.person.c.id)  # fmt: skip
            owner = Actor(int(connection.execute(written).scalar_one()), "芳姐", Role.OWNER)
        yield shop_for(store, place, FixedClock(NOW), owner)
    finally:
        store.close()
        if cluster:
            cluster.stop()


def measured(act: Callable[[], list[Any]]) -> tuple[float, float, int]:
    """Return the best and the median of some runs in ms, and how many were found."""
    found, times = act(), []
    for _run in range(RUNS):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return min(times), statistics.median(times), len(found)


def report(shop: Shop, label: str, search: Callable[[Shop, str], list[Any]]) -> None:
    """Print a line per kind of search."""
    print(f"\n{label:22} {'found':>5} {'best':>8} {'median':>8}  to the empty search")
    floor, _median, _count = measured(lambda: find_members(shop, ""))
    for name, typed in SEARCHES.items():
        best, median, count = measured(partial(search, shop, typed))
        print(f"{name:22} {count:>5} {best:>6.1f}ms {median:>6.1f}ms {best / floor:>7.1f} x")


def main() -> None:
    """Measure the search of the members page and that of the pickup desk."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--members", type=int, default=20_000)
    asked.add_argument("--postgresql", action="store_true")
    wanted = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        books(Path(folder), on_postgresql=wanted.postgresql) as shop,
    ):
        fill(shop, wanted.members)
        with shop.read() as connection:
            there = connection.execute(select(schema.member.c.id)).all()
        print(f"{len(there)} members on {'PostgreSQL' if wanted.postgresql else 'SQLite'}")
        report(shop, "members page", find_members)
        report(shop, "pickup desk", lambda on, typed: [*desk_search(on, typed),
                                                       *meant_by(on, typed)])  # fmt: skip


if __name__ == "__main__":
    main()
