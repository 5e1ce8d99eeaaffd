"""Templates of one's own, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from penjing.errors import ConfigError
from penjing.fields import extract, load, shipped
from penjing.fields.template import parse
from penjing.runtime.result import Line, Page

MINE = """
name = "delivery"
title = "送货单"

[[field]]
name = "customer"
title = "客户"
kind = "text"
at = ["right of 客户名称: | 客户:"]

[[field]]
name = "goods"
kind = "amount"
places = 2
at = ["below 货款"]

[[field]]
name = "freight"
kind = "amount"
places = 2
at = ["below 运费"]

[[field]]
name = "total"
kind = "amount"
places = 2
at = ["below 总额"]

[[check]]
name = "goods + freight = total"
kind = "sum"
fields = ["goods", "freight", "total"]
"""


def line(text: str, x: float, y: float) -> Line:
    right = x + 20 * len(text)
    return Line(text, 0.9, ((x, y), (right, y), (right, y + 20), (x, y + 20)))


def test_a_template_of_ones_own_needs_no_code(tmp_path: Path) -> None:
    file = tmp_path / "delivery.toml"
    file.write_text(MINE, encoding="utf-8")
    lines = (
        line("客户：西湖茶叶店", 10, 10),
        *(line(text, x, 60) for text, x in (("货款", 10), ("运费", 210), ("总额", 410))),
        *(line(text, x, 95) for text, x in (("760.00", 10), ("27.50", 210), ("787.50", 410))),
    )
    form = extract(Page(lines, 600, 200, "page", "none"), load(str(file)))
    assert form.template == "delivery"
    found = {field.name: str(field.value) for field in form.fields}
    expected = {"customer": "西湖茶叶店", "goods": "760.00", "freight": "27.50", "total": "787.50"}
    assert found == expected
    assert form["total"].status == "checked"


def test_the_shipped_ones_are_sound() -> None:
    invoices = {"vat_invoice", "digital_invoice", "roll_invoice", "fixed_invoice", "taxi_receipt"}
    others = {
        "train_ticket",
        "receipt",
        "japanese_receipt",
        "bank_slip",
        "business_card",
        "nameplate",
        "pairs",
    }
    assert invoices | others == set(shipped())
    assert all(template.title for template in shipped().values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("name = ", "nam = "), "'nam'"),
        (('kind = "text"', 'kind = "money"'), "kind is one of"),
        (('at = ["below 货款"]', 'at = ["under 货款"]'), "'right of LABEL'"),
        (("places = 2", 'places = "2"'), "must be a whole number"),
        (("places = 2", "places = [2, -1]"), "must be a whole number"),
        (('"freight", "total"]', '"fright", "total"]'), "no field 'fright'"),
        (('name = "freight"', 'name = "goods"'), "two fields are called 'goods'"),
        (("places = 2", 'above = "table"'), "no landmark 'table'"),
        (('kind = "sum"', 'kind = "product"'), "kind is one of equal, sum"),
        (("places = 2", 'pattern = "("'), "no regular expression"),
        (("places = 2", 'several = "most"'), "several is least or none"),
        (
            ('fields = ["goods"', 'needs = ["tax"]\nfields = ["goods"'),
            "'tax' is none of its addends",
        ),
        (('at = ["below 运费"]\n', ""), "needs 'at'"),
        (("[[field]]", "[[field"), "delivery.toml"),
    ],
)
def test_what_is_wrong_is_said(change: tuple[str, str], said: str) -> None:
    assert change[0] in MINE
    with pytest.raises(ConfigError, match=r"delivery\.toml") as error:
        parse(MINE.replace(*change, 1), "delivery.toml")
    assert said in str(error.value)


def test_values_by_each_of_its_labels_have_numbers_and_all_count() -> None:
    template = parse(MINE.replace('"below 运费"', '"right of each 运费 | 装卸费"'), "own")
    texts = ("货款", "总额"), ("760.00", "800.00"), ("运费", "27.50"), ("装卸费", "12.50")
    lines = [
        line(text, 200 * k, 40 * y) for y, row in enumerate(texts) for k, text in enumerate(row)
    ]
    form = extract(Page(tuple(lines), 600, 200, "page", "none"), template)
    assert [field.name for field in form.fields] == ["goods", "freight", "freight_2", "total"]
    assert {field.status for field in form.fields} == {"checked"}


def test_no_field_is_called_as_a_further_value_of_another() -> None:
    text = MINE.replace("below 货款", "right of each 货款").replace('"freight"', '"goods_2"')
    with pytest.raises(ConfigError, match="'goods_2' is called as a further 'goods' would be"):
        parse(text, "own")


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(ConfigError, match="vat_invoice"):
        load("invoise")
    with pytest.raises(ConfigError, match="cannot read"):
        load("absent.toml")
