// The sentences of /openapi.json in Chinese. Each number stands as #, since limits may be others.

import { isChinese, numbered, unnumbered } from "./words.js";

const CHINESE = {
  "Reads Chinese, English and Japanese print from pictures (JPEG, PNG, WebP, GIF, BMP, TIFF) and PDF. At most # bytes and # pixels a picture, # pages of a PDF, TIFF or animation, # pictures in a batch, and # s for an answer.":
    "识别图片（JPEG、PNG、WebP、GIF、BMP、TIFF）和 PDF 里的中文、英文和日文印刷体。每张图片最多 # 字节、# 像素，PDF、TIFF 或动图最多 # 页，一批最多 # 张图片，# 秒内答复。",

  "Read a picture, or a PDF or TIFF page by page": "识别一张图片，或逐页识别 PDF、TIFF",
  "Read a picture of one line": "识别一张单行图片",
  "Read up to # pictures; each has its own answer or error": "一次识别最多 # 张图片，各有各的结果或错误",
  "Text only": "只返回文字",
  "The shipped models and the one in use": "自带的模型，以及正在使用的模型",
  "The options and limits of a request": "请求的选项和限制",
  "The process lives": "进程是否存活",
  "Ready to read": "是否已就绪",
  "Metrics for Prometheus": "Prometheus 指标",

  "what was read": "识别结果",
  "the request is not as described here": "请求与此处的说明不符",
  "the bearer token is missing or wrong": "缺少访问令牌，或令牌错误",
  "sent by a page of another site": "由其他网站的页面发出",
  "too many bytes or pixels": "字节或像素太多",
  "not a content type or a picture format of ours": "不支持的内容类型或图片格式",
  "the picture or PDF is damaged or too small, or a page cannot be read": "图片或 PDF 已损坏或太小，或有一页无法识别",
  "too many pictures are waiting; Retry-After says when to come back": "排队的图片太多；何时重试见 Retry-After",
  "a fault of ours; the server's log tells of it under the name in the message":
    "服务器内部错误；消息里的编号可在服务器日志中查到",
  "the service is going down": "服务正在停止",
  "not read before the deadline": "未能在时限内识别",
  "too little memory on the server; a smaller picture may be read": "服务器内存不足；较小的图片或可识别",
  "starting or going down": "正在启动或停止",

  "true: the picture is one line; false: always search for lines; null: decide by its shape":
    "true：图片是单行；false：总是查找文字行；null：按形状判断",
  "also try doubtful lines turned by #° or #°": "可疑的行再转 #° 或 #° 试读",
  "let the text around a doubtful character help to tell it; false: read just what it shows":
    "让上下文帮助判断可疑的字；false：只按字形识别",
  "take the enhancements that help pictures like this one": "自动选用对这类图片有益的增强",
  "spread the gray levels of a dark or faint picture": "拉开偏暗或偏淡图片的灰度",
  "take noise away before reading": "识别前去噪",
  "even out the contrast before reading": "识别前均衡对比度",
  "make the picture black and white before reading": "识别前变成黑白",
  "level a tilted picture; polygons then lie on the levelled one": "校正倾斜；多边形以校正后的图片为准",
  "of fields: the template to find them by; null: the one that fits the page best":
    "查找字段所用的模板（须同时要求 fields）；null：自动选择最合适的",
  "find and check the values on invoices, tickets, receipts, cards": "提取并校验发票、车票、小票、名片上的字段",
  "also send the picture as it was read, as a JPEG in base64": "同时返回识别时的图片（JPEG，base64）",
  "degrees by which the page is turned, clockwise": "页面被顺时针转过的度数",
  "of a PDF, TIFF or animation: pages such as #, #-# or #-; null: from the first on":
    "PDF、TIFF 或动图的页码，如 #、#-# 或 #-；null：从第一页起",
  "why this page was not read, if it was not": "若此页未能识别，原因在此",
  "the file in standard base64; line breaks and one data-URI prefix are fine":
    "文件的标准 base64，可以换行，可带一个 data URI 前缀",
  "corners in pixels, from the text's top left, clockwise": "四角的像素坐标，从文字的左上角起顺时针",
  "how it was read": "识别的方式",
};

export function translated(text) {
  return (isChinese() && numbered(CHINESE[unnumbered(text)], text)) || text;
}
