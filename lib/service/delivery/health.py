"""Words that say something about somebody's health or child; a hint never holds them. Pure.

The law counts health, pregnancy and children under 14 as sensitive (PIPL, articles 28 to 32). The
shop needs to know *that* and *how* goods are brought, never *why*. The list is careful in both
directions: places (药房旁, 医院对面), goods (排骨, 盲盒) and ways to hand over (别摔, 门铃有毛病,
听不见门铃) stay possible.
"""

import re
import unicodedata

from lib.kernel.errors import Refused
from lib.kernel.words import N_

_CHINESE = re.compile(
    "|".join(
        (
            "孕", "胎儿", "[保怀懷头二三]胎", "胎[动心]", "双胞胎", "产妇", "产后", "产检", "待产",
            "临产", "预产", "流产", "剖腹", "剖宫",
            "月子", "哺乳", "母乳", "喂奶", "月经", "例假", "更年期",
            "(?<!毛)病(?!虫)", "癌", "瘤", "化疗", "化療", "放疗", "放療", "透析", "手术", "手術",
            "术后", "術後", "开刀", "開刀", "住院(?![子里门])", "出院(?![子门])",
            "康复(?![路街医中])", "康復", "诊断", "診斷", "体检",
            "化验", "核磁", "b超", "糖尿", "血糖", "血压", "血壓", "血脂", "血栓", "心脏", "心臟",
            "心梗", "脑梗", "腦梗", "中风", "中風", "偏瘫", "瘫", "癱", "癫痫", "哮喘", "肺炎",
            "肝炎", "乙肝", "艾滋", "新冠", "阳性", "感染", "发烧", "發燒", "咳嗽", "感冒", "过敏",
            "過敏", "痛风", "风湿", "關節", "关节", "腰椎", "颈椎", "头疼", "疼", "痛(?!快)",
            "骨折", "骨质", "骨科", "脱臼", "扭伤", "扭到", "受伤", "受傷", "摔伤", "摔断", "摔倒",
            "摔跤", "伤口", "[腿脚腰手头]伤", "养伤", "断了?[腿脚手]", "打石膏", "石膏",
            "残疾", "殘疾", "残障", "殘障", "伤残", "残联", "轮椅(?![坡通])", "輪椅(?![坡通])",
            "拐杖", "拄拐", "助行",
            "助听", "假肢", "义肢", "失明", "盲人", "眼盲", "视力", "白内障", "青光眼", "聋", "聾",
            "失聪", "耳背", "哑巴", "瘸", "跛", "智障", "弱智", "自闭", "唐氏", "侏儒", "失智",
            "痴呆", "抑郁", "焦虑", "精神科", "精神分裂", "吃药", "服药", "用药", "打针", "输液",
            "胰岛素", "吸氧", "氧气", "身体不", "身体差", "体弱", "虚弱", "不舒服", "没力气",
            "卧床", "下不了[床楼地]", "不能下[床楼地]", "起不来", "行动不", "行走不", "走路不",
            "走不[动了稳]", "站不[起稳]", "腿脚", "[腿脚腰眼耳]不(?:好|便|方便|行|灵)",
            "[0-9一二三四五六七八九十两半几]+(?:周?岁|歲|个月大|月龄)", "周岁", "月龄", "高龄",
            "(?<!母)婴", "(?<!母)嬰", "宝宝", "寶寶", "新生儿", "早产", "奶娃", "小孩\\d",
            "幼儿(?!园)",
        )
    )
)  # fmt: skip
_ENGLISH = re.compile(
    r"\b(?:"
    + "|".join(
        (
            r"pregnan\w*", "(?:is|she's) expecting", "maternity", "newborn", r"bab(?:y|ies)",
            r"toddlers?",
            r"infants?", r"breast-?feed\w*", "miscarriage", r"(?:years?|months?)[ -]old",
            r"disab\w*", r"handicap\w*", r"wheel-?chairs?", r"crutch\w*",
            r"(?:uses|with) a walker", "bedridden",
            r"paraly\w*", "deaf", r"is blind", r"blind (?:man|woman|lady|person)", r"limps?",
            r"(?:can ?not|can't|hard to|hardly) walk", r"walks badly", r"diabet\w*", "insulin",
            r"cancers?", r"tumou?rs?", r"chemo\w*", "dialysis", r"surger\w*", "operated on",
            r"fractur\w*", r"broken (?:leg|arm|hip|bone|foot|ankle|wrist)", r"injur\w*", "stroke",
            r"heart (?:disease|attack|condition|failure|trouble)", "dementia", r"alzheimer\w*",
            r"depress\w*", "anxiety", r"autis\w*", r"epilep\w*", r"ill(?:ness)?", r"sick\w*",
            r"diseases?", "in hospital", r"hospitali[sz]ed", r"rehab\w*", "asthma", r"allerg\w*",
            "arthritis", "pain", "hiv", "aids", "covid", "flu", r"infect\w*", "fever",
            r"blood (?:pressure|sugar)", "hypertension", "diagnosis", r"diagnosed", "medication",
        )
    )
    + r")\b"
)  # fmt: skip
_BREAK = re.compile(r"[，,；;。!！?？、\n]+|\.(?:\s|$)")
_HIDDEN = re.compile(r"[\u200b-\u200f\ufeff\u2060]")
_GAPS = re.compile(r"[\W_]+")


def health_word(text: str) -> str | None:
    """Return the first word of ``text`` that tells of health or a child; None for none."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text)).casefold()
    found = _CHINESE.search(_GAPS.sub("", plain)) or _ENGLISH.search(plain.replace("’", "'"))
    return found[0] if found else None


def refuse_health(text: str) -> None:
    """Raise ``Refused`` when ``text`` tells why goods are brought instead of how."""
    word = health_word(text)
    if word is not None:
        raise Refused(
            N_("Write only how to hand over, never why: “{word}” tells of health or a child."),
            word=word,
        )


def neutral(text: str) -> str:
    """Return ``text`` without the parts of a sentence that tell of health or a child."""
    if health_word(text) is None:
        return text
    kept = [part.strip() for part in _BREAK.split(text) if health_word(part) is None]
    left = "，".join(part for part in kept if part)
    return "" if health_word(left) else left
