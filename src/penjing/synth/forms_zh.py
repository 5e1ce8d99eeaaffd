"""Lines of Chinese papers and things: invoices, tickets, slips, labels, signs, exam sheets.

Only words that any such document has; names, numbers and places are made up or come from the
corpora.
"""

from __future__ import annotations

from random import Random

from penjing.synth import codes
from penjing.synth.figures import (
    HEX,
    UP,
    clock,
    date,
    digits,
    money,
    number,
    quantity,
    some,
    telephone,
    yuan,
)
from penjing.synth.vocabulary import Vocabulary

CAPITAL = "零壹贰叁肆伍陆柒捌玖"
INVOICE_FIELDS = (
    "发票代码 发票号码 开票日期 校验码 机器编号 名称 纳税人识别号 地址、电话 开户行及账号 购买方 销售方 收款人 "
    "复核 开票人 价税合计（大写） （小写） 备注 密码区 货物或应税劳务、服务名称 规格型号 单位 数量 单价 金额 "
    "税率 税额 合计 销售方：（章） 订单号 统一社会信用代码/纳税人识别号 项目名称 价税合计 税率/征收率 电子发票 "
    "发票联 抵扣联 记账联 第一联 第二联 购货单位 销货单位 发票专用章 国家税务总局 付款方 收款方 客户名称 "
    "合同编号 结算方式 税号 账号 开户银行 摘要 借方金额 贷方金额 余额 制单 审核 出纳 会计主管 经手人"
).split()
GOODS = (
    "*餐饮服务*餐费 *运输服务*客运服务费 *住宿服务*住宿费 *信息技术服务*服务费 *纸制品*打印纸 *电子计算机*笔记本电脑 "
    "*汽油*92号车用汽油 *日用杂品*日用品 *文具*办公用品 *现代服务*咨询费 *物流辅助服务*快递费 *水果*苹果 "
    "*电信服务*通信服务费 *经营租赁*通行费 *软件*软件开发 *家具*办公椅 详见销货清单 （详见销货清单） *供电*电费"
).split()
RATES = "13% 6% 3% 9% 1% 免税 16% 17% 0% 5% *** 11%".split()
TICKET_WORDS = (
    "二等座 一等座 商务座 硬座 硬卧 软卧 无座 限乘当日当次车 始发改签 网 检票口 候车室 改签 退票费 报销凭证 "
    "遗失不补 买票请到12306 发货请到95306 中国铁路祝您旅途愉快 仅供报销使用 登机口 座位号 航班 舱位 登机牌 "
    "经济舱 到达站 出发站 票价 学生票 儿童票 全价 半价 身份证件号码 门票 入场券 副券 票务专用 请妥善保管 当日有效 "
    "客票 行程单 燃油附加费 民航发展基金 保险费 乘客姓名 上车 下车 起步价 里程 等候 车号 证号 日期 单价 状态 卡号"
).split()
SLIP_FIELDS = (
    "商户名称(MERCHANT NAME)|商户编号(MERCHANT NO.)|终端编号(TERMINAL NO.)|发卡行(ISSUER)|收单行(ACQUIRER)|"
    "卡号(CARD NO.)|交易类型(TRANS TYPE)|批次号(BATCH NO.)|凭证号(VOUCHER NO.)|授权码(AUTH CODE)|参考号(REF. NO.)|"
    "日期/时间(DATE/TIME)|金额(AMOUNT)|有效期(EXP DATE)|操作员号(OPERATOR NO.)|备注(REFERENCE)|消费(SALE)|"
    "持卡人签名(CARDHOLDER SIGNATURE)|商户存根(MERCHANT COPY)|持卡人存根(CARDHOLDER COPY)|交易金额|交易时间|"
    "流水号|应收|实收|找零|合计|小计|总计|数量|单价|品名|收银员|收银机|会员卡号|积分|优惠|折扣|桌号|人数|单号|"
    "现金|微信支付|支付宝|银联卡|谢谢惠顾|欢迎光临|欢迎再次光临|请保留小票|退换货凭此小票|开票二维码|电话|地址|"
    "本人确认以上交易|同意将其记入本卡账户|牡丹信用卡|借记卡|贷记卡|交易成功|打印时间|门店|订单编号|配送费|包装费|"
    "商品名称|商品总额|应付金额|找赎|件数|货号|原价|现价|会员价|服务员|开台时间|结账时间|消费明细|预结单|结账单"
).split("|")
BANKS = (
    "中国工商银行 中国建设银行 中国农业银行 中国银行 交通银行 招商银行 中国邮政储蓄银行 兴业银行 浦发银行 "
    "中国民生银行 中信银行 平安银行 光大银行 华夏银行 农村信用合作社 银联商务"
).split()
LABEL_FIELDS = (
    "品名 产品名称 型号 规格 额定电压 额定功率 额定频率 额定电流 净含量 生产日期 保质期 贮存条件 配料 产地 "
    "生产许可证编号 产品标准号 执行标准 生产厂家 制造商 经销商 出厂编号 防护等级 主要成分 适用人群 使用方法 "
    "注意事项 功能主治 用法用量 批准文号 有效期 产品编号 品牌 材质 颜色 尺码 号型 洗涤说明 安全类别 面料 里料 "
    "成分 质量等级 检验员 合格证 货号 零售价 等级 条形码 营养成分表 能量 蛋白质 脂肪 碳水化合物 钠 食品名称 "
    "委托方 受托方 地址 联系方式 服务热线 重量 容量 输入 输出 工作温度 电源 警告 功率 接线图 绝缘等级 适用范围"
).split()
LABEL_VALUES = (
    "常温 避光 阴凉干燥处 见包装喷码 见瓶身 12个月 18个月 36个月 24个月 A类 B类 C类 合格品 一等品 优等品 棉100% "
    "聚酯纤维100% 不可漂白 悬挂晾干 不可干洗 低温熨烫 手洗 请勿靠近火源 小心轻放 向上 防潮 易碎 禁止倒置 "
    "均码 黑色 白色 深蓝 所有肤质 成人 儿童 外用 口服 一日三次 一次2片 饭后服用 遵医嘱 水、甘油 IP65 IP54 IPX4 "
    "CCC认证 请仔细阅读说明书 内附说明书 中国制造 MADE IN CHINA 有电危险 当心触电 禁止合闸 有人工作 高压危险"
).split()
SIGN_WORDS = (
    "禁止停车 禁止吸烟 小心地滑 安全出口 紧急出口 营业时间 欢迎光临 出口 入口 收费处 停车场 洗手间 男 女 推 拉 "
    "注意安全 请勿触摸 闲人免进 当心触电 灭火器 消火栓 前方施工 车辆慢行 减速慢行 让 停 限速 禁止通行 单行线 "
    "公交车站 地铁站 售票处 问讯处 服务台 电梯 楼梯 茶水间 会议室 办公室 值班室 配电房 员工通道 收银台 招租 出租 "
    "转让 特价 促销 清仓 新品上市 八折优惠 买一送一 开业大吉 打烊 招聘 暂停服务 请排队 保持安静 节约用水"
).split()
SHOP_KINDS = (
    "大酒店 宾馆 超市 便利店 药房 大药房 饭店 小吃店 面馆 火锅城 烧烤 茶楼 咖啡 奶茶 蛋糕店 服装店 鞋店 眼镜店 "
    "理发店 美发 美容院 网吧 网咖 书店 文具店 五金店 建材 家具城 家居广场 汽修厂 洗车 手机店 数码 打印店 照相馆 "
    "花店 水果店 干洗店 诊所 医院 幼儿园 小学 中学 学校 培训中心 银行 公寓 花园 小区 大厦 广场 商场 购物中心 市场 "
    "集成吊顶 门窗 灯饰 装饰 广告 足浴 健身 瑜伽 宠物 烟酒 粮油 早餐 快餐 酒楼 海鲜 烤鸭 饺子馆 麻辣烫 体育彩票"
).split()
COMPANY_KINDS = (
    "有限公司 有限责任公司 股份有限公司 科技有限公司 贸易有限公司 商贸有限公司 实业有限公司 食品有限公司 电子有限公司 "
    "医药有限公司 建筑工程有限公司 物流有限公司 文化传媒有限公司 餐饮管理有限公司 集团有限公司 信息技术有限公司 分公司 "
    "电器有限公司 化妆品有限公司 服饰有限公司 机械制造有限公司 房地产开发有限公司 经营部 商行 加工厂 合作社 研究所"
).split()
EXAM = (
    "直接写出得数 用竖式计算 填空题 选择题 判断题 计算题 应用题 解方程 简答题 阅读理解 作文 列式计算 脱式计算 "
    "看图列式 口算 递等式计算 解决问题 脱式计算（能简算的要简算） 把正确答案的序号填在括号里 单项选择题 名词解释 "
    "按要求写句子 看拼音写词语 根据课文内容填空 实验题 论述题 证明题 画图题 操作题"
).split()
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华红梅志春海燕玉婷雪琳浩宇轩涵欣怡子梓萱雨泽晨曦"
    "博思佳俊鹏飞龙云峰凯丹莉萍晶晓东立波亮成林毅斌振家豪嘉琪诗瑶可心艺若楠彬旭光永胜利民安生忠仁德福贵宝"
)
CITIES = "北京 上海 广州 深圳 杭州 南京 武汉 成都 重庆 天津 西安 长沙 郑州 济南 合肥 福州 南昌 昆明 沈阳 哈尔滨".split()
SYLLABLES = (
    "bei jing shang hai guang zhou nan chang wu han chong qing tian jin xi an cheng du su hang ning bo he fei "
    "kun ming gui yang lan tai yuan shi jia zhuang chun shen da lian qing dao yan xu luo zheng kai feng heng "
    "zhu lin liu xia men quan fu ling long hu li jiang shan zhong xin hua ping yi qu cao wan ze zi"
).split()


