"""Names of people who do not exist, as varied as those who do: rare characters, dots, compound surnames."""

from random import Random
from typing import Final

_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_COMPOUND: Final = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫")
_FIRST: Final = "子梓浩宇思雨欣佳晨俊诗雅明文嘉怡若锦泽铭睿皓博瑞家景云天乐安宁可心悦"
_SECOND: Final = "轩涵然桐宸妍琪彤萱豪杰辉阳洋帆航泽霖洁莹颖慧敏静雪晴月婷芳丽娜强军磊超勇伟鹏飞龙"
_RARE: Final = ("𠮷祥", "㛃然", "䶮", "𬱖", "喆", "犇", "骉", "淼垚", "㐂", "翀", "玥曈", "𫖯")
"""Characters of Extensions A, B, E and F, which registries hold and systems lose."""
_DOTTED: Final = (
    "阿依古丽·买买提",
    "迪丽热巴·阿不都",
    "巴图·孟克",
    "帕提古丽·依明",
    "扎西·多吉",
    "古丽娜·吐尔逊",
    "乌兰·图雅",
    "麦麦提·艾力",
)


def name(chance: Random) -> str:
    """A name: one in forty has a rare character, one in forty a dot, one in thirty a compound surname."""
    kind = chance.random()
    if kind < 1 / 40:
        return chance.choice(_DOTTED)
    surname = chance.choice(_COMPOUND) if kind < 1 / 40 + 1 / 30 else chance.choice(_SURNAMES)
    if kind > 1 - 1 / 40:
        return surname + chance.choice(_RARE)
    return surname + chance.choice(_FIRST) + (chance.choice(_SECOND) if chance.random() < 4 / 5 else "")
