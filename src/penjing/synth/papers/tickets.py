"""Train tickets: the blue paper ticket."""

from __future__ import annotations

from random import Random

from penjing.synth.papers import names
from penjing.synth.papers.specimen import Print, Specimen
from penjing.synth.texts.chinese_fields import person, pinyin
from penjing.synth.texts.figures import digits
from penjing.synth.texts.phrases import phrases

_CITIES = phrases("chinese").cities
_CLASSES = ("二等座", "一等座", "商务座", "硬座", "无座")


def train_ticket(r: Random) -> Specimen:
    start, end = (city + r.choice(("", "东", "西", "南", "北")) for city in r.sample(_CITIES, 2))
    train = r.choice("GDCKTZ") + str(r.randint(1, 9999))
    when, time = names.day(r), f"{r.randint(0, 23):02}:{r.randint(0, 59):02}"
    seat = f"{r.randint(1, 17):02}车{r.randint(1, 19):02}{r.choice('ABCDF')}号"
    level, price = r.choice(_CLASSES), f"{r.randint(20, 1999) / 2:.1f}"
    red_number = r.choice("ABCDEFGH") + digits(r, 6)
    prints = (
        Print(60, 40, red_number, 34, "form"),
        Print(760, 40, f"检票：{r.randint(1, 28)}{r.choice('AB')}", 28),
        Print(80, 100, start + "站", 40),
        Print(500, 104, train, 38, align="middle"),
        Print(700, 100, end + "站", 40),
        Print(110, 150, pinyin(r), 26),
        Print(730, 150, pinyin(r), 26),
        Print(60, 205, f"{names.chinese_day(when)} {time}开", 30),
        Print(640, 205, seat, 30),
        Print(60, 260, f"¥{price}元", 30),
        Print(640, 260, level, 30),
        Print(60, 312, "限乘当日当次车", 26),
        Print(60, 360, f"{digits(r, 10)}****{digits(r, 4)}{person(r)}", 28),
        Print(110, 425, "买票请到12306 发货请到95306", 24),
        Print(130, 460, "中国铁路祝您旅途愉快", 24),
        Print(60, 530, f"{digits(r, 14)}{red_number} {start[:2]}售", 26),
    )
    truth = {
        "from": start,
        "to": end,
        "train": train,
        "date": str(when),
        "time": time,
        "seat": seat,
        "class": level,
        "price": price,
    }
    return Specimen("train_ticket", 1000, 600, prints, truth, form_ink=(190, 50, 60))
