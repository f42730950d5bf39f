"""Every practice that works names its page and its test, in one table.

The table in README.md and README.zh-CN.md is written from this one::

    python -m tests.test_practices
"""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

from lib.ui import navigation
from lib.web.routes import ROUTES

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- practices -->", "<!-- /practices -->"


@dataclass(frozen=True)
class Practice:
    """A practice of the mission: its number, what works, its page or route, its test."""

    number: str
    english: str
    chinese: str
    page: str
    test: str


TABLE: tuple[Practice, ...] = (
    Practice(
        "R33",
        "a member's purchases, rhythm, favourites and likings in one file; a liking is suggested "
        "with its count and period and kept only by a person and with consent; never for a price",
        "会员档案里看得到买过什么、多久来一次、最爱买什么；喜好按次数和时段推荐，经人确认并征得同意才记，"
        "绝不用来定价",
        "/members",
        "tests/members/habits/test_likings.py::test_a_suggestion_says_how_often_and_since_when",
    ),
    Practice(
        "R33",
        "who is missed, who is new, who comes regularly, at a glance; the text that wins somebody "
        "back, with consent and once a month",
        "一眼看出谁好久没来、谁是新客、谁是常客；请人回来的消息，征得同意才发，一个月一次",
        "/members",
        "tests/members/habits/test_seen.py::test_three_kinds_of_members",
    ),
    Practice(
        "R33",
        "two files of one person side by side, with what they become and what could not be undone, "
        "before they are merged",
        "同一个人的两份档案先并排对比：合并以后是什么样、哪些撤不回来，看清再合并",
        "/members",
        "tests/members/habits/test_doubles.py::test_the_preview_says_what_merging_then_does",
    ),
    Practice(
        "R33",
        "a resident found by name, pinyin in full, short or mixed, end of the phone, room, number "
        "or card, at once among 20,000",
        "按昵称、拼音（全拼、首字母、混拼）、手机尾号、房号、号码或会员卡找人，两万会员也立刻找到",
        "/members",
        "tests/members/profiles/finding/test_finding.py::test_a_resident_is_found_by_everything",
    ),
    Practice(
        "R33",
        "a member card with a QR code that says nothing of anybody; a lost one finds nothing",
        "带二维码的会员卡，码里没有个人信息；丢了补一张，旧卡作废",
        "/members",
        "tests/members/profiles/cards/test_cards.py::test_a_lost_card_finds_nothing",
    ),
    Practice(
        "R36",
        "1 yuan really paid is 1 point, in a ledger that only grows: pending until the after-sales "
        "time is over, taken back line by line, nothing twice, spent and returned is owed",
        "实付 1 元积 1 分，明细只增不改：过了售后期才可用，退款按商品扣回，同一笔不会算两次，"
        "用掉后退货记为欠分",
        "/members",
        "tests/members/points/test_histories.py::test_the_ledger_says_what_a_second_reckoning_says",
    ),
    Practice(
        "R36",
        "the rule of points is a promise: begun by the owner with its effect shown, changed for "
        "later orders only, every version on record; a statement for the resident to copy",
        "积分规则是承诺：店主开始时看得到效果，只能对以后的订单改，历次规则都在；对账文字可直接发给居民",
        "/rewards",
        "tests/pages/test_points.py::test_the_rule_is_changed_for_a_day_to_come",
    ),
    Practice(
        "R37",
        "points become eggs or a coupon with one touch, the rest stays: goods join the next pick "
        "list or are handed over at once; taken back in one step with its points",
        "积分一点就换鸡蛋或券，余分照留：东西进下一张拣货单，也可当场给；撤销时积分一并退回",
        "/rewards",
        "tests/members/rewards/test_redeem.py"
        "::test_goods_are_owed_join_the_next_order_and_leave_the_stock_when_given",
    ),
    Practice(
        "R37",
        "a coupon has a code, a picture and a last day, holds once, from the order the owner set, "
        "and never comes out as cash",
        "券有券码、二维码和到期日，满额可用、只用一次，绝不折现",
        "/rewards",
        "tests/members/rewards/test_coupons.py::test_refunds_never_give_it_out_as_cash",
    ),
    Practice(
        "R37",
        "what points promise stands in yuan beside the margin, with its rule; what they cost is in "
        "price sheet and profit; terms change for the future only",
        "积分欠账折成元写在利润旁边，算法写明；积分成本进价格表和利润；条件只改以后",
        "/profit",
        "tests/members/rewards/test_coupons.py::test_what_is_promised_in_yuan_follows_what_is_held",
    ),
    Practice(
        "R33",
        "consents for birthday, likings and offers: each by itself, word for word, taken back in "
        "one touch with effect at once",
        "生日、喜好、优惠分别征求同意，原文留底；一键收回，立即生效",
        "/members",
        "tests/members/consents/test_consents.py::test_taking_a_birthday_back_deletes_it_at_once",
    ),
    Practice(
        "R33",
        "no field for health, pregnancy or children; notes are looked through, tags and hints "
        "refused",
        "没有记健康、怀孕、孩子的地方；备注会提醒，标签和提示直接不收",
        "/members",
        "tests/shop/test_sensitive.py::test_no_column_is_there_for_it",
    ),
    Practice(
        "R33",
        "a privacy notice made from the settings, public and printable",
        "隐私说明随设置生成，人人可看、可打印",
        "/p/privacy",
        "tests/web/test_privacy.py::test_it_says_who_how_long_and_what_never",
    ),
    Practice(
        "R33",
        "retention periods and a monthly clean-up that shows what it will do",
        "保留期限可设，每月清理先看清单再动手",
        "/privacy",
        "tests/members/clean_up/test_clean_up.py"
        "::test_a_file_goes_the_day_its_time_is_over_and_not_before",
    ),
    Practice(
        "R33",
        "a resident's data given out as a file: complete, readable, nobody else's",
        "居民本人资料一键导出：完整、看得懂、不带别人的",
        "/members",
        "tests/members/erasure/test_data_file.py"
        "::test_all_of_hers_stands_in_it_and_nothing_of_others",
    ),
    Practice(
        "R33",
        "a resident's data erased without a trace while the books stand; a restored backup forgets "
        "them again",
        "居民资料可彻底删除，账目不变；恢复旧备份会再次删除",
        "/members",
        "tests/members/erasure/test_no_trace.py::test_no_row_of_any_table_names_them",
    ),
    Practice(
        "R33",
        "staff see masked phones; who looked into a member file is journalled",
        "店员看到的手机号打码；谁看过会员档案都有记录",
        "/members",
        "tests/pages/test_staff_see_masked_phones.py"
        "::test_staff_see_masks_on_every_page_of_the_desk",
    ),
    Practice(
        "R19",
        "welfare items at or slightly below cost: planned with the sum they give and a budget, "
        "offered in one step, cost frozen; what was given back this month and year",
        "福利品平价或略低于成本：计划时就算出让利和预算，一步上团、成本定住；本月本年让利随时看",
        "/welfare",
        "tests/trust/welfare/test_queries.py::test_what_was_given_is_what_was_ordered_and_not_refunded",
    ),
    Practice(
        "R19",
        "the text for the group says at cost only where a published sheet shows just this cost",
        "公示过这个成本，群文案才写“成本价”",
        "/welfare",
        "tests/trust/welfare/test_queries.py::test_at_cost_is_said_only_with_a_published_sheet",
    ),
    Practice(
        "E4",
        "orders beyond a household's limit, by any two of one home, are decided before they are "
        "booked; nothing is cut silently",
        "一户里谁订都算在一起；超出限购先由人决定再登记，不会悄悄砍单",
        "/chain",
        "tests/trade/orders/test_allowance.py::"
        "test_a_preview_marks_two_members_of_one_home_and_two_entries_of_one",
    ),
    Practice(
        "R16",
        "a wish is on offer or answered in 72 h: countdown, sources asked, one step to an offer",
        "心愿 72 小时内上架或答复：倒计时、问货源、一步建商品上架",
        "/demands",
        "tests/trust/demands/test_rules.py::test_the_clock_of_a_wish",
    ),
    Practice(
        "R17",
        "not possible yet needs a reason and a day; on that day it comes back, its text is ready",
        "暂时没有要写原因和答复日期；到期自动回来，群消息写好",
        "/demands",
        "tests/trust/demands/test_commands.py::test_not_yet_keeps_reason_and_day",
    ),
    Practice(
        "R15",
        "wishes read out of pasted chat, ticked by a person; the same paste again adds nothing",
        "粘贴群聊就能挑出心愿，由人勾选；同一段再贴不会重复",
        "/demands",
        "tests/trust/demands/chat/test_taking.py::test_the_same_paste_again_adds_nothing",
    ),
    Practice(
        "R15",
        "wishes written alike are shown side by side, merged by a person, taken apart again",
        "写法相近的心愿并排显示，由人合并，也能拆开恢复原样",
        "/demands",
        "tests/trust/demands/merging/test_identity.py::"
        "test_merge_then_undo_is_the_identity_and_nobody_is_lost",
    ),
    Practice(
        "R15",
        "residents send a wish without an account; a person reads it, nothing appears by itself",
        "居民不用注册就能留心愿；先由人看，不会自动公开",
        "/p/wishes",
        "tests/web/test_wishes.py::test_a_wish_is_sent_thanked_for_and_waits",
    ),
    Practice(
        "R18",
        "everybody who asked is called by @name, ticked when sent; who then bought is counted",
        "上架后@每位想要的人，发完打勾；后来谁买了有统计",
        "/demands",
        "tests/trust/demands/launch/test_launch.py::test_exactly_those_in_a_message_are_told",
    ),
    Practice(
        "R20",
        "a price beside another is at most the lowest really charged in the 7 days before, or says "
        "its basis",
        "划线价不高于近7天真实成交的最低价，否则须写明依据",
        "/rounds",
        "tests/trade/charged/test_rules.py::test_80_then_100_then_90_compares_with_80",
    ),
    Practice(
        "R20",
        "what is cheaper now, each with the lowest price charged before it began",
        "正在优惠的商品，每个都写明优惠前的最低成交价",
        "/prices",
        "tests/trust/promotions/test_promotions.py::test_raised_first_and_lowered_then_shows",
    ),
    Practice(
        "R9",
        "licences and certificates by kind; what is missing, what expires, said beside the goods",
        "证照分类登记；缺什么、什么快到期，商品旁也会写明",
        "/suppliers",
        "tests/supply/papers/test_papers.py::test_the_missing_paper_list",
    ),
    Practice(
        "R1",
        "suppliers with their distance, a reason beyond the radius, the share bought near by",
        "供货商距离，较远要写理由；本月本地进货占比",
        "/suppliers",
        "tests/supply/suppliers/test_rules.py::test_a_reason_is_asked_beyond_the_radius_only",
    ),
    Practice(
        "R2",
        "agreements warned of before they end; one statement a week per supplier, to the fen",
        "协议到期提醒；每家每周一张对账单，分毫不差",
        "/statements",
        "tests/supply/statements/test_rules.py::"
        "test_the_lines_add_up_to_what_is_payable_to_the_fen",
    ),
    Practice(
        "R4",
        "units per week and weekday, rising or falling with its rule; sold-out days are left out",
        "每周每天卖多少，涨跌附判断依据；售罄的日子不计入",
        "/rhythm",
        "tests/supply/rhythm/test_rules.py::test_selling_out_is_not_low_demand",
    ),
    Practice(
        "R5",
        "what to buy on three days a week with the arithmetic, one step to the suppliers' orders",
        "一周三次进货，数量附算式，一步生成采购单；上周试算",
        "/plan",
        "tests/pages/test_plan.py::test_from_plan_to_orders_to_suppliers",
    ),
    Practice(
        "R3",
        'the community\'s own labels: versions, approval, what is left of the run; "only here"',
        "本小区自己的标签：版本、批准、剩余枚数；公开页写“本小区专供”",
        "/labels",
        "tests/supply/labels/test_labels.py::test_a_new_version_ends_the_old_one",
    ),
    Practice(
        "R6",
        "slow movers per product and category, early notice, money at risk; any past period",
        "滞销预警：按商品和分类，提前提醒，可能损失的钱；往年数据也能查",
        "/slow",
        "tests/supply/clearance/test_imported.py::test_random_figures_through_the_import_give_what_the_mission_says",
    ),
    Practice(
        "R7",
        "clearance from the warning: money with and without it, text, measured afterwards",
        "促清：做与不做的损失、群文案、事后算效果",
        "/slow",
        "tests/pages/test_slow.py::test_a_clearance_from_the_warning_to_the_result",
    ),
    Practice(
        "R8",
        "photos, clips and test reports per supplier, product and batch; published one by one; age "
        "of the last test",
        "供货商、商品、批次的照片、视频和检测报告；逐份公开；上次检测距今几天",
        "/evidence",
        "tests/supply/traceability/test_evidence.py"
        "::test_a27_published_evidence_is_public_until_it_is_withdrawn",
    ),
    Practice(
        "R8",
        "the code on a label leads residents to the report of that very batch: who grew it, how "
        "far away, clips, papers in force, its price sheet",
        "扫标签上的码，直接看到这一批的检测报告：谁种的、多远、视频、有效证照、对应的价格公示",
        "/p/origin",
        "tests/browser/test_origin.py"
        "::test_two_taps_lead_from_the_code_to_the_report_of_this_batch",
    ),
    Practice(
        "R8",
        "labels, posters and the text per batch; which fresh suppliers the group has not seen this "
        "week; a dossier of everything known",
        "每个批次的标签、海报和群里的话；本周哪家生鲜还没发群；一键追溯档案",
        "/batches",
        "tests/supply/batches/test_queries.py"
        "::test_fresh_suppliers_the_group_has_not_seen_this_week",
    ),
    Practice(
        "R8",
        "recall: sale stopped, everybody who has goods of the batch told and paid back, recorded "
        "as section 63 asks",
        "召回：停售，逐户通知和退款，按食品安全法第 63 条留下记录",
        "/recall",
        "tests/supply/recall/test_recall.py::test_it_reaches_whoever_has_goods_of_the_batch",
    ),
    Practice(
        "R20",
        "costs add up to the price to the fen; sheets are dated, chained and never altered",
        "成本加起来正好等于价格；公布的单子有日期、有核对码、不能改；邻居有轻便页面",
        "/p/prices",
        "tests/trust/costs/test_rules.py::test_the_parts_always_add_up_to_the_price",
    ),
    Practice(
        "R20",
        "anybody checks the chain of sheets with SHA-256; the shop's own check names every sheet "
        "that was altered, rewritten, added or taken away",
        "谁都能用 SHA-256 核对全部公示；本店的核对会指出哪一号被改动、改写、添加或删除",
        "/p/prices/chain.json",
        "tests/trust/costs/checking/test_checking.py"
        "::test_a_sheet_rewritten_with_all_that_follow_is_still_found",
    ),
    Practice(
        "R20",
        "the owner sees the residents' page before it is published",
        "发布前先看居民会看到的页面",
        "/preview/prices",
        "tests/web/test_preview.py::test_the_preview_is_what_residents_see_once_it_is_published",
    ),
    Practice(
        "E17",
        "price poster and long picture for the group, light and dark, with the sheet's figures",
        "发群的价格海报和长图，浅色深色，数字和公示一样",
        "/costs",
        "tests/web/test_picture_and_page.py::test_picture_and_page_say_the_same_figures",
    ),
    Practice(
        "R20",
        "cost per unit from the books: batches by what was sold, loss, bags, delivery, refunds; "
        "what is typed by hand is marked",
        "每份成本从账上算：批次进价按卖出加权，损耗、包装、送货、赔付都在内；手填的有标记",
        "/costs",
        "tests/trust/costs/test_draft.py"
        "::test_a_batch_that_comes_later_changes_the_next_sheet_never_a_published_one",
    ),
    Practice(
        "R21",
        "pickup slots with their load; words in a chain become slots",
        "自提时段和人数；接龙里的话自动认成时段",
        "/pickup",
        "tests/service/pickup/test_queries.py::test_the_load_of_a_day",
    ),
    Practice(
        "R21",
        "a full slot is asked about, an order moved with one touch and taken back",
        "时段满了先问一声；点一下改时段，可撤销",
        "/slots",
        "tests/pages/test_slots.py::test_a_full_slot_is_asked_about",
    ),
    Practice(
        "R21",
        "the usual slot of a resident, suggested from the last orders, used where none is said",
        "居民常来的时段：按最近的单提示，没说时段时自动用上",
        "/slots",
        "tests/trade/orders/test_usual.py::test_an_order_of_a_chain_or_file_without_a_slot",
    ),
    Practice(
        "R22",
        "who is still to come in a slot, with the text for the group (rooms only)",
        "这个时段谁还没来，附可复制的提醒（只写房号）",
        "/pickup",
        "tests/service/pickup/test_queries.py::test_the_reminder_names_homes_and_nobody",
    ),
    Practice(
        "R22",
        "the reminder an hour before a slot, made and sent by the robot once, also when late",
        "时段前一小时自动出名单，机器人只发一次；晚了也不会丢",
        "/slots",
        "tests/service/reminders/test_commands.py"
        "::test_a_reminder_whose_hour_passed_while_the_program_was_off",
    ),
    Practice(
        "R22",
        "what was not collected, with until when it is kept",
        "没取的单和留到哪天",
        "/slots",
        "tests/service/pickup/test_keeping.py::test_what_goes_first_stands_first",
    ),
    Practice(
        "R23",
        "door delivery by need: who, until when and how to hand over, with the consent word for "
        "word, never why; ends with one touch, and the hint is deleted",
        "按需送上门：给谁、到哪天、怎么交，留下同意的原话，不记原因；一点就停，提示随即删除",
        "/delivery",
        "tests/service/delivery/needs/test_needs.py"
        "::test_consent_taken_back_deletes_the_hint_and_keeps_the_proof",
    ),
    Practice(
        "R23",
        "only inside the community; an order without a need is decided by somebody, one without a "
        "building is asked for it",
        "只送本小区；没有登记的由人定，没写楼栋的先问",
        "/delivery",
        "tests/service/delivery/test_delivery.py::test_nothing_is_brought_beyond_the_community",
    ),
    Practice(
        "R23",
        "the walk by building, unit and floor, on the phone with money at the door and undo",
        "按楼栋、单元、楼层走，手机上一点送到、顺手收钱，可撤回",
        "/delivery",
        "tests/pages/test_delivery.py::test_money_is_taken_at_the_door_in_the_same_touch",
    ),
    Practice(
        "R23",
        "the walking list on paper: goods, how to hand over, amount to collect, no phone number",
        "纸质送货单：商品、怎么交、要收多少，不印电话",
        "/print/delivery",
        "tests/web/test_prints.py::test_the_walking_list_says_how_and_never_why",
    ),
    Practice(
        "R24",
        "delivery paid by the shop or free from an amount, worked out anew whenever an order "
        "changes, never raised after it was paid",
        "送货费店里出，或满额免送；订单一改就重算，付过只减不加",
        "/orders",
        "tests/trade/orders/delivery/test_commands.py::test_a_fee_is_never_raised_after_it_was_paid",
    ),
    Practice(
        "R24",
        "how much more makes delivery free: at the counter while typing, on the order, as a text",
        "还差多少免送货费：柜台边打边看，订单上有，也能发给居民",
        "/counter",
        "tests/pages/test_delivery.py::test_a_walk_in_says_it_while_typing",
    ),
    Practice(
        "R25",
        "packaging ticks on the slip by product tag and season",
        "配货单按商品标签和季节打包装勾选框",
        "/pick",
        "tests/service/picking/test_rules.py::test_packaging_follows_tags_and_settings",
    ),
    Practice(
        "R25",
        "what really went into a bag, ticked with one touch or by number; else handing over books "
        "what the rule says, once",
        "每袋实际放了什么，一点就记，也能改数量；没记的交货时按规则自动记一次",
        "/pick",
        "tests/service/packing/test_commands.py::test_handing_over_uses_what_the_rule_says_once",
    ),
    Practice(
        "R25",
        "material bought, counted and thrown away; what is left, how long it will do, when to buy "
        "again, with the text for the shop that sells it",
        "包材进货、盘点、报废；还剩多少、够用几天、什么时候补，附订货的话",
        "/packaging",
        "tests/pages/test_packaging.py"
        "::test_down_to_the_reorder_point_there_is_a_text_that_orders_it",
    ),
    Practice(
        "R20",
        "packaging of every bag as it really was, in price sheet and profit",
        "包装成本按每袋实际用的算进价格公示和利润",
        "/costs",
        "tests/trust/books/test_bags.py::test_profit_and_sheet_tell_the_same_packaging",
    ),
    Practice(
        "E7",
        "slips and pick list on paper with owed goods, packing ticks and how long it is kept",
        "配货单和拣货单上有欠补、包装勾选和保留到哪天",
        "/print/slips",
        "tests/web/test_prints.py"
        "::test_owed_goods_stand_on_the_slip_of_the_next_order_and_on_the_pick_list",
    ),
    Practice(
        "R12",
        "activities with checklist, cost per head, who came, what they ordered before and after; "
        "photos of children by the parents' consent only",
        "活动：清单、人均花费、来了谁、前后各几天的订单；孩子的照片要家长同意才公开",
        "/community",
        "tests/trust/community/test_photos.py::test_publishing_children_without_consent_is_refused",
    ),
    Practice(
        "R13",
        "a bank of tips, one proposed a day, ticked when sent, none again within the days; tips "
        "against offers from what was sent",
        "小贴士库：每天建议一条，发了打勾，规定天数内不重复；贴士和推销的比例按实际发的算",
        "/community",
        "tests/trust/community/test_tips.py"
        "::test_a_tip_is_not_repeated_within_the_days_of_the_setting",
    ),
    Practice(
        "R14",
        "topics for the week; pasted answers become one wish in one step, each resident once",
        "每周话题；贴进来的回答一步变成心愿，每位邻居只算一次",
        "/community",
        "tests/trust/community/test_topics.py::test_an_answer_becomes_a_wish_in_one_step",
    ),
    Practice(
        "E1",
        "orders from 接龙 text and order files, previewed, confirmed once, never twice",
        "接龙和订单文件：先预览，确认一次，不会重复",
        "/chain",
        "tests/pages/test_chain_page.py::test_decided_by_clicking_and_booked_once",
    ),
    Practice(
        "E2",
        "rounds: cut-off, extend, close early, closed days, copy the last",
        "团购：截单、延长、提前截单、休息日、复制上期",
        "/rounds",
        "tests/trade/rounds/test_rounds.py::test_extending_moves_the_cut_off_and_reopens",
    ),
    Practice(
        "E3",
        "purchase orders rounded to cases with the remainder shown; below a minimum is warned of",
        "采购单按整箱凑整，多少写明白；低于起订量会提醒",
        "/purchase",
        "tests/pages/test_purchase.py::test_orders_are_made_from_a_round_and_rounded",
    ),
    Practice(
        "E4",
        "limit per household across orders; nothing sold beyond what there is",
        "每户限购跨订单计算；不会超卖",
        "/rounds",
        "tests/trade/orders/test_orders.py::test_a_limit_per_household_counts_across_orders_and_people",
    ),
    Practice(
        "E4",
        "stock per batch: on hand, reserved, free; counter sales, waste, returns, counts, undo",
        "按批次记库存：在店、已订、可卖；零售、报损、退货、盘点，可撤回",
        "/stock",
        "tests/supply/stock/test_queries.py::test_what_is_ordered_and_not_collected_is_reserved",
    ),
    Practice(
        "E5",
        "totals per supplier to copy or print, without residents and without prices",
        "按供货商汇总，可复制、打印，不写邻居也不写价",
        "/print/purchase",
        "tests/web/test_prints.py::test_what_is_on_order_stands_per_supplier_without_prices",
    ),
    Practice(
        "E6",
        "receiving with rejects and photo; a shortage is shared out so that it adds up",
        "收货可拒收、拍照；缺货当场分配，加起来正好等于到的货",
        "/receive",
        "tests/supply/purchasing/test_shortage.py"
        "::test_shortage_splits_add_up_to_what_was_received",
    ),
    Practice(
        "E7",
        "pick list per product, slips sorted by building",
        "按商品的分拣单，按楼栋排的配货单",
        "/pick",
        "tests/service/picking/test_queries.py::test_slips_lie_in_walking_order_and_name_no_phone",
    ),
    Practice(
        "R10",
        "rotten fresh goods: whole units are paid back and given anew, of a part the share or one "
        "more; worked out, bettered but never lessened, offered and accepted both kept",
        "鲜货坏了：整份的退款再补一份，坏一部分退那部分或补一份；自动算好，可多给不能少给，承诺与实际都留底",
        "/after_sales",
        "tests/service/after_sales/remedies/test_rules.py::test_rotten_fresh_goods",
    ),
    Practice(
        "R11",
        "daily goods with a fault: return or exchange, the shop pays the way; what came back is "
        "recorded with what became of it",
        "日用品有毛病：退货或换货，运费本店出；退回来的货怎么处理都有记录",
        "/after_sales",
        "tests/service/after_sales/remedies/test_commands.py"
        "::test_daily_goods_come_back_and_the_shop_pays_the_way",
    ),
    Practice(
        "R29",
        "owed goods are a ledger: they join the next order's pick list, slip and handing over by "
        "themselves, or wait for their day, and age in view",
        "欠补是一本账：自动跟着下一单分拣、配货、交货，没有订单就按日子等着，拖多久都看得见",
        "/pickup",
        "tests/service/pickup/test_promised.py"
        "::test_all_of_it_goes_in_one_touch_and_comes_back_in_one",
    ),
    Practice(
        "E10",
        "a solution is one save: refund with its case, owed goods, goods taken back; taken back "
        "exactly, the case open again",
        "一次处理一步记完：退款挂售后单、欠补、退货一起入账；撤回也一分不差，售后单重新打开",
        "/after_sales",
        "tests/service/after_sales/remedies/test_commands.py"
        "::test_whatever_is_agreed_and_taken_back_every_fen_is_accounted_for",
    ),
    Practice(
        "E15",
        "what the pledge costs (money, goods given at their batch's price, freight) in price sheet "
        "and profit",
        "包赔的花费（退款、补货按批次进价、运费）都算进价格公示和利润",
        "/profit",
        "tests/trust/books/test_promises.py"
        "::test_profit_and_sheet_say_the_same_and_settled_days_stay_right",
    ),
    Practice(
        "E8",
        "the desk finds an order by a scanned member card, too",
        "取货台扫会员卡也能找到订单",
        "/pickup",
        "tests/service/pickup/test_queries.py"
        "::test_the_desk_finds_by_a_scanned_card_and_by_the_number_of_the_file",
    ),
    Practice(
        "E8",
        "pickup desk: find, hand over all or part, undo",
        "取货台：找人、全交、部分交、撤销",
        "/pickup",
        "tests/service/pickup/test_commands.py::test_the_ledger_holds_whatever_happens",
    ),
    Practice(
        "E9",
        "transfer, cash, balance; weighing; daily cash-up",
        "转账、现金、余额；称重多退少补；日结",
        "/cashup",
        "tests/trade/payments/test_payments.py::test_the_till_is_counted_against_the_books",
    ),
    Practice(
        "E10",
        "refunds are rows with a reason, never more than was paid",
        "退款逐笔记录并写原因，绝不多退",
        "/orders",
        "tests/trade/payments/test_payments.py::test_many_refunds_at_once_never_exceed_what_was_paid",
    ),
    Practice(
        "E11",
        "who changed what, when, from what to what; sealed",
        "谁在什么时候把什么改成了什么；带封印",
        "/journal",
        "tests/shop/test_shop.py::test_a_tampered_journal_is_found_at_its_first_bad_row",
    ),
    Practice(
        "E12",
        "every table as Excel and CSV without live formulas",
        "每张表都能导出 Excel 和 CSV，没有活公式",
        "/orders",
        "tests/shop/test_export.py::test_no_cell_runs",
    ),
    Practice(
        "E13",
        "backup of database and files in one checked step, restore",
        "数据库和文件一步备份并核对，可恢复",
        "start.py backup",
        "tests/shop/test_backup.py::test_everything_comes_back",
    ),
    Practice(
        "E14",
        "owner and staff; purchase cost hidden from staff in the queries",
        "店主和店员；进价在查询里就对店员隐藏",
        "/people",
        "tests/trade/products/test_products.py::test_staff_see_products_without_cost_and_cannot_change_them",
    ),
    Practice(
        "E15",
        "profit per product, round and month after all costs, from the same books as the sheets",
        "每种商品、每个团、每个月扣除全部成本后的利润，和价格公示同一本账",
        "/profit",
        "tests/trust/costs/test_draft.py"
        "::test_sheet_draft_and_profit_say_the_same_figure_by_figure",
    ),
    Practice(
        "E16",
        "Today: everything due, with countdowns",
        "今日：要做的都在这里，带倒计时",
        "/today",
        "tests/pages/test_pickup_pages.py::test_today_shows_what_is_due",
    ),
    Practice(
        "E17",
        "announcement and reminder texts to copy, in the shop's language",
        "公告和提醒文字，一键复制",
        "/rounds",
        "tests/trade/rounds/test_announcement.py::test_several_products_in_chinese",
    ),
    Practice(
        "E18",
        "demo shop in one step",
        "一步打开演示店",
        "start.py --demo",
        "tests/demo/test_demo.py::test_every_room_has_something",
    ),
    Practice(
        "E17",
        "every text for the group: copy, pieces that fit, a tick, and a log of what was sent",
        "每条群文案：复制、自动分段、打勾，并有发送记录",
        "/messages",
        "tests/pages/test_messages.py::test_what_was_sent_is_listed_by_kind",
    ),
    Practice(
        "E17",
        "your own wording of every text, with placeholders checked and a preview",
        "每条文案都能改成自己的说法，占位符有检查、有预览",
        "/messages",
        "tests/shop/messages/test_wording.py::"
        "test_the_owners_wording_is_used_everywhere_until_it_is_reset",
    ),
    Practice(
        "E17",
        "sent by a WeCom robot or any apprise address: never twice, failures shown",
        "企业微信机器人或 apprise 地址代发：绝不重发，没发成会提示",
        "/messages",
        "tests/shop/messages/test_sending.py::test_two_senders_at_once_send_once",
    ),
    Practice(
        "R26",
        "first reply within the hour: the clock runs from when the resident wrote, in service "
        "hours if you like; what ran out is written down though nobody looks, and never erased",
        "一小时内首次回复：从居民反映时起算，也可只算服务时间；超时自动记下，谁也抹不掉",
        "/after_sales",
        "tests/service/after_sales/test_week.py::test_every_breach_of_a_week_agrees_with_the_diary",
    ),
    Practice(
        "R26",
        "the board ticks by itself, says late, soon or in order in words, and one touch copies the "
        "first reply and notes it",
        "售后看板自己走表，晚了、快到、来得及都写明；点一下就复制首次回复并记下时间",
        "/after_sales",
        "tests/pages/test_after_sales.py::"
        "test_the_first_reply_takes_one_touch_and_is_recorded_with_its_text",
    ),
    Practice(
        "R28",
        "a complaint is taken in at the counter in five touches on a phone, with photos from the "
        "camera, a file or the clipboard",
        "柜台上手机点五下就能登记一单售后，照片可拍、可选、可粘贴",
        "/after_sales",
        "tests/browser/test_after_sales.py::test_bad_eggs_at_the_counter_and_a_board_that_ticks",
    ),
    Practice(
        "R27",
        "solved within 24 hours; only waiting for the resident's photo stops that clock",
        "24 小时内解决；只有等居民照片时才暂停计时",
        "/after_sales",
        "tests/service/after_sales/test_clocks.py::"
        "test_500_cases_agree_with_a_clock_that_walks_minute_by_minute",
    ),
    Practice(
        "R28",
        "a complaint is tied to order line and batch, n bad of m; a photo that was in another case "
        "is pointed out; doubles are joined and taken apart",
        "售后对上订单行和批次，几个里坏几个；照片在别的售后里用过会提示；重复的可合并、可拆开",
        "/after_sales",
        "tests/service/after_sales/test_photos.py::"
        "test_a_photo_saved_anew_is_found_in_the_case_it_was_in_before",
    ),
    Practice(
        "R30",
        "asked the next day: content closes, not content opens the same case again, with history",
        "第二天回访：满意就结束；不满意就带着全部记录重新打开",
        "/after_sales",
        "tests/service/after_sales/test_commands.py::"
        "test_not_content_opens_the_same_case_again_with_its_history",
    ),
    Practice(
        "R28",
        "residents report by themselves, with photos and without an account, and follow their case "
        "on a private page: what is promised until when, answers, solution, what is still owed",
        "居民不用注册就能自己反馈、传照片，在自己的私密页面看进度：何时前回复、怎么处理、还欠什么",
        "/p/help",
        "tests/browser/test_help.py::test_a_report_with_photos_its_page_and_the_answer",
    ),
    Practice(
        "R26",
        "if the owner wants it, the price page says how many complaints of the month were answered "
        "within the hour and solved within the day, in counts",
        "店主愿意的话，价格页会写明本月售后多少单按时回复、多少单按时办好",
        "/p/prices",
        "tests/web/test_service_figures.py::test_the_counts_follow_the_books_and_the_clock",
    ),
    Practice(
        "R31",
        "the ledger of complaints: cause, pledge, solution, feedback, money, goods at cost, "
        "both promises kept or how late; filtered, added up, exported, with photos by case number",
        "售后台账：原因、承诺、办法、反馈、退款、补货成本、两个时限守没守住；可筛选、合计、带照片导出",
        "/case_ledger",
        "tests/service/ledger/test_histories.py::test_every_figure_and_every_fen_by_hand",
    ),
    Practice(
        "R31",
        "money lost to complaints and recovered from suppliers, for the month and the year",
        "售后损失了多少、向供货商追回多少，当月和当年都看得到",
        "/case_ledger",
        "tests/service/ledger/test_letters.py::"
        "test_an_accepted_claim_is_on_the_weekly_statement_and_recovered",
    ),
    Practice(
        "R32",
        "a month's causes and complaints per 100 sold, by product and supplier, against the month "
        "before; without deliveries it is said, not scored; a handful is not dramatised",
        "当月原因、每卖 100 份的售后，按商品和供货商对比上月；没到货就写明、不打分；数量太少不夸大",
        "/case_ledger",
        "tests/service/ledger/test_causes.py::"
        "test_complaints_on_what_was_ordered_and_went_over_the_counter",
    ),
    Practice(
        "R32",
        "one page per supplier and month: deliveries, rate, causes, photos, a fair claim reckoned "
        "case by case, what we ask, and next month whether it came; no resident's name",
        "每家供货商每月一页：到货、售后率、原因、照片、逐单算出的索赔、我们的请求，下月看落实没有；不含居民信息",
        "/letters",
        "tests/service/ledger/test_letters.py::test_a_letter_names_no_resident_and_no_other_supplier",
    ),
    Practice(
        "R34",
        "birthdays solar or lunar, without a year, leap months and the 30th by named rules; typed "
        "as people say it (农历八月初九, 闰四月十五, 8月15), shown back with the next two dates "
        "before it is kept, with the consent",
        "生日阳历农历都行，不用年份，闰月、三十按说明的规则过；怎么说就怎么写"
        "（农历八月初九、闰四月十五、8月15），先亮出接下来两次是哪天，再连同意一起记下",
        "/members",
        "tests/members/birthdays/test_spellings.py::test_lunar",
    ),
    Practice(
        "R35",
        "a month calendar with the lunar day, festivals and birthdays; every lunar date from 1940 "
        "to 2060 held against moon and sun",
        "月历：农历、节日、生日一眼看；1940 到 2060 年每一天的农历都和日月运行核对过",
        "/gifts",
        "tests/kernel/test_lunar.py::test_every_day_of_1940_to_2060_is_what_moon_and_sun_say",
    ),
    Practice(
        "R34",
        "birthdays a week ahead with a gift for each: suggested from what they like or buy, in "
        "stock and within the budget, with the reason; given once per person and lunar year",
        "提前一周看谁过生日、送什么：按喜好或常买、有货、在预算内推荐，写明原因；"
        "每人每（农历）年只送一次",
        "/gifts",
        "tests/members/gifts/test_queries.py::test_favourites_by_purchases_say_why",
    ),
    Practice(
        "R34",
        "two browsers give the same gift at once: one gift, and the other is told who gave it",
        "两个人同时送同一份礼物：只送一份，另一个会看到是谁送的",
        "/gifts",
        "tests/members/gifts/test_at_once.py::test_two_browsers_giving_one_gift_give_one",
    ),
    Practice(
        "R35",
        "festivals for every household, counted by its door; list in walking order, one touch, "
        "undo, greeting for the group; goods missing are listed in time to buy them",
        "节日按门牌一户一份：清单按走动顺序，点一下就送出、可撤销，附群里的问候；缺的货提前列出来",
        "/gifts",
        "tests/members/gifts/test_festivals.py::test_a_household_counts_once_and_those_without_orders_do_not",
    ),
    Practice(
        "R35",
        "what gifts cost stands in the profit report as a line of its own, never as loss",
        "礼物花费在利润表里单列，不算损耗",
        "/profit",
        "tests/members/gifts/test_books.py::test_gifts_are_a_line_of_their_own_and_no_loss",
    ),
)


