"""Whom the demo shop buys from: invented growers, makers and traders around an invented estate.

Places are real districts of a real city so that distances are sensible; people, firms, numbers and
papers are made up, and phone numbers are of a dummy prefix.
"""

from dataclasses import dataclass

from lib.supply.papers.rules import Bearer
from lib.supply.suppliers.rules import Kind, PaperKind

SHOP_AT = "30.297400, 120.131800"


@dataclass(frozen=True)
class Goods:
    """What a partner delivers: case in sale units, shelf life in days.

    ``demand`` is what the shelf sells on an ordinary day in sale units beside the rounds; zero is
    bought for the rounds only.
    """

    name: str
    case: str
    shelf_life: int
    demand: int = 10


@dataclass(frozen=True)
class Paper:
    """A paper: kind, number, days ago it was issued, days until it ends (None: never)."""

    kind: PaperKind
    number: str
    issued: int
    ends: int | None = None


@dataclass(frozen=True)
class Partner:
    """A supplier of the demo shop, with its goods, papers and agreement."""

    name: str
    kind: Kind
    district: str
    position: str
    story: str
    goods: tuple[Goods, ...]
    papers: tuple[Paper, ...] = ()
    far_reason: str = ""
    ends: int | None = 240
    minimum: str = "100"
    spoilage: Bearer = Bearer.SUPPLIER
    colour: str = "#7aa05a"


LICENCE, OPERATION, PRODUCTION, QUARANTINE = (
    PaperKind.BUSINESS_LICENCE,
    PaperKind.OPERATION_PERMIT,
    PaperKind.PRODUCTION_PERMIT,
    PaperKind.QUARANTINE,
)

PARTNERS = (
    Partner(
        "青禾蔬菜合作社", Kind.GROWER, "余杭区径山镇", "30.379000, 119.883000",
        "山脚下的三十亩菜地，清晨采，上午到。不打除草剂，防虫靠网和黄板。",
        (Goods("小白菜", "10", 3, demand=14), Goods("菠菜", "10", 3, demand=10),
         Goods("小葱", "20", 4, demand=16)),
        (Paper(LICENCE, "93330110DEMO0001XA", 900),),
        colour="#6f9e4c",
    ),
    Partner(
        "林下蛋鸡场", Kind.GROWER, "余杭区瓶窑镇", "30.393000, 119.968000",
        "竹林里散养，每天早上捡蛋，当天送。饲料是玉米和豆粕，不加色素。",
        (Goods("土鸡蛋", "15", 15, demand=26),),
        (Paper(LICENCE, "93330110DEMO0002XB", 700),
         Paper(QUARANTINE, "浙动检2026演示018号", 40, 20)),
        ends=24, colour="#d9b38c",
    ),
    Partner(
        "老街豆腐坊", Kind.PROCESSOR, "拱墅区老街", "30.318000, 120.140000",
        "祖孙三代做豆腐，凌晨三点点卤，六点出锅。",
        (Goods("老豆腐", "10", 3, demand=11),),
        (Paper(LICENCE, "92330105DEMO0003XC", 1400),
         Paper(PRODUCTION, "SC12533010500003", 1200, 620)),
        colour="#efe6cf",
    ),
    Partner(
        "良渚放心肉铺", Kind.TRADER, "余杭区良渚街道", "30.375000, 120.045000",
        "只卖当天的热鲜猪肉，检疫章和票据随货走。",
        (Goods("五花肉", "5", 3, demand=13),),
        (Paper(LICENCE, "92330110DEMO0004XD", 800),
         Paper(OPERATION, "JY13301100000004", 1760, 64)),
        spoilage=Bearer.SHARED, colour="#c96f6a",
    ),
    Partner(
        "勾庄果品行", Kind.TRADER, "余杭区勾庄", "30.352000, 120.075000",
        "苹果来自山东烟台，葡萄来自浦江，西瓜冬天从海南来，箱箱可查产地。",
        (Goods("红富士苹果", "10", 25, demand=24),
         Goods("阳光玫瑰葡萄", "6", 5, demand=7),
         Goods("海南西瓜", "2", 9, demand=6)),
        (Paper(LICENCE, "92330110DEMO0005XE", 600),
         Paper(OPERATION, "JY13301100000005", 300, 1526)),
        colour="#c8473f",
    ),
    Partner(
        "西溪牧场乳品", Kind.FACTORY, "余杭区五常街道", "30.262000, 120.034000",
        "鲜奶当天发酵，玻璃瓶装，瓶子洗净可退。",
        (Goods("原味酸奶", "12", 18, demand=12),),
        (Paper(LICENCE, "91330110DEMO0006XF", 2000),
         Paper(PRODUCTION, "SC10533011000006", 1500, 326)),
        colour="#f4f1e6",
    ),
    Partner(
        "麦田烘焙", Kind.PROCESSOR, "西湖区文新街道", "30.287000, 120.098000",
        "全麦粉占一半以上，不加防腐剂，所以只放四天。",
        (Goods("全麦吐司", "8", 4, demand=8),),
        (Paper(LICENCE, "92330106DEMO0007XG", 500),
         Paper(PRODUCTION, "SC12433010600007", 1830, -5)),
        colour="#c59a63",
    ),
    Partner(
        "五谷粮油", Kind.TRADER, "临平区临平街道", "30.421000, 120.299000",
        "大米是当季新米，菜籽油是物理压榨。",
        (Goods("东北大米", "1", 360, demand=0),
         Goods("菜籽油", "1", 540, demand=0)),
        (Paper(LICENCE, "92330113DEMO0008XH", 900),),
        spoilage=Bearer.SHOP, colour="#e9dfc3",
    ),
    Partner(
        "富春纸品厂", Kind.FACTORY, "富阳区大源镇", "29.967000, 119.982000",
        "原生竹浆，不漂白。给本小区印自己的标签，小包装起订三百提。",
        (Goods("原木抽纸", "1", 1080, demand=0),),
        (Paper(LICENCE, "91330111DEMO0009XJ", 1500),),
        far_reason="附近没有竹浆纸厂；厂里肯为小区单独印标签",
        spoilage=Bearer.SHOP, colour="#cfd8dc",
    ),
)  # fmt: skip
