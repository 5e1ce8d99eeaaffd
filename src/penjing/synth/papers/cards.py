"""Business cards, and nameplates of machines."""

from __future__ import annotations

from random import Random

from penjing.synth.papers import names
from penjing.synth.papers.specimen import Print, Specimen, frame
from penjing.synth.texts.chinese_fields import person
from penjing.synth.texts.figures import LOW, digits, some

_POSITIONS = ("销售经理", "总工程师", "技术总监", "市场主管", "高级顾问")


def business_card(r: Random) -> Specimen:
    who, firm, position = person(r), names.company(r), r.choice(_POSITIONS)
    mobile, telephone = f"1{r.choice('35789')}{digits(r, 9)}", names.telephone(r)
    email = f"{some(r, LOW, 3, 8)}@{some(r, LOW, 4, 8)}.com"
    address = names.address(r)
    prints = (
        Print(60, 60, firm, 36, "form"),
        Print(60, 150, who, 44),
        Print(260, 164, position, 26),
        Print(60, 290, f"手机：{mobile}", 26),
        Print(60, 335, f"电话：{telephone}", 26),
        Print(60, 380, f"邮箱：{email}", 26),
        Print(60, 425, f"地址：{address}", 26),
    )
    truth = {
        "person": who,
        "company": firm,
        "position": position,
        "mobile": mobile,
        "telephone": telephone,
        "email": email,
        "address": address,
    }
    return Specimen("business_card", 900, 540, prints, truth, form_ink=(30, 70, 120))


def nameplate(r: Random) -> Specimen:
    model, number = f"{some(r, 'YXZQ', 2, 3)}-{digits(r, 3)}{r.choice('LMS')}", digits(r, 8)
    maker, when = names.company(r), names.day(r)
    voltage, power = r.choice(("220V", "380V", "24V")), f"{r.randint(2, 90) / 2:g}kW"
    current, protection = f"{r.randint(5, 400) / 10:g}A", f"IP{r.choice('45')}{r.choice('45')}"
    pairs = (
        (("型号", model), ("出厂编号", number)),
        (("额定电压", voltage), ("额定功率", power)),
        (("额定电流", current), ("额定频率", "50Hz")),
        (("防护等级", protection), ("出厂日期", f"{when:%Y-%m-%d}")),
    )
    prints = [
        Print(480, 50, r.choice(("三相异步电动机", "控制柜", "离心水泵")), 40, align="middle")
    ]
    for k, row in enumerate(pairs):
        for x, (label, value) in zip((60, 500), row, strict=True):
            prints.append(Print(x, 130 + 60 * k, f"{label}：", 28))
            prints.append(Print(x + 160, 130 + 60 * k, value, 28))
    prints.append(Print(480, 400, maker, 30, align="middle"))
    truth = {
        "model": model,
        "serial_number": number,
        "voltage": voltage,
        "power": power,
        "current": current,
        "frequency": "50Hz",
        "防护等级": protection,
        "date": str(when),
        "maker": maker,
    }
    rules = tuple(frame(20, 20, 940, 460))
    return Specimen("nameplate", 960, 480, tuple(prints), truth, rules)