def upper_amount(value: float) -> str:
    """The amount in the capital numerals of cheques: 1052.70 is 壹仟零伍拾贰圆柒角整."""
    cents = round(value * 100)
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text, zero = "", False
    for place in range(len(str(whole)) - 1, -1, -1):
        digit = whole // 10**place % 10
        if digit:
            text += ("零" if zero else "") + CAPITAL[digit] + ("", "拾", "佰", "仟")[place % 4]
        zero = digit == 0 and bool(text)
        if place % 4 == 0 and place and whole // 10**place % 10000:
            text, zero = text + ("", "万", "亿")[place // 4], False
    text = (text or "零") + "圆"
    if not (jiao or fen):
        return text + "整"
    text += (CAPITAL[jiao] + "角") if jiao else "零"
    return text + (CAPITAL[fen] + "分" if fen else "整")


def person(r: Random) -> str:
    return r.choice(SURNAMES) + "".join(r.choices(GIVEN, k=r.choice((1, 2, 2, 2))))


def colon(r: Random) -> str:
    return r.choice(("：", "：", ":", ":", ": ", " "))


def field(r: Random, name: str, value: str) -> str:
    """``name: value`` in one of the ways of print, or one of the two alone."""
    shape = r.random()
    if shape < 0.30:
        return name
    if shape < 0.38:
        return name + colon(r).strip()
    if shape < 0.52:
        return value
    if shape < 0.60:
        return f"【{name}】{r.choice(('：', ':', ''))}{value}"
    return name + colon(r) + value


def company(r: Random, v: Vocabulary) -> str:
    place = r.choice(CITIES) + r.choice(("", "市")) if r.random() < 0.6 else v.place(r)
    return place + v.brand(r) + r.choice(COMPANY_KINDS)


def tax_number(r: Random) -> str:
    return (
        "9"
        + digits(r, 1)
        + digits(r, 6)
        + some(r, "0123456789ABCDEFGHJKLMNPQRTUWXY", 9, 9)
        + r.choice(HEX)
    )


def invoice(r: Random, v: Vocabulary) -> str:
    """A line of a VAT invoice or of the bookkeeping about it."""
    shape = r.random()
    if shape < 0.08:
        return codes.cipher(r)
    if shape < 0.16:
        amount = upper_amount(10 ** (r.random() * 6))
        amount = amount.replace("圆", r.choice(("圆", "圆", "元"))).replace(
            "整", r.choice(("整", "整", "", "正"))
        )
        return r.choice(("", "", "⊗", "大写：", "（大写）", "人民币")).replace("⊗", "") + amount
    if shape < 0.24:
        return company(r, v)
    if shape < 0.29:
        return f"{v.place(r)}{r.choice(('增值税', ''))}{r.choice(('电子', ''))}{r.choice(('普通发票', '专用发票', '发票'))}"
    if shape < 0.34:
        return (
            r.choice(BANKS)
            + v.place(r)
            + r.choice(("支行", "分行", "营业部"))
            + r.choice(("", " ", ""))
            + r.choice(("", digits(r, r.randint(12, 20))))
        )
    if shape < 0.39:
        return r.choice(GOODS)
    if shape < 0.43:
        return r.choice(("校验码", "校验码：", "校验码 ", "")) + " ".join(
            digits(r, 5) for _ in range(r.choice((1, 2, 4, 4)))
        )
    value = r.choice(
        (digits, money_value, yuan_value, date_value, person_value, tax_value, rate_value)
    )
    return field(r, r.choice(INVOICE_FIELDS), value(r, r.choice((8, 10, 12, 20))))


def money_value(r: Random, _: int) -> str:
    return money(r)


def yuan_value(r: Random, _: int) -> str:
    return yuan(r)


def date_value(r: Random, _: int) -> str:
    return date(r)


def person_value(r: Random, _: int) -> str:
    return person(r)


def tax_value(r: Random, _: int) -> str:
    return tax_number(r)


def rate_value(r: Random, _: int) -> str:
    return r.choice(RATES)


def pinyin(r: Random) -> str:
    """A station's name in letters."""
    name = "".join(r.choices(SYLLABLES, k=r.choice((1, 2, 2, 2, 3)))) + r.choice(
        ("", "", "bei", "nan", "xi", "dong")
    )
    return name.capitalize() if r.random() < 0.85 else name.upper()


def ticket(r: Random, v: Vocabulary) -> str:
    """Railway and other tickets."""
    shape = r.random()
    if shape < 0.16:
        name = r.choice(CITIES) if r.random() < 0.4 else v.place(r).rstrip("市县区")
        return (
            name + r.choice(("", "东", "西", "南", "北")) + r.choice(("站", "站", "", " 站", "售"))
        )
    if shape < 0.26:
        return pinyin(r)
    if shape < 0.34:
        return r.choice("GDCKTZ") + number(r)[:4]
    if shape < 0.42:
        return f"{r.randint(1, 17):02}车{r.randint(1, 19):02}{r.choice('ABCDF')}号"
    if shape < 0.46:
        return f"{r.randint(1, 17):02}车{r.randint(1, 118):03}号{r.choice(('', '上铺', '中铺', '下铺'))}"
    if shape < 0.54:
        return f"{r.choice('￥¥￥')}{r.random() * 10 ** r.randint(1, 3):.1f}{r.choice(('元', '元', ''))}"
    if shape < 0.64:
        return f"{r.randint(2008, 2030)}年{r.randint(1, 12):02}月{r.randint(1, 28):02}日{r.randint(0, 23):02}:{r.randint(0, 59):02}开"
    if shape < 0.70:
        return f"{digits(r, 14)}{r.choice(UP)}{digits(r, 6)}"
    if shape < 0.75:
        return (
            f"{digits(r, 10)}****{digits(r, 3)}{r.choice('0123456789X')}{r.choice(('', person(r)))}"
        )
    if shape < 0.80:
        return f"{r.choice(('候车', '检票', '检票口', '登机口'))}{colon(r)}{r.choice('一二三四12345')}{r.choice(('层候车室', '楼', 'A', 'B', '号口'))}"
    return r.choice(TICKET_WORDS)


def slip(r: Random, v: Vocabulary) -> str:
    """Receipts and card slips of Chinese shops."""
    shape = r.random()
    if shape < 0.10:
        return r.choice(BANKS)
    if shape < 0.16:
        return v.brand(r) + r.choice(SHOP_KINDS)
    if shape < 0.30:
        name = v.word(r)
        return r.choice(
            (
                name,
                f"{name} {money(r)}",
                f"{name} x{r.randint(1, 9)}",
                f"{name} {r.randint(1, 9)} {money(r)}",
                f"{r.randint(1, 30)}.{name}",
                f"{name}({quantity(r)})",
                f"{name}（{r.choice('大中小')}份）",
            )
        )
    value = r.choice((digits, money_value, yuan_value, date_value, person_value, digits))
    name = r.choice(SLIP_FIELDS)
    if r.random() < 0.15:
        name = name.replace("(", "（").replace(")", "）")
    return field(
        r,
        name,
        value(r, r.choice((1, 2, 3, 6, 6, 8, 12, 15)))
        if r.random() < 0.85
        else f"{date(r)} {clock(r)}",
    )


def label(r: Random, v: Vocabulary) -> str:
    """Nameplates, product pages, washing labels, warnings."""
    shape = r.random()
    if shape < 0.2:
        return r.choice(LABEL_VALUES)
    if shape < 0.35:
        return quantity(r)
    if shape < 0.42:
        return (
            f"({quantity(r)}，{quantity(r)})"
            if r.random() < 0.3
            else f"{v.word(r)}、{v.word(r)}、{v.word(r)}"
        )
    value = r.random()
    content = (
        quantity(r)
        if value < 0.35
        else codes.serial(r)
        if value < 0.55
        else v.word(r)
        if value < 0.7
        else r.choice(LABEL_VALUES)
        if value < 0.85
        else date(r)
    )
    return field(r, r.choice(LABEL_FIELDS), content)


def sign(r: Random, v: Vocabulary) -> str:
    """What stands in streets and on doors."""
    shape = r.random()
    if shape < 0.25:
        return r.choice(SIGN_WORDS)
    if shape < 0.50:
        return v.brand(r) + r.choice(SHOP_KINDS)
    if shape < 0.62:
        return v.brand(r)
    if shape < 0.74:
        return f"{v.village(r)}{r.choice(('路', '街', '大道', '巷', '弄', '胡同'))}{number(r)[:4]}{r.choice(('号', '号', '弄', ''))}"
    if shape < 0.82:
        return f"{v.village(r)}{r.choice(('路', '街', '大道'))} {pinyin(r)} {r.choice(('Rd', 'Lu', 'St.', 'Ave', 'ROAD'))}"
    if shape < 0.9:
        return f"{r.choice(('营业时间', '电话', '热线', 'TEL', '时间'))}{colon(r)}{r.choice((telephone(r), f'{clock(r)}-{clock(r)}'))}"
    return f"{v.place(r)}{v.village(r)}{r.choice(('市场', '广场', '家园', '公园', '医院', '小学'))}{r.choice(('', some(r, 'ABCDE', 1, 1) + '区', digits(r, 2) + '号', '东门'))}"


def address(r: Random, v: Vocabulary) -> str:
    """A Chinese address, whole or from somewhere in its middle."""
    head = v.division(r) if r.random() < 0.75 else v.place(r)
    tail = r.choice(
        (
            "",
            v.village(r) + r.choice(("村", "", "小区", "组")),
            f"{v.village(r)}{r.choice(('路', '街', '大道'))}{number(r)[:4]}号",
            f"{v.village(r)}{r.choice(('路', '街'))}{number(r)[:3]}号{number(r)[:2]}幢{digits(r, 3)}室",
            f"{v.village(r)}{r.choice(('工业园', '科技园', '开发区'))}{r.choice('ABCD')}座{number(r)[:2]}楼",
            f"{v.village(r)} {telephone(r)}",
        )
    )
    whole = head + tail
    if len(whole) > 8 and r.random() < 0.3:
        whole = whole[r.randint(1, len(whole) - 6) :]
    return r.choice(("", "", "", "", "地址：", "地址:", "住址 ")) + whole


def exam(r: Random, v: Vocabulary) -> str:
    """Exam papers and sums."""
    a, b = (f"{r.random() * 10 ** r.randint(0, 3):.{r.choice((0, 0, 1, 2))}f}" for _ in range(2))
    sum_ = f"{a}{r.choice('+-×÷')}{b}"
    if r.random() < 0.3:
        sum_ += f"{r.choice('+-×÷')}{r.randint(1, 99)}"
    shape = r.random()
    if shape < 0.35:
        return sum_ + r.choice(("=", "=", "=", "", f"={number(r)}", "≈"))
    if shape < 0.42:
        return f"{sum_}{r.choice('○<>=')}{number(r)}"
    if shape < 0.75:
        head = r.choice(
            (
                "一、",
                "二、",
                "三、",
                "四、",
                "五、",
                "1. ",
                "2. ",
                "3.",
                "4、",
                "5. ",
                "（1）",
                "(2)",
                "",
            )
        )
        tail = r.choice(
            (
                "",
                "。",
                f"。（{r.randint(1, 40)} 分）",
                f"（共 {r.randint(5, 60)} 分）",
                f"({r.randint(1, 40)}分)",
                "：",
                f"（每题{r.randint(1, 9)}分）",
            )
        )
        return head + r.choice(EXAM) + tail
    if shape < 0.88:
        return f"{r.choice(('A', 'B', 'C', 'D'))}{r.choice(('.', '．', '、', '. ')).replace('．', '.')}{v.word(r)}"
    return f"{r.randint(1, 40)}{r.choice(('.', '、', '. '))}{v.window(r, r.randint(4, 20))}{r.choice(('（ ）', '( )', '。', '？', ''))}"
