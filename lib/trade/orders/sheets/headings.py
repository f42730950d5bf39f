"""The words that head columns, as a table: which spelling means which field.

Spellings are those of the export lists of 快团团, 群接龙, 有赞 and 微店 (facts of the field, 2.1,
lists E1-E6) and what shops write themselves. Within a field the first spelling is the best one:
when a sheet has two columns for the same field, the earlier spelling here wins.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache


class Field(StrEnum):
    """What a column can hold."""

    ORDER_NO = "order_no"
    GROUP_NO = "group_no"
    SEQUENCE = "sequence"
    BUYER = "buyer"
    RECEIVER = "receiver"
    PHONE = "phone"
    BUYER_PHONE = "buyer_phone"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    ADDRESS = "address"
    LANE = "lane"
    BUILDING = "building"
    UNIT = "unit"
    ROOM = "room"
    PICKUP_POINT = "pickup_point"
    PICKUP_TIME = "pickup_time"
    ORDERED_AT = "ordered_at"
    PAID_AT = "paid_at"
    STATUS = "status"
    REFUND_STATUS = "refund_status"
    PAY_STATUS = "pay_status"
    GOODS = "goods"
    SPEC = "spec"
    SKU = "sku"
    QUANTITY = "quantity"
    SALE_UNIT = "sale_unit"
    UNIT_PRICE = "unit_price"
    ITEM_AMOUNT = "item_amount"
    ORDER_TOTAL = "order_total"
    AMOUNT = "amount"
    GOODS_TOTAL = "goods_total"
    FREIGHT = "freight"
    DISCOUNT = "discount"
    REFUND = "refund"
    ITEM_REFUND = "item_refund"
    BUYER_REMARK = "buyer_remark"
    SELLER_REMARK = "seller_remark"
    KINDS = "kinds"
    TEMPLATE = "template"
    IGNORED = "ignored"


SYNONYMS: dict[Field, str] = {
    Field.ORDER_NO: """
        订单号 订单编号 订单号码 订单ID 订单流水号 单号 主订单号 主订单编号 外部订单号 交易号
        交易单号 交易编号 订单 order_no order_id order_number order_sn orderno orderid order
    """,
    Field.GROUP_NO: """
        跟团号 团号 接龙号 接龙编号 接龙序号 跟团序号 参团号 跟团编号 取货号 提货号 取货码
        提货码 自提码 group_no
    """,
    Field.SEQUENCE: "下单序号 序号 编号 行号 NO 号码 no. # 顺序 serial index id",
    Field.BUYER: """
        下单人 微信昵称 买家昵称 昵称 下单人昵称 微信名 微信名称 微信 群昵称 购买人 买家
        买家姓名 团员 团员昵称 会员 会员名 会员昵称 客户昵称 用户昵称 用户名 接龙人 参团人
        下单用户 下单微信 下单账号 邻居 buyer nickname nick wechat customer member
    """,
    Field.RECEIVER: """
        收货人 收件人 收货人姓名 收件人姓名 收货人/提货人 收货人/提货人姓名 提货人 提货人姓名
        取货人 自提人 姓名 称呼 客户 客户姓名 客户名称 顾客 顾客姓名 住户 业主 业主姓名 联系人
        联系人姓名 名字 receiver consignee name customer_name
    """,
    Field.PHONE: """
        收货人手机号/提货人手机号 收货人/提货人手机号 收货人手机号 收货人电话 收货人联系电话
        收件人手机 收件人手机号 收件人电话 收货电话 收货手机 提货人手机号 提货人电话 联系电话
        联系手机 手机号 手机号码 手机 电话 电话号码 联系方式 联系号码 客户电话 mobile phone tel
        telephone phone_number
    """,
    Field.BUYER_PHONE: """
        买家手机号 买家手机 买家电话 下单人手机号 下单人手机 下单人电话 会员手机号 团员手机号
    """,
    Field.PROVINCE: "省 省份 收货人省份 收货省份 收件省 province",
    Field.CITY: "市 城市 收货人城市 收货城市 收件市 city",
    Field.DISTRICT: "区 区县 区/县 县区 收货人地区 地区 收货地区 收件区 district",
    Field.ADDRESS: """
        详细地址 收货地址 详细收货地址 详细收货地址/提货地址 收货/提货详细地址 收货详细地址
        收件地址 收件人地址 收货人地址 完整地址 地址 家庭住址 住址 配送地址 送货地址 门牌地址
        address shipping_address
    """,
    Field.LANE: "弄号 弄 lane",
    Field.BUILDING: "楼号 楼栋 楼栋号 栋 栋号 幢 幢号 号楼 楼 几号楼 几栋 楼幢 building",
    Field.UNIT: "单元 单元号 门栋 unit_no",
    Field.ROOM: """
        房号 室号 房间号 门牌号 门牌 室 房间 楼号房号 楼栋房号 楼栋号房号 房号楼号 楼栋-房号
        楼栋+房号 楼号-房号 楼栋/房号 楼栋门牌 几栋几室 room apartment flat
    """,
    Field.PICKUP_POINT: """
        自提点 自提点名称 提货点 取货点 自提地点 自提点地址 提货地点 取货地点 下单网点
        pickup_point
    """,
    Field.PICKUP_TIME: """
        自提时间 提货时间 取货时间 同城送达时间/提货时间 预约时间 送达时间 配送时间 期望送达时间
        自提时段 取货时段 提货时段 时段 配送时段 预约自提时间 pickup_time slot
    """,
    Field.ORDERED_AT: """
        下单时间 订单创建时间 创建时间 跟团时间 接龙时间 参团时间 下单日期 订单时间 订单日期
        提交时间 日期 时间 购买时间 购买日期 created_at order_time order_date date time
        ordered_at
    """,
    Field.PAID_AT: """
        支付时间 付款时间 买家付款时间 订单支付时间 支付日期 付款日期 paid_at payment_time
    """,
    Field.STATUS: """
        订单状态 状态 订单商品状态 交易状态 订单状态(主) status order_status state
    """,
    Field.REFUND_STATUS: """
        退款状态 订单退款状态 售后状态 商品退款状态 退货状态 退款/售后状态 退款售后状态 退款情况
        售后 refund_status
    """,
    Field.PAY_STATUS: """
        支付状态 付款状态 是否支付 是否付款 是否已付款 付款情况 支付情况 已付款 是否收款
        收款状态 payment_status paid
    """,
    Field.GOODS: """
        商品名称 商品 全部商品名称 商品合计 商品名 品名 商品信息 商品明细 商品详情 商品清单
        购买商品 订购商品 下单商品 商品名称及数量 商品及数量 商品列表 商品内容 产品 产品名称
        产品名 货品 货品名称 品种 品项 菜品 菜名 团品 物品 货物 宝贝 宝贝标题 接龙内容 购买内容
        订单内容 内容 下单内容 购买明细 订单明细 明细 订购内容 product products goods item items
        product_name item_name description
    """,
    Field.SPEC: """
        规格 商品规格 商品型号 型号 规格名称 规格型号 产品规格 规格/型号 款式 口味 尺寸 sku_name
        spec specification variant
    """,
    Field.SKU: """
        商品编码 规格编码 型号编码 商品ID 货号 条码 商品条码 商家编码 SKU SKU编码 商品编号
        barcode sku_code
    """,
    Field.QUANTITY: """
        数量 商品数量 购买数量 商品件数 件数 份数 购买件数 下单数量 订购数量 个数 订购份数
        购买份数 数量合计 商品总数 总数量 总件数 商品总件数 合计数量 总份数 qty quantity count
        pieces amount_of_pieces
    """,
    Field.SALE_UNIT: "计量单位 销售单位 数量单位 单位 uom",
    Field.UNIT_PRICE: """
        单价 商品单价 商品价格 单品折扣后价格 商品优惠后价格 折后单价 优惠后单价 成交单价 售价
        销售价 团购价 团价 价格 商品售价 商品原始单价 商品原价 原价 price unit_price
    """,
    Field.ITEM_AMOUNT: """
        商品实际成交金额 商品金额小计 商品小计 小计 商品金额 小计金额 金额小计 商品总价
        商品实付金额 商品实付 商品成交金额 明细金额 行金额 商品应付金额 subtotal line_total
        item_total item_amount
    """,
    Field.ORDER_TOTAL: """
        订单实付金额 实付金额 订单金额 订单总金额 订单总价 订单总额 订单合计 实付款 实付
        实际支付金额 实际付款 实际支付 支付金额 付款金额 已付金额 应收订单金额 订单实收金额
        实收金额 实收 订单应付金额 应付金额 应付 应收金额 应收 订单价格 整单金额 order_total
        order_amount total_amount total_paid amount_paid
    """,
    Field.AMOUNT: """
        金额 总价 总金额 合计金额 总额 合计 总计 共计 消费金额 购买金额 成交金额 总价格 钱 价钱
        款 货款 amount total sum money
    """,
    Field.GOODS_TOTAL: "商品金额合计 商品总金额 商品总额 货款合计",
    Field.FREIGHT: "运费 配送费 邮费 快递费 送货费 打包费 freight shipping shipping_fee",
    Field.DISCOUNT: """
        店铺优惠合计 优惠 优惠金额 优惠合计 折扣金额 折扣 立减 满减 优惠券 discount
    """,
    Field.REFUND: """
        退款金额 订单退款 订单已退款金额 已退款金额 退款 订单退款金额 退款总额 已退金额 退款合计
        实退金额 退款总金额 refund refund_amount refunded
    """,
    Field.ITEM_REFUND: "商品已退款金额 商品退款金额 item_refund",
    Field.BUYER_REMARK: """
        团员备注 买家备注 买家留言 客户备注 用户备注 顾客备注 留言 订单备注 备注 下单备注
        备注信息 备注说明 商品留言 附言 要求 特殊要求 remark note notes comment memo
    """,
    Field.SELLER_REMARK: """
        团长备注 商家订单备注 商家备注 卖家备注 内部备注 商家留言 店主备注 店铺备注
        seller_remark
    """,
    Field.KINDS: "商品种类数 商品种类 种类数 种类 品种数",
    Field.TEMPLATE: "下单模板信息 模板信息 自定义信息 表单信息 补充信息 附加信息 扩展信息",
    Field.IGNORED: """
        商品成本价 成本价 成本 进价 供货价 运费退款 客服指派退款 分销佣金 佣金 团长佣金
        订单佣金金额 订单抵用积分数 支付优惠合计 店铺优惠（分摊） 商品抵用积分数 积分
        交易成功时间 完成时间 商品发货时间 发货时间 成团时间 更新时间 核销时间 快递单号 快递公司
        物流单号 物流公司 支付流水号 流水号 付款方式 支付方式 配送方式 订单配送方式 订单类型
        订单来源 身份证号 订单描述 销售渠道 归属店铺 商品类型 商品类目 类目 分类 商品分类 类别
        商品图片 图片 发货状态 商品发货状态 入住时间 周期购信息 团长ID 团长 团名称 团购标题
        活动名称 小区 小区名称 社区 店铺 店铺名称 订单星级 收银员 分销员 签名 签收 签字 核销状态
        是否自提 是否提货 是否已提货 提货状态 取货状态 已取 已提 未提 自提状态 年龄 性别 生日
        重量 库存 操作 积分抵扣 余额 定金 押金 毛利 利润 税额 税率
    """,
}
"""Field → its spellings, best first, separated by blanks (no spelling contains one)."""

# When no spelling fits exactly: part of the heading, and what must not stand in it.
_HINTS: tuple[tuple[str, Field, str], ...] = (
    (r"跟团号|接龙号", Field.GROUP_NO, ""),
    (r"订单(编|号)", Field.ORDER_NO, r"外部|物流|快递|退款|支付"),
    (r"退款.*金额|金额.*退款", Field.REFUND, r"运费|指派|未|申请|可退"),
    (r"退款.*状态|售后.*状态", Field.REFUND_STATUS, ""),
    (r"(手机|电话)", Field.PHONE, r"分销|挂账|团长|店|商家|员工|发货|推荐|客服|供应|导购|是否"),
    (r"备注|留言", Field.BUYER_REMARK, r"团长|商家|卖家|店|内部|分销|供应"),
    (r"(团长|商家|卖家|店主|内部).*备注", Field.SELLER_REMARK, ""),
    (r"(收货|提货|收件|送货|配送|详细).*地址", Field.ADDRESS, r"发货|店|自提点"),
    (r"(收货|提货|收件|取货)人", Field.RECEIVER, r"手机|电话|地址|省|市|区|身份|备注"),
    (r"昵称|微信名", Field.BUYER, r"团长|分销|店|推荐|商品"),
    (r"^(购买|下单|订购|商品).*(数量|件数|份数)$", Field.QUANTITY, r"种类|退|发货|剩|库存"),
    (r"(下单|创建|接龙|跟团).*(时间|日期)", Field.ORDERED_AT, ""),
    (r"(支付|付款).*(时间|日期)", Field.PAID_AT, ""),
    (r"(自提|提货|取货|送达).*(时间|时段)", Field.PICKUP_TIME, r"核销|实际"),
    (r"订单状态|交易状态", Field.STATUS, ""),
)


_SIMPLE = str.maketrans(
    "訂單號數購買電話機時間備註貨員團龍實總價規稱樓棟戶態狀詳細聯絡額商運費優惠課產產",
    "订单号数购买电话机时间备注货员团龙实总价规称楼栋户态状详细联络额商运费优惠课产产",
)
"""Traditional characters of the headings, as a client from Hong Kong or Taiwan prints them."""


def plain(heading: object) -> str:
    """Return a heading without what varies: width, blanks, brackets, colons, case, script."""
    if heading is None:
        return ""
    text = unicodedata.normalize("NFKC", str(heading)[:80])
    text = re.sub(r"[\s\u200b-\u200f\ufeff*＊:：_]+", "", text).lower()
    text = text.translate(_SIMPLE)
    shortened = re.sub(r"[(\[【].*?[)\]】]", "", text)
    return shortened or text


def _table() -> dict[str, tuple[Field, int]]:
    table: dict[str, tuple[Field, int]] = {}
    for field, spellings in SYNONYMS.items():
        for rank, spelling in enumerate(spellings.split()):
            table.setdefault(plain(spelling), (field, rank))
    return table


_BY_SPELLING = _table()
HINT_RANK = 100
"""Ranks from here on are guesses by part of the heading, not known spellings."""


def meaning(heading: object) -> tuple[Field, int] | None:
    """Return the field a heading names and the rank of its spelling (0 is best), or ``None``."""
    text = "" if heading is None else str(heading)
    return _meaning(text) if len(text) <= _LONGEST else None


_LONGEST = 60


@lru_cache(maxsize=8_192)
def _meaning(heading: str) -> tuple[Field, int] | None:
    text = plain(heading)
    if not text or len(text) > 24:
        return None
    if found := _BY_SPELLING.get(text):
        return found
    # 金额元, 单价/元: a unit of money without brackets.
    if found := _BY_SPELLING.get(re.sub(r"[/,]?(元|rmb|￥|¥)$", "", text)):
        return found
    for rank, (part, field, unless) in enumerate(_HINTS):
        if re.search(part, text) and not (unless and re.search(unless, text)):
            return field, HINT_RANK + rank
    return None


def is_spelling(text: str) -> bool:
    """Return whether ``text`` is a known heading letter by letter: quick, for rows of data."""
    return text.strip().lower() in _BY_SPELLING


def numbered(heading: object) -> tuple[Field, int, int] | None:
    """Return (field, rank, number) for headings that repeat with a number: 商品1, 数量1, 商品2."""
    if not (match := re.fullmatch(r"(.*?\D)(\d{1,2})", plain(heading))):
        return None
    found = _BY_SPELLING.get(match[1])
    goods = {Field.GOODS, Field.SPEC, Field.QUANTITY, Field.UNIT_PRICE, Field.ITEM_AMOUNT}
    if found is None or found[0] not in goods | {Field.AMOUNT}:
        return None
    return found[0], found[1], int(match[2])


PLATFORM_MARKS: dict[str, tuple[str, ...]] = {
    "快团团": ("跟团号", "团员备注", "团长备注"),
    "群接龙": ("接龙号", "商品合计", "下单序号", "团长id"),
    "有赞": (
        "归属店铺",
        "买家付款时间",
        "订单商品状态",
        "订单实付金额",
        "商品金额小计",
        "下单网点",
    ),
    "微店": ("商品型号", "商品件数", "单品折扣后价格", "下单模板信息", "单品件数", "客服指派退款"),
}
"""Headings that only one platform prints."""


def platform(headings: list[str], sheet_name: str = "") -> str:
    """Return the platform whose headings these are, ``other`` when none is recognised."""
    words = {plain(heading) for heading in headings}
    score = {name: sum(mark in words for mark in marks) for name, marks in PLATFORM_MARKS.items()}
    if sheet_name == "excelReport":
        score["微店"] += 1
    best = max(score, key=lambda name: score[name])
    return best if score[best] else "other"
