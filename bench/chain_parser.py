"""How fast a long chain is read: `python bench/chain_parser.py [entries]` prints ms and entries/s.

The goal is 500 entries well under a second on a small computer.
"""

import sys
import time
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lib.trade.orders.chain.model import CatalogueItem
from lib.trade.orders.chain.parser import parse_chain

CATALOGUE = tuple(
    CatalogueItem(name, (alias, name), unit, Decimal("4.8"))
    for name, alias, unit in (
        ("土鸡蛋", "鸡蛋", "斤"), ("小白菜", "白菜", "份"), ("老豆腐", "豆腐", "盒"),
        ("小葱", "葱", "把"), ("海南西瓜", "西瓜", "个"), ("红富士苹果", "苹果", "斤"),
    )
)  # fmt: skip
ENTRIES = (
    "{b}-{r} 住户{n} 鸡蛋2斤、小白菜1份 晚上拿",
    "{b}号楼2单元{r} 住户{n} 豆腐2盒，鸡蛋一斤半 送上门，腿脚不便",
    "住户{n} 白菜 豆腐各1 苹果3斤 13800138000",
    "{b}栋{r} 住户{n} 西瓜1个 不要太熟的，下午3点拿",
    "住户{n} 同上",
)


def chain(entries: int) -> str:
    """Make a chain message of that many entries."""
    lines = ["#接龙", "周三菜篮子 鸡蛋4.8/斤 白菜3.5/份", ""]
    for n in range(1, entries + 1):
        line = ENTRIES[n % len(ENTRIES)]
        lines.append(f"{n}. " + line.format(b=n % 20 + 1, r=100 + n % 900, n=n))
    return "\n".join(lines)


def main() -> None:
    """Parse three times, print the best."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    text = chain(count)
    times = []
    for _round in range(3):
        begin = time.perf_counter()
        parsed = parse_chain(text, CATALOGUE)
        times.append(time.perf_counter() - begin)
    best = min(times)
    print(f"{len(parsed.entries)} entries, {len(text)} characters")
    print(f"{best * 1000:.0f} ms, {count / best:.0f} entries/s")


if __name__ == "__main__":
    main()
