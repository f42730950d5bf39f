"""What names a resident in a free text, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.members.erasure.needles import Needles


def of(*names: str, **values: object) -> Needles:
    return Needles(names=names, called="某某", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("吹笛人", "听吹笛人说鸡蛋坏了", "听某某说鸡蛋坏了"),
        ("小李", "@小李 收到", "@某某 收到"),
        ("小李", "小李说鸡蛋坏了", "某某说鸡蛋坏了"),
        ("小李", "跟他小李子说过", "跟他小李子说过"),
        ("小李", "和小李一起拿，给小李送到家", "和某某一起拿，给某某送到家"),
        ("小李🌸", "和小李🌸拼单", "和某某拼单"),
        ("小.李", "这是小.李要的", "这是某某要的"),
        ("Ann", "Ann and Anna, ANN!", "某某 and Anna, 某某!"),
        ("Ann", "Ａｎｎ来过", "某某来过"),
        ("李", "李家的李子熟了，@李 请取", "李家的李子熟了，@某某 请取"),
        ("302", "302元，@302 请取", "302元，@某某 请取"),
        ("🌸", "🌸新鲜到货🌸 @🌸", "🌸新鲜到货🌸 @某某"),
        ('A"B', '写着 A"B 的', "写着 某某 的"),
        ("小.李", "小点李 小.李", "小点李 某某"),
    ],
)
def test_a_name_is_found_as_a_word(name: str, text: str, left: str) -> None:
    assert of(name).replaced(text) == left


def test_a_name_that_is_a_word_of_goods_is_one_only_by_itself() -> None:
    needles = of("小米", everyday=frozenset({"小米"}))
    assert (
        needles.replaced("小米粥到货，小米 3斤，@小米 请取") == "小米粥到货，某某 3斤，@某某 请取"
    )


def test_a_longer_name_of_a_neighbour_is_left_alone() -> None:
    needles = of("吹笛人", others=("吹笛人二号",))
    assert needles.replaced("吹笛人和吹笛人二号") == "某某和吹笛人二号"


@pytest.mark.parametrize(
    "said",
    ["13911117747", "139 1111 7747", "139-1111-7747", "+86 13911117747", "139****7747",
     "１３９１１１１７７４７"],
)  # fmt: skip
def test_a_phone_is_found_however_it_is_written(said: str) -> None:
    assert Needles(phones=("13911117747",)).replaced(f"电话{said}。") == "电话—。"
    assert Needles(phones=("13911117747",)).replaced("单号213911117747") == "单号213911117747"


@pytest.mark.parametrize(
    "said", ["3-201", "3栋201", "3号楼201室", "3#201", "3-2-201", "3栋2单元201", "３－２０１"]
)
def test_a_home_is_found_however_it_is_written(said: str) -> None:
    assert Needles(homes=(("3", "2", "201"),)).replaced(f"送{said}门口") == "送—门口"


@pytest.mark.parametrize("said", ["13-201", "3-2011", "3-1-201", "2023-201"])
def test_another_home_is_left_alone(said: str) -> None:
    assert Needles(homes=(("3", "2", "201"),)).replaced(said) == said


def test_words_inside_of_json_are_found() -> None:
    told = {"a": ["吹笛人", {"b": "吹笛人"}], "n": 3}
    assert of("吹笛人").replaced_in(told) == {"a": ["某某", {"b": "某某"}], "n": 3}


@pytest.mark.parametrize(
    "text", ["Ａｎｎ来过", "ANN", "ärger喵", "住３－２０１", "电话１３９１１１１７７４７", "房3-B2"]
)
def test_the_sieve_lets_nothing_through_that_names_them(text: str) -> None:
    """What the database looks for first is never narrower than the closer look."""
    needles = of(
        "Ann", "Ärger喵", phones=("13911117747",), homes=(("3", "", "201"), ("3", "", "b2"))
    )
    assert needles.names_them(text)
    assert any(piece in text for piece in needles.roughly)


@given(st.text(alphabet="小李王甜Annb 3-201@，", max_size=30))
def test_what_names_nobody_stays_and_nothing_is_found_twice(text: str) -> None:
    needles = Needles(names=("小李甜", "Ann"), homes=(("3", "", "201"),), called="某某")
    left = needles.replaced(text)
    assert needles.replaced(left) == left
    assert "小李甜" not in left
    if not any(piece in text.translate({}) for piece in ("小李甜", "Ann", "201")):
        assert left == text
