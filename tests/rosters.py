"""Other counties' rosters, made up: own headers, merged heads, encodings, dirt. Area codes are 999xxx."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
import xlwt

from tracker.domain.identity import check_digit
from tracker.domain.villages import VillageIndex

TODAY = date(2026, 11, 22)
PLACES = (
    ("999101001", "河东街道"),
    ("999101101", "李集镇"),
    ("999101102", "清水回族乡"),
    ("999101001001", "东关社区居民委员会"),
    ("999101101201", "张庄村委会"),
    ("999101101202", "后李村民委员会"),
    ("999101102201", "张庄村委会"),
    ("999101102202", "柳树村社区居民委员会"),
)
HEADER = (
    "序号 姓名 性别 身份证号码 出生日期 联系方式 "
    "乡镇 村 人群类别 是否签约 签约日期 到期日期 高血压 糖尿病 "
    "确诊日期 最近随访时间 血压 空腹血糖 备注"
)
Row = Sequence[object]


def villages() -> VillageIndex:
    return VillageIndex.build(PLACES)


def id_number(born: date, serial: int = 1, area: str = "999101") -> str:
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    return body + check_digit(body)


def person(name: str, number: object, **cells: object) -> list[object]:
    """A row under `HEADER`; cells are named by their Chinese header."""
    known: dict[str, object] = {"姓名": name, "身份证号码": number, "乡镇": "李集镇", "村": "张庄村", **cells}
    return [known.get(header, "") for header in HEADER.split()]


def xlsx(
    path: Path, *sheets: tuple[str, Sequence[Row]], epoch_1904: bool = False, hidden: int | None = None
) -> Path:
    """A workbook with the rows as given; the Excel row `hidden` is hidden on every sheet."""
    with xlsxwriter.Workbook(str(path), {"date_1904": epoch_1904}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            if hidden:
                sheet.set_row(hidden - 1, None, None, {"hidden": True})
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date | datetime):
                        sheet.write_datetime(at, column, cell, day)
                    elif isinstance(cell, str) and cell.startswith("#"):
                        sheet.write_formula(at, column, "=1/0", None, cell)
                    elif isinstance(cell, str):
                        sheet.write_string(at, column, cell)
                    else:
                        sheet.write(at, column, cell)
    return path


def xls(path: Path, name: str, rows: Sequence[Row]) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet(name)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    book.save(str(path))
    return path


def delimited(path: Path, rows: Sequence[Row], encoding: str = "gb18030", mark: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def county_sheet() -> list[Row]:
    """A sheet in the manner of the usual county roster: title, filled-in line, header, people, total."""
    return [
        ["李集镇张庄村委会居民花名册（2026年）"],
        ["填报单位：李集镇卫生院      填报人：某某"],
        HEADER.split(),
        person(
            "王一",
            id_number(date(1956, 3, 2)),
            性别="女",
            出生日期="1956.3.2",
            联系方式="13800000001（儿子）",
            是否签约="√",
            签约日期="2026.1.5",
            到期日期="2027.1.4",
            高血压="是",
            确诊日期="2015.6.1",
            最近随访时间="2026.8.1",
            血压="138／86",
            备注="独居",
        ),
        person(
            "李　二",
            "９９９１０１１９６００１０２００２" + check_digit("99910119600102002"),
            村="张庄",
            糖尿病="1",
            最近随访时间="2026.9.1",
            空腹血糖=6.8,
            人群类别="糖尿病、残疾人",
        ),
        person("赵三（已故）", id_number(date(1940, 5, 5), 3), 村="张庄三组", 联系方式=13800000003.0),
        person("钱四", id_number(date(1970, 1, 1), 4)[:15] + "000", 血压="120/80"),
        person("孙五", 9.99101197001e17),
        person("周六", id_number(date(1971, 1, 1), 6)[:17] + "*"),
        person("吴七", "不详", 性别="1", 出生日期=date(1988, 8, 8)),
        person("郑八", "无", 性别="1"),
        person("冯九", id_number(date(1950, 1, 1), 9), 村="不存在村"),
        person("", id_number(date(1951, 1, 1), 10)),
        person(
            "陈十", id_number(date(1952, 2, 2), 11), 血压="86/138", 空腹血糖=68.0, 最近随访时间="2026.8.2"
        ),
        person("陈十", id_number(date(1952, 2, 2), 11), 血压="150/88", 高血压="是", 最近随访时间="2026.10.2"),
        person("别名", id_number(date(1952, 2, 2), 11)),
        HEADER.split(),
        person("褚甲", id_number(date(1953, 3, 3), 12), 备注="已故"),
        ["合计", 12.0],
        ["", "", "", "", "", "", "李集镇", "张庄村"],
    ]
