"""The words that head columns of daily figures, as a table: which spelling means which field.

Spellings are those of tills and stock programs, of supermarket data sets, and of what shops keep
themselves. A unit in brackets behind the word says what is counted: 销量(千克), 单价(元/斤).
"""

import hashlib
import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from lib.kernel.quantity import WEIGHT_UNITS
from lib.kernel.words import N_
from lib.trade.orders.sheets.headings import plain


class Field(StrEnum):
    """What a column of daily figures can hold."""

    DAY = "day"
    TIME = "time"
    CODE = "code"
    NAME = "name"
    CATEGORY = "category"
    OPENING = "opening"
    RECEIVED = "received"
    PREPARED = "prepared"
    SOLD = "sold"
    RETURNED = "returned"
    SALE_TYPE = "sale_type"
    SOLD_OUT = "sold_out"
    CLOSED = "closed"
    PRICE = "price"
    AMOUNT = "amount"
    COST = "cost"
    LOSS = "loss"
    IGNORED = "ignored"


LABELS: dict[Field, str] = {
    Field.IGNORED: N_("not used"),
    Field.DAY: N_("day"),
    Field.TIME: N_("time of a single sale"),
    Field.CODE: N_("product code"),
    Field.NAME: N_("product name"),
    Field.CATEGORY: N_("category"),
    Field.OPENING: N_("stock at opening"),
    Field.RECEIVED: N_("received that day"),
    Field.PREPARED: N_("prepared that day"),
    Field.SOLD: N_("quantity sold"),
    Field.RETURNED: N_("quantity returned"),
    Field.SALE_TYPE: N_("sale or return"),
    Field.SOLD_OUT: N_("sold out (yes or no)"),
    Field.CLOSED: N_("closed (yes or no)"),
    Field.PRICE: N_("sale price per unit"),
    Field.AMOUNT: N_("takings of the row"),
    Field.COST: N_("purchase price per unit"),
    Field.LOSS: N_("loss rate"),
}
"""Field → what the owner reads, in the order of the choices."""

QUANTITIES = frozenset({Field.OPENING, Field.RECEIVED, Field.PREPARED, Field.SOLD, Field.RETURNED})
STOCKED = frozenset({Field.OPENING, Field.RECEIVED, Field.PREPARED})
"""With one of these a row is a product's whole day; without, rows of one day are added up."""

_SPELLINGS: dict[Field, str] = {
    Field.DAY: (
        "日期 销售日期 营业日期 业务日期 交易日期 统计日期 记账日期 销售日 营业日 date day "
        "saledate salesdate businessdate orderdate transactiondate"
    ),
    Field.TIME: "扫码销售时间 销售时间 交易时间 时间 time saletime transactiontime",
    Field.CODE: (
        "编码 单品编码 商品编码 产品编码 货号 条码 商品条码 条形码 商品编号 产品编号 编号 "
        "单品编号 sku skuid code itemcode productcode itemid productid barcode"
    ),
    Field.NAME: (
        "商品 品名 单品名称 商品名称 产品名称 产品 名称 货品 货品名称 菜名 单品 product "
        "item name productname itemname goods description"
    ),
    Field.CATEGORY: (
        "分类 分类名称 类别 品类 类目 大类 小分类名称 商品分类 类别名称 品类名称 category "
        "categoryname group"
    ),
    Field.OPENING: (
        "期初 期初库存 期初数量 日初库存 早盘库存 开门库存 昨日结存 上日结存 opening "
        "openingstock stockatopening"
    ),
    Field.RECEIVED: (
        "进货量 到货量 进货 到货 进货数量 到货数量 收货量 收货数量 入库量 入库数量 补货量 "
        "received supply supplied delivered"
    ),
    Field.PREPARED: (
        "备货 备货量 准备量 备货数量 上架量 上架数量 可售量 prepared preparedquantity available"
    ),
    Field.SOLD: (
        "销量 销售量 销售数量 售出 卖出 售出数量 实销 销 数量 sold sales quantity qty "
        "soldquantity quantitysold salesquantity unitssold soldqty qtysold salesqty"
    ),
    Field.RETURNED: "退货量 退货数量 退货 returned returns returnedquantity",
    Field.SALE_TYPE: "销售类型 交易类型 类型 单据类型 saletype type transactiontype",
    Field.SOLD_OUT: "售罄 断货 是否售罄 是否断货 卖完 缺货 soldout isoutofstock outofstock",
    Field.CLOSED: "闭店 休息 是否闭店 是否休息 歇业 closed shopclosed",
    Field.PRICE: (
        "单价 销售单价 售价 销售价 零售价 销售价格 price unitprice saleprice sellingprice"
    ),
    Field.AMOUNT: (
        "金额 销售额 销售金额 营业额 实收金额 amount takings revenue turnover salesamount"
    ),
    Field.COST: (
        "进价 批发价 批发价格 进货价 采购价 成本价 成本单价 采购单价 cost unitcost "
        "wholesale wholesaleprice purchaseprice costprice"
    ),
    Field.LOSS: "损耗率 平均损耗率 损耗率百分比 loss lossrate averagelossrate",
    Field.IGNORED: (
        "分类编码 小分类编码 类别编码 品类编码 categorycode 是否打折销售 是否打折 discount "
        "期末 期末库存 closing closingstock 序号 备注 毛利 毛利率 供应商 店铺 门店"
    ),
}

