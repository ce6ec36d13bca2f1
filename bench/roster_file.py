"""A roster to measure on: made-up people of a county (ID numbers 999xxx), some of their cells in disorder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from tracker.domain.identity import check_digit

HEADER = (
    "序号 姓名 性别 身份证号码 出生日期 联系方式 乡镇 村 人群类别 是否签约 签约日期 到期日期 "
    "高血压 糖尿病 确诊日期 最近随访时间 血压 空腹血糖 备注"
)
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "春夏秋冬东西南北中元山水田林木石云江海川英秀兰"
OLDEST, DAYS, YEAR = date(1935, 1, 1), 30_000, timedelta(days=364)
DISORDER = 0.05
Place = tuple[str, str]
"""The names of a township and of one of its villages."""
Cells = dict[str, object]


def write(path: Path, rows: int, places: Sequence[Place], today: date, begin: int = 0) -> Path:
    """People with the numbers from `begin` on, always the same, as a spreadsheet program writes them."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, HEADER.split())
        for number, cells in enumerate(_people(begin, rows, places, today), 1):
            for column, head in enumerate(HEADER.split()):
                cell = cells.get(head, "")
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif cell != "":
                    sheet.write(number, column, cell)
    return path


def _people(begin: int, rows: int, places: Sequence[Place], today: date) -> Iterator[Cells]:
    random = Random(20261122 + begin)
    for number in range(begin, begin + rows):
        cells = _person(random, number, random.choice(places), today)
        if random.random() < DISORDER:
            _disorder(random, cells)
        yield cells


def _person(random: Random, number: int, place: Place, today: date) -> Cells:
    born = OLDEST + timedelta(days=random.randrange(DAYS))
    body = f"999{number // 1000 % 1000:03d}{born:%Y%m%d}{number % 1000:03d}"
    cells: Cells = {
        "序号": number + 1,
        "姓名": random.choice(SURNAMES) + random.choice(GIVEN) + random.choice(GIVEN),
        "性别": "男" if int(body[16]) % 2 else "女",
        "身份证号码": body + check_digit(body),
        "联系方式": f"138{number:08d}",
        "乡镇": place[0],
        "村": place[1],
        "是否签约": "否",
    }
    if random.random() < 0.6:
        signed = today - timedelta(days=random.randrange(300))
        cells |= {"是否签约": "是", "签约日期": signed, "到期日期": signed + YEAR}
    return cells | _care(random, today)


def _care(random: Random, today: date) -> Cells:
    """Two in ten have hypertension and seven in a hundred diabetes, each with a last visit."""
    high, sweet = random.random() < 0.2, random.random() < 0.07
    if not (high or sweet):
        return {}
    visited = today - timedelta(days=random.randrange(1, 200))
    cells: Cells = {"确诊日期": f"{random.randrange(2008, 2024)}-05-01", "最近随访时间": visited}
    if high:
        cells |= {"高血压": "是", "血压": f"{random.randrange(115, 175)}/{random.randrange(70, 100)}"}
    if sweet:
        cells |= {"糖尿病": "是", "空腹血糖": random.randrange(50, 120) / 10}
    return cells


def _disorder(random: Random, cells: Cells) -> None:
    """One thing that a county's roster may have: put right, remarked upon, left empty or refused."""
    name, number, phone = (str(cells[head]) for head in ("姓名", "身份证号码", "联系方式"))
    changes: list[Cells] = [
        {"姓名": f"{name[0]}　{name[1:]}"},
        {"姓名": f"{name}（已故）"},
        {"身份证号码": f" {number.lower()}"},
        {"身份证号码": f"{number[:6]} {number[6:14]} {number[14:]}"},
        {"身份证号码": float(number[:17]) * 10},
        {"身份证号码": number[:17] + ("0" if number[17] != "0" else "1")},
        {"身份证号码": "无", "出生日期": f"{number[6:10]}.{number[10:12]}.{number[12:14]}"},
        {"联系方式": f"{phone}（儿子）/0374-3567890"},
        {"联系方式": phone[:9]},
        {"联系方式": float(phone)},
        {"性别": "女" if cells["性别"] == "男" else "男"},
        {"村": "没有的村"},
        {"村": f"{str(cells['村'])[:2]} 村"},
        {"签约日期": "2026.1.5", "到期日期": "长期"},
        {"血压": "86/138", "最近随访时间": "2026年8月1日"},
        {"空腹血糖": 68, "最近随访时间": "2026/8/1"},
        {"人群类别": "残疾人、糖尿病"},
        {"备注": "独居"},
    ]
    cells |= random.choice(changes)
