"""What residents of the demo shop complain about, in their words. Invented.

How much is bad is told per sale unit, so that it fits whatever somebody bought.
"""

from dataclasses import dataclass

from lib.service.after_sales.counting import Goods
from lib.service.after_sales.rules import Cause, CountedIn, Defect

UNITS, PIECES, GRAMS = CountedIn.UNITS, CountedIn.PIECES, CountedIn.GRAMS


@dataclass(frozen=True)
class Told:
    """One complaint: ``bad`` of goods counted in ``way``.

    ``of_unit`` are the pieces in one sale unit of goods sold by weight, where only the resident can
    count them.
    """

    defect: Defect
    said: str
    way: CountedIn | None
    bad: int | None
    cause: Cause
    cause_note: str = ""
    of_unit: int | None = None

    def counted(self, goods: Goods) -> tuple[int | None, int | None, CountedIn | None]:
        """Return bad, of how much, and what is counted, of ``goods``; the whole is None if known.

        Nothing is counted where the unit cannot be.
        """
        grams = goods.unit.grams or 1
        if self.way is None or (self.way is UNITS and goods.quantity % grams):
            return None, None, None
        if self.of_unit is None:
            return self.bad, None, self.way
        return self.bad, max(self.of_unit * goods.quantity // grams, self.bad or 1), self.way


TOLD = {
    "土鸡蛋": Told(
        Defect.DAMAGED, "回家一看破了两个，蛋液流了一袋子", PIECES, 2,
        Cause.PACKING, "蛋托少垫了一层，已改成两层", of_unit=9,
    ),
    "小白菜": Told(
        Defect.ROTTEN, "外面好好的，里面几棵叶子发黄发黏", GRAMS, 150,
        Cause.GROWER, "合作社说是雨后采的，水没沥干",
    ),
    "菠菜": Told(
        Defect.ROTTEN, "根上那一截都烂了，只能吃一半", GRAMS, 160,
        Cause.TRANSPORT, "压在筐底，车上闷了一路",
    ),
    "小葱": Told(
        Defect.QUALITY, "葱尖全黄了，掐掉一大截", GRAMS, 50, Cause.STORAGE, "前一天剩的没挑出来",
    ),
    "老豆腐": Told(
        Defect.DAMAGED, "盒子裂了，水漏光，豆腐碎成渣", UNITS, 1,
        Cause.PICKING, "装袋时压在酸奶下面",
    ),
    "五花肉": Told(
        Defect.SHORT, "家里秤了一下，少了一两多", GRAMS, 60, Cause.PICKING, "秤没归零，当天校了",
    ),
    "红富士苹果": Told(
        Defect.ROTTEN, "切开有两个里面是黑心的", PIECES, 2,
        Cause.SUPPLIER_GOODS, "这批存得太久，果品行认", of_unit=3,
    ),
    "阳光玫瑰葡萄": Told(
        Defect.ROTTEN, "底下一层压烂了，有酒味", GRAMS, 220,
        Cause.TRANSPORT, "纸箱叠了三层，底下的压坏了",
    ),
    "海南西瓜": Told(
        Defect.ROTTEN, "切开倒瓤，一股馊味", UNITS, 1,
        Cause.SUPPLIER_GOODS, "熟过了，外面看不出来",
    ),
    "原味酸奶": Told(
        Defect.ROTTEN, "瓶盖鼓起来，打开喷了一手", UNITS, 1, Cause.STORAGE, "冷柜门没关严，半天",
    ),
    "全麦吐司": Told(
        Defect.ROTTEN, "最里面两片长绿毛了", UNITS, 1, Cause.STORAGE, "最后一天的货，该撤没撤",
    ),
    "东北大米": Told(
        Defect.QUALITY, "倒出来有小虫子", UNITS, 1, Cause.SUPPLIER_GOODS, "粮油店换了一袋来比对",
    ),
    "菜籽油": Told(
        Defect.DAMAGED, "瓶口渗油，袋子上都是", UNITS, 1, Cause.DELIVERY, "盖子磕松了",
    ),
    "原木抽纸": Told(
        Defect.QUALITY, "有两包潮的，一抽就断", PIECES, 2, Cause.STORAGE, "靠墙放受潮，已垫高",
    ),
}  # fmt: skip
OTHER = Told(
    Defect.QUALITY, "味道跟上次不一样，有点淡", UNITS, 1, Cause.UNKNOWN, "同一批别家都说好",
)  # fmt: skip
"""Of goods that only came of a wish."""

OFF_SHELF = frozenset({"东北大米", "菜籽油", "原木抽纸"})
"""Goods that do not lie there: nobody can give one more at once."""

REPLIES = (
    "真不好意思，马上给您处理 🙏",
    "收到了，是我们没看好，这就给您办",
    "抱歉抱歉，您先别扔，我看一下是哪一批",
    "对不起让您白跑一趟，今天一定给您答复",
)
SORRY_LATE = "实在对不起，刚才在卸货，这么晚才看到"
PHOTO_PLEASE = "能麻烦拍张照片吗？坏的拍一张，整袋拍一张，一来我们就给您办 🙏"
CONTENT = (
    "处理得真快，谢谢芳姐", "没想到这么爽快", "行，下次还来你家买", "挺好，态度没话说",
    "谢谢，以后放心了", "小事，还劳你记着",
)  # fmt: skip
NOT_CONTENT = "光这样不太够，袋子里别的菜也弄脏了"
TWICE = "前面跟小吴说过的，怕忘了再发一遍"
FOUND = "找到了，压在购物袋最底下，不好意思"
LEFT_BEHIND = "到家少了一样，是不是漏装了"

BEFORE_LAST: tuple[tuple[str, int], ...] = (
    ("小白菜", 3), ("菠菜", 3), ("小葱", 1), ("红富士苹果", 2), ("土鸡蛋", 2), ("老豆腐", 1),
)  # fmt: skip
LAST: tuple[tuple[str, int], ...] = (
    ("红富士苹果", 4), ("阳光玫瑰葡萄", 4), ("小白菜", 1), ("土鸡蛋", 2), ("原木抽纸", 1),
    ("五花肉", 1), ("老豆腐", 1),
)  # fmt: skip
THIS: tuple[tuple[str, int], ...] = (("红富士苹果", 1), ("菠菜", 1))
"""Complaints about goods off the shelf by month, before the days that are lived one by one."""