_HINTS: tuple[tuple[str, Field], ...] = (
    (r"损耗率|lossrate", Field.LOSS),
    (r"分类编码|类别编码|品类编码|打折|期末|毛利", Field.IGNORED),
    (r"批发价|进价|采购.*价|成本.*价|wholesale|unitcost", Field.COST),
    (r"退货(量|数)", Field.RETURNED),
    (r"(销售|营业|业务|交易).*日期|日期$|^date", Field.DAY),
    (r"(单品|商品|产品|货品).*(编码|编号|条码)", Field.CODE),
    (r"(单品|商品|产品|货品).*名", Field.NAME),
    (r"分类.*名|类别.*名", Field.CATEGORY),
    (r"期初", Field.OPENING),
    (r"(进货|到货|收货|入库).*(量|数)", Field.RECEIVED),
    (r"(备货|准备|上架).*(量|数)", Field.PREPARED),
    (r"^(销量|销售量|售出)", Field.SOLD),
    (r"(销售|零售).*(单价|价格)", Field.PRICE),
    (r"销售(额|金额)", Field.AMOUNT),
)

_BY_SPELLING = {
    plain(spelling): field
    for field, spellings in _SPELLINGS.items()
    for spelling in spellings.split()
}
_BRACKETS = re.compile(r"[(\[【]([^)\]】]*)[)\]】]")
_PER_UNIT = re.compile(r"(?:元|¥|rmb|yuan|cny)\s*/\s*(.+)$", re.IGNORECASE)
_LONGEST = 60
UNITS = (*WEIGHT_UNITS, "份", "个", "盒", "袋", "件", "瓶", "箱", "板")


@lru_cache(maxsize=2_048)
def meaning(heading: str) -> Field | None:
    """Return the field a heading names, :attr:`Field.IGNORED` for known others, else None."""
    if len(heading) > _LONGEST:
        return None
    text = plain(heading)
    if found := _BY_SPELLING.get(text):
        return found
    # 销量kg, 进价元/斤: a unit without brackets; sold_qty, sold-qty: signs between words.
    bare = re.sub(r"(?:元|¥)?/?(?:千克|公斤|kg|斤|克|元)$|[-./ ]", "", text)
    if found := _BY_SPELLING.get(bare):
        return found
    for part, field in _HINTS:
        if re.search(part, text):
            return field
    return None


def unit_of(heading: str) -> str:
    """Return the unit a heading counts in: 千克 of 销量(千克) and 元/千克; empty for none."""
    text = unicodedata.normalize("NFKC", heading)
    for inside in _BRACKETS.findall(text):
        if unit := _unit(inside):
            return unit
    without = _BRACKETS.sub("", text).strip()
    found = re.search(r"(千克|公斤|kg|斤|克)$", without, re.IGNORECASE)
    return found[1].lower() if found else ""


def _unit(text: str) -> str:
    per = _PER_UNIT.search(text.strip())
    word = (per[1] if per else text).strip()
    return word.lower() if word.lower() in UNITS else ""


def layout_fingerprint(headings: tuple[str, ...]) -> str:
    """Return the name under which a corrected layout is remembered."""
    words = "\x1f".join(plain(heading) + unit_of(heading) for heading in headings)
    return "past:" + hashlib.sha256(words.encode()).hexdigest()[:16]


def proposed(headings: tuple[str, ...]) -> dict[int, Field]:
    """Return column → field by the headings; of two columns for one field the first one counts."""
    columns: dict[int, Field] = {}
    for index, text in enumerate(headings):
        found = meaning(text) if text else None
        if found is None or (found is not Field.IGNORED and found in columns.values()):
            found = Field.IGNORED
        if text:
            columns[index] = found
    return columns
