"""Words that say something about somebody's health, a pregnancy or a child. Pure.

The law counts health, pregnancy and everything about children under 14 as sensitive (PIPL, articles
28 to 32): a shop has no purpose that needs it, so there is no field for it and free text is looked
through. Where only how or what is asked (a hint, a tag) such words are refused; a note that says
something else with one of them is kept once a person confirms that.

The list is careful in both directions: places (药房旁, 医院对面), goods (排骨, 盲盒, 母婴用品),
neutral facts (家有儿童) and ways to hand over (别摔, 听不见门铃) stay possible.
"""

import re
import unicodedata

from lib.kernel.errors import Refused
from lib.kernel.words import N_

_CHILD = "(?:儿子|女儿|闺女|孩子|小孩|娃|孙子|孙女|外孙|宝贝)"
_COUNT = "[0-9一二三四五六七八九十两半几]"
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
            f"{_COUNT}+(?:周?岁|歲|个月大|月龄)", "周岁", "月龄", "高龄",
            "(?<!母)婴", "(?<!母)嬰", "宝宝", "寶寶", "新生儿", "早产", "奶娃", "小孩\\d",
            "幼儿(?!园)",
            f"{_CHILD}(?:的?(?:名字|小名|大名|学名|生日)|叫(?!他|她|来|人|一声)|今年|{_COUNT}+月|"
            f"属[鼠牛虎兔龙蛇马羊猴鸡狗猪]|在?[上读念](?:小学|中学|初中|幼儿园|{_COUNT}))",
            "[一二三四五六]年级", "满月[酒宴]", "百日[酒宴]",
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
            r"(?:son|daughter|child|kid)(?:'s name| is called| is named|'s birthday)",
            r"(?:son|daughter|child|kid) is (?:in|at) (?:school|kindergarten|grade)",
        )
    )
    + r")\b"
)  # fmt: skip
_HIDDEN = re.compile(r"[\u200b-\u200f\ufeff\u2060]")
_GAPS = re.compile(r"[\W_]+")

TELLS_TOO_MUCH = N_(
    "“{word}” tells of health or a child. Leave it out, or tick that the text says no such thing."
)
REFUSED = N_("“{word}” tells of health or a child. That is never noted; leave it out.")


def sensitive_words(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` that tell of health, a pregnancy or a child, each once."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text)).casefold()
    chinese = _CHINESE.finditer(_GAPS.sub("", plain))
    english = _ENGLISH.finditer(plain.replace("’", "'"))
    return tuple(dict.fromkeys(found[0] for found in (*chinese, *english)))


def refuse_sensitive(text: str) -> None:
    """Raise ``Refused`` when ``text``, a tag or a short answer, tells of health or a child."""
    if words := sensitive_words(text):
        raise Refused(REFUSED, word=words[0])


def refuse_unconfirmed(text: str, confirmed: bool, before: str = "") -> None:
    """Raise ``Refused`` when a note tells of health or a child, unless a person ``confirmed``.

    Words that stood in the note ``before`` were confirmed when it was written.
    """
    words = [word for word in sensitive_words(text) if word not in sensitive_words(before)]
    if words and not confirmed:
        raise Refused(TELLS_TOO_MUCH, word=words[0])
