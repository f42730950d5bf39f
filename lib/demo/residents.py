"""The invented residents of the demo shop. Phone numbers are made of a dummy prefix."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Resident:
    """A household of 金桂花园: nickname in the group, building, unit, room."""

    nickname: str
    building: str
    room: str
    unit: str | None = None

    @property
    def door(self) -> str:
        """The home as residents write it."""
        return f"{self.building}-{f'{self.unit}-' if self.unit else ''}{self.room}"


_NAMES = (
    "小李", "王姐", "豆豆妈", "老陈", "阿芳", "李大爷", "Sunny", "方老师", "张阿姨", "小何",
    "周周", "小美", "老周", "琪琪妈", "阿强", "小米", "阿宝", "大刘", "Lily", "胖虎", "可可",
    "赵姐", "大山", "桃子", "圆圆", "木木", "海阔天空", "吴老师", "阿May", "大熊", "叶子",
    "小北", "陈叔", "米粒妈妈", "老马", "暖暖", "彭彭", "郭老师", "Amy", "老宋", "果果爸",
    "小太阳☀️", "樱花🌸", "胡姐", "小K", "多多", "吴霞", "子涵", "若琳", "廖工", "静静",
    "老杨", "小雅", "阿豪", "月月奶奶", "大伟",
)  # fmt: skip

RESIDENTS = tuple(
    Resident(
        name,
        building=str(1 + index * 5 % 12),
        room=f"{1 + index * 7 % 16}0{1 + index % 4}",
        unit=str(1 + index % 2) if index % 3 == 0 else None,
    )
    for index, name in enumerate(_NAMES)
)

STAYED_AWAY = ("海阔天空", "阿豪", "阿May", "樱花🌸")
"""Came to the first rounds of the last two weeks, and not since."""
MOVED_IN = ("小K", "多多", "Amy")
"""Were here for the first time in the last week."""
LEFT_AGO, MOVED_AGO = 8, 5
"""Days ago since when the ones stay away, and when the others ordered for the first time."""


def in_group(ago: int) -> list[Resident]:
    """Return the residents who may order in a round opened ``ago`` days ago."""
    out = (*(STAYED_AWAY if ago <= LEFT_AGO else ()), *(MOVED_IN if ago > MOVED_AGO else ()))
    return [each for each in RESIDENTS if each.nickname not in out]


def surely_in(ago: int) -> list[Resident]:
    """Return the residents who order in any case in a round of the last two weeks."""
    names = MOVED_IN if ago == MOVED_AGO else STAYED_AWAY if ago > LEFT_AGO else ()
    return [each for each in RESIDENTS if each.nickname in names]
