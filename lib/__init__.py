"""The rooms of Linli, and the words of the trade.

Layers, each importing only what stands to its right:
``pages``, ``lib.web`` → ``lib.ui`` → topics (``lib.trade``, ``lib.supply``, ``lib.trust``,
``lib.service``, ``lib.members``) → ``lib.shop`` → ``lib.db`` → ``lib.kernel``.

Glossary, English name in code → word the shop uses:

======================  ==============  =======================================================
in code                 in the shop     meaning
======================  ==============  =======================================================
chain, chain order      接龙            the numbered list residents extend in the group chat
chain entry             接龙条目        one resident's line (or lines) of a chain
round                   一期团 / 开团   several products offered at a price until a cut-off
offer                   团品            one product of a round with its price
cut-off                 截单            the moment after which a round takes no more orders
order, order line       订单 / 明细     what one resident wants of one round; one product of it
sale unit               销售单位        what the price is per: 斤, 份, 盒, 板 …
jin                     斤              500 g
conversion              换算            how many sale units a package word means (1 板 = 30 个)
pickup, pickup slot     自提 / 时段     collecting at the shop; the hours for it
pickup desk             取货台          where goods are handed over
pick list               分拣单          how much of each product to put out
pack slip               配货单          what goes into one resident's bag
handover                交货            goods given to the resident, a ledger
walk-in                 到店散客        an order typed at the counter
transfer, cash, balance 微信转账 现金 余额  ways of paying
weigh correction        称重多退少补    the amount by actual weight instead of ordered weight
cash-up                 日结            counting the till against the books
welfare item            福利品          goods at or slightly below cost, said aloud
limit, allowance        限购            the most a household may order; what of it is still free
quota                   目标            how often something should happen in a week or month
owed goods              欠补            goods promised to a resident and not yet given
cost sheet              价格公示        where each yuan of a price goes, published and never altered
price sheet             价格公示        what screens and residents call a cost sheet
draft                   下一份公示      what the next sheet would say, read from the books
fingerprint             核对码          knows a sheet by its contents and the fingerprint before it
books                   账              what goods cost and bring; sheets and profit read the same
settled day             已结的天        a past day whose sums stand until something of it changes
let go                  让掉的钱        of what orders cost: refunded, rounded off, fees given back
kept, given             店里留的 / 让利 the price less all costs; below zero it is given
supplier                供货商 / 伙伴   a grower, processor, factory or trader the shop buys from
supply term             供货条件        price, case and least quantity of a product from a supplier
agreement               供货协议        weekly settlement, supply on demand, no large prepayment
supplier paper          证照            licence or certificate of a supplier, with its validity
purchase order          采购单          what is asked of a supplier
receiving               收货            counting in what came; ordered, received, rejected
batch                   批次            one product of one delivery; has evidence and a public page
evidence                溯源资料        photo, clip or test report of a supplier, product or batch
origin page             溯源页          what residents see of a batch
voucher                 进货凭证        the delivery note kept as the law asks
shortage split          缺货分配        who gets how much when too little came
stock, on hand          库存            what lies in the shop, per batch; a ledger
reserved, free          已订 / 可卖     ordered and not yet handed over; on hand less that
sold out                售罄            there was nothing left to sell: low sales are no low demand
staple                  常备品          bought on several fixed days a week
plan                    进货计划        what to buy on which day, with the reckoning in a sentence
slow mover              滞销预警        sold less than half of what was prepared, 3 days running
clearance               促清            what is done about goods that do not sell
community label         社区标签        the community's own label on a product
claim                   索赔            money the shop wants back from a supplier
statement               周结对账单      what is owed to a supplier for one week
recall                  召回            calling a batch back from everybody who bought it
demand                  心愿            something residents asked the shop to buy
wish                    提心愿          one resident asking for it; screens say wish for both
not yet                 暂时没有        a demand that comes back on a day, with a reason
declined                做不到          a demand that cannot be met, with a reason
untold                  还没通知        who asked for what is on offer and was not told
wish note               居民留言        a wish sent from the light page, read by a person first
source                  货源            who was asked whether they can deliver what is wished for
promotion               促销            goods offered below what they were sold for
charge, charged         成交价          a price at which goods were really ordered
compared price          划线价 / 原价   a price set beside another; computed, or with a basis
by hand                 手工            a cost line somebody typed; all others are from the books
pledge, made good       坏果包赔        money, goods and freight given for what was wrong
activity                社区活动        a workshop or swap for neighbours
tip                     小贴士          one useful thing a day for the group, no advertising
topic                   话题            a question for the group
wording, placeholder    文案 / 占位符   the text of an event, and what is filled in
channel, robot          群机器人        where a message can be sent by itself
sent log                发送记录        what was posted, when and by whom
after-sales case        售后            something that was wrong with goods sold
turn                    一次处理        one opening of a case, with a solution clock of its own
breach                  超时            a promise that ran out; nothing erases it
pause                   等照片          the solution clock stands still until the photo comes
double                  重复的售后      a second case of one complaint, joined with the first
look                    图像特征        64 marks of a photo, to know a copy of it again
follow-up               回访            asking the resident afterwards whether all is well
complaints ledger       售后台账        every case with what became of it, and what they add up to
month's letter          供货商月信      one page to a supplier: complaints, claim, what we ask
household               一户            everyone at one building / unit / room
member                  会员 / 邻居     a resident the shop knows
points, pending         积分 / 待到账   for yuan paid; available once the after-sales time is over
settle                  到账            pending points become available
reward, redemption      可换的 / 兑换   what points are given for; giving them for it
coupon, threshold       券 / 满多少可用 money off one order by its code, from an amount on
liability               欠大家的分      what points, coupons and redeemed goods still cost the shop
birthday, said as       生日 / 原话     solar or lunar; what was typed
leap month              闰月            a lunar month that comes twice in a year
festival                节日            a day the neighbourhood keeps, solar or lunar
gift                    礼物            given once per person and year, per household at festivals
preference, tag         喜好 / 标签     what somebody likes, accepted by a person; neutral words
missed, newcomer        没见 / 新邻居   away for longer than usual; here for the first time
consent, withdrawal     同意 / 撤回     to what, in which words, when and how; taken back at once
opening                 查看记录        somebody looked into a member's file
erasure, anonymous      注销 / 匿名     personal data gone, sums of the books kept
clean-up                清理            what may not be kept longer goes, once a month
round off               抹零            dropping the odd fen or jiao, only downwards
======================  ==============  =======================================================
"""
