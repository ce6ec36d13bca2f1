"""Names for made-up people: surnames as frequent as in central China, given names by sex and generation."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tracker.domain.person import Sex

SHARES = (
    "王 88 李 82 张 79 刘 53 陈 38 杨 32 赵 29 黄 16 周 20 吴 18 徐 14 孙 19 胡 13 朱 15 高 14 林 8 何 11 "
    "郭 19 马 20 罗 8 梁 10 宋 15 郑 14 谢 9 韩 13 唐 7 冯 11 于 8 董 11 萧 3 程 9 曹 10 袁 8 邓 6 许 11 "
    "傅 4 沈 5 曾 5 彭 6 吕 9 苏 7 卢 7 蒋 5 蔡 7 贾 8 丁 7 魏 10 薛 6 叶 5 阎 5 余 5 潘 6 杜 8 戴 4 夏 5 "
    "钟 3 汪 4 田 8 任 8 姜 6 范 8 方 6 石 7 姚 8 谭 4 廖 3 邹 4 熊 4 金 4 陆 4 郝 6 孔 5 白 6 崔 7 康 6 "
    "毛 5 邱 4 秦 7 江 4 史 8 顾 3 侯 8 邵 5 孟 7 龙 3 万 5 段 6 雷 5 钱 3 汤 4 尹 5 黎 2 易 2 常 7 武 6 "
    "乔 6 贺 5 赖 2 龚 3 文 3 牛 6 耿 5 盛 4 焦 4 司 3 单 3 郜 2 欧阳 1"
)
SURNAMES = tuple(SHARES.split()[::2])
WEIGHTS = tuple(float(share) for share in SHARES.split()[1::2])
GIVEN = {
    Sex.MALE: (
        "国建振德金春玉福长根保永文清万全学兴树富庆喜天景有红立占中广",
        "军伟强勇涛辉杰超鹏磊峰刚亮斌海东宏晓志俊新卫凯飞胜国民伟波永",
        "浩宇轩子泽博文嘉俊奕睿辰梓铭航晨一诺昊天家乐瑞思源皓然毅书翔",
    ),
    Sex.FEMALE: (
        "秀桂兰英玉珍凤梅花荣芝莲翠素淑爱香云贞喜巧金枝月娥青改玲春菊",
        "丽敏静艳娟霞燕红芳娜慧玲萍晓莉彩会小雪琴丹倩颖君卫俊利华青梅",
        "涵梓欣怡诗雨佳子萱语思梦可依琪悦馨妍若晨雅曦一诺婷瑶紫心彤汐",
    ),
}
OLD, YOUNG = 1968, 2000


@dataclass(frozen=True, slots=True)
class Surnames:
    """The surnames of one village: a few families are most of it."""

    weights: tuple[float, ...]

    @classmethod
    def of_village(cls, random: Random) -> Surnames:
        weights = list(WEIGHTS)
        for share in (900.0, 450.0, 250.0):
            weights[random.choices(range(len(weights)), weights)[0]] += share
        return cls(tuple(weights))

    def native(self, random: Random) -> str:
        return random.choices(SURNAMES, self.weights)[0]


def from_elsewhere(random: Random) -> str:
    """A surname of somebody who married in or was posted here."""
    return random.choices(SURNAMES, WEIGHTS)[0]


def given(random: Random, sex: Sex, born: int) -> str:
    """One or two characters; single ones were the fashion of the years from 1975."""
    generation = 0 if born < OLD else 1 if born < YOUNG else 2
    characters = GIVEN[sex][generation]
    first, second = random.choice(characters), random.choice(characters)
    single = 0.08 if generation == 0 else 0.28 if generation == 1 else 0.12
    return first if random.random() < single else first + second