def pages() -> set[str]:
    return {f"/{entry.url}" for entry in navigation.TABLE} | {route.path for route in ROUTES}


@pytest.mark.parametrize("practice", TABLE, ids=lambda practice: practice.number)
def test_a_practice_has_its_page_and_its_test(practice: Practice) -> None:
    assert practice.page in pages() or practice.page.startswith("start.py")
    path, name = practice.test.split("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_practice_of_supply_and_trust_is_in_the_table() -> None:
    numbers = {practice.number for practice in TABLE}
    due = [*(f"R{n}" for n in (*range(1, 10), *range(12, 21))), "E15", "E17"]
    assert [number for number in due if number not in numbers] == []


@pytest.mark.parametrize("file", ["README.md", "README.zh-CN.md"])
def test_the_readme_shows_this_table(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert table(file) == text.split(BEGIN)[1].split(END)[0].strip()


def table(file: str) -> str:
    """Return the table as the README in ``file`` shows it."""
    chinese = "zh" in file
    head = "| 编号 | 能做什么 | 页面 |" if chinese else "| | what works | page |"
    rows = [
        f"| {one.number} | {one.chinese if chinese else one.english} | `{one.page}` |"
        for one in sorted(TABLE, key=lambda one: (one.number[0] == "E", int(one.number[1:])))
    ]
    return "\n".join([head, "|---|---|---|", *rows])


def write() -> None:
    """Write the table into both READMEs."""
    for file in ("README.md", "README.zh-CN.md"):
        path = ROOT / file
        before, rest = path.read_text(encoding="utf-8").split(BEGIN)
        after = rest.split(END)[1]
        path.write_text(f"{before}{BEGIN}\n{table(file)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write()
