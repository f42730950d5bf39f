"""A hint says how to hand over; why is refused, and ordinary words pass (PIPL 28; F-13)."""

import pytest

from lib.kernel.errors import Refused
from lib.service.delivery.health import health_word, neutral, refuse_health


@pytest.mark.parametrize(
    "text",
    [
        "孕妇", "孕 妇，请轻敲", "二胎", "保胎", "双胞胎", "幼儿在家", "she is expecting",
        "with a walker",
         "怀孕七个月", "懷孕", "备孕", "产妇在坐月子", "待产", "剖腹产后",
        "喂奶中", "有病", "看病去了", "病人", "心脏病", "糖尿病", "高血压", "血压高", "癌", "肿瘤",
        "刚做完手术", "手術後", "化疗", "透析", "住院", "出院不久", "骨折", "腿摔断了", "摔倒过",
        "腰疼", "头痛", "痛风", "残疾", "残障人士", "伤残", "瘫痪", "中风", "坐轮椅", "拄拐杖",
        "助听器", "耳聋", "聋哑人", "盲人", "失明", "老年痴呆", "抑郁", "自闭症", "新冠阳性",
        "发烧", "感冒了", "过敏体质", "打针", "吃药后睡觉", "胰岛素", "腿脚不便", "腿 脚不好",
        "腰不好", "行动不便", "走不动", "下不了楼", "卧床", "身体不好", "体弱", "80岁", "八十岁",
        "孩子两岁", "3岁小孩", "六个月大", "宝宝在睡", "婴儿", "新生儿", "孕\u200b妇", "Ｂ超",
        "pregnant", "Pregnancy", "she is 7 months pregnant", "disabled", "disability", "diabetic",
        "wheelchair", "uses a wheel-chair", "cancer", "chemotherapy", "after surgery",
        "broken leg", "fractured hip", "deaf", "is blind", "can't walk", "can’t walk", "dementia",
        "ill", "sick", "illness", "in hospital", "baby sleeps", "2 years old", "newborn",
        "high blood pressure", "depressed", "HIV", "on medication",
    ],
)  # fmt: skip
def test_what_tells_of_health_or_a_child_is_refused(text: str) -> None:
    assert health_word(text)
    with pytest.raises(Refused, match="never why"):
        refuse_health(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "按两下门铃", "敲门轻一点", "门铃有毛病，请打电话", "听不见门铃，多按一会儿",
        "放门口鞋柜上", "放康师傅纸箱里", "给对门王阿姨", "交给家里老人", "交给保姆",
        "药房旁边的楼梯",
        "人民医院对面那栋", "李医生家隔壁", "先检查再签收", "鸡蛋别摔", "排骨放冰箱",
        "盲盒请当面给",
        "哑铃店旁边", "痛快按铃", "电梯坏了走楼梯", "狗不咬人", "别按门铃",
        "12楼 1203", "晚上六点以后", "两个月前换了门锁", "残羹别放门口", "骨头汤", "生产日期新的",
        "多按几下再等等", "左边第一个门", "阳台下面喊一声", "大门密码问门卫", "开门慢，请等一等",
        "幼儿园对面", "母婴店楼上", "轮胎店旁边", "出院门左转", "我家住院子里", "康复路 3 号",
        "走轮椅坡道", "ring twice", "expecting a call", "ask the dog walker",
        "leave it with the guard", "knock softly", "please be patient",
        "the bell is broken", "opposite the hospital", "next to the pharmacy", "still door",
        "willing neighbour", "hill road side", "call from below", "painted door",
        "aidan next door", "bring it to the walkway",
    ],
)  # fmt: skip
def test_how_to_hand_over_passes(text: str) -> None:
    assert health_word(text) is None
    assert neutral(text) == text


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("孕妇，请送上门，按两下门铃", "请送上门，按两下门铃"),
        ("要大的。腿骨折了！放门口", "要大的，放门口"),
        ("糖尿病", ""),
        ("糖尿，病", ""),
        ("no plastic bag. I am pregnant", "no plastic bag"),
    ],
)
def test_a_residents_own_words_are_left_out_of_the_list(note: str, left: str) -> None:
    assert neutral(note) == left
