"""Catalogues the tests share, in the contract's dictionary shape."""

EGGS = {"name": "土鸡蛋", "aliases": ["鸡蛋", "土鸡蛋"], "unit": "斤", "price": 4.8}
GREENS = {"name": "小白菜", "aliases": ["白菜", "小白菜"], "unit": "份", "price": 3.5}
TOFU = {"name": "老豆腐", "aliases": ["豆腐", "老豆腐"], "unit": "盒", "price": 3.0}
ONIONS = {"name": "小葱", "aliases": ["小葱", "葱"], "unit": "把", "price": 1.5}
MELON = {"name": "海南西瓜", "aliases": ["西瓜"], "unit": "个", "price": 16.8}
FUJI = {"name": "红富士苹果", "aliases": ["苹果", "红富士"], "unit": "斤", "price": 5.5}
GALA = {"name": "嘎啦苹果", "aliases": ["苹果", "嘎啦"], "unit": "斤", "price": 4.5}
FRUIT = {
    "name": "百香果", "aliases": ["百香果"], "unit": "箱", "price": 25.0, "weight_per_unit_jin": 5,
}  # fmt: skip
TRAY = {
    "name": "鲜鸡蛋", "aliases": ["鸡蛋"], "unit": "个", "price": 1.0,
    "conversions": {"板": 30, "打": 12},
}  # fmt: skip
BUNS = {"name": "馒头", "aliases": ["馒头"], "unit": "个", "price": 1.0}
NOODLES = {"name": "凉皮", "aliases": ["凉皮"], "unit": "份", "price": 9.0}
BURGER = {"name": "肉夹馍", "aliases": ["肉夹馍"], "unit": "个", "price": 8.0}
BALLS = {"name": "鸡胸球", "aliases": ["J", "鸡胸球"], "unit": "份", "price": 22}
PRAWNS = {"name": "虾仁饭", "aliases": ["L", "虾", "🦐"], "unit": "份", "price": 25}
BEEF = {"name": "牛肉饭", "aliases": ["K", "🐮"], "unit": "份", "price": 26}

SHELVES = {
    "market": [EGGS, GREENS, TOFU, ONIONS, MELON],
    "eggs": [EGGS],
    "melon": [MELON],
    "boxes": [FRUIT],
    "tray": [TRAY, FRUIT, BUNS],
    "apples": [FUJI, GALA, EGGS],
    "snacks": [NOODLES, BURGER],
    "diner": [BALLS, PRAWNS, BEEF],
}
