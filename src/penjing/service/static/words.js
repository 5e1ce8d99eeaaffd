// Everything the pages say, in both languages.

import { kept } from "./storage.js";

const WORDS = {
  en: {
    skip: "Skip to the text", api: "API", theme: "Light or dark",
    invite: "Drop pictures or PDFs here", "invite-touch": "Photograph or choose a picture",
    or: "or paste with Ctrl+V. They are read on this server and not kept.",
    "or-touch": "It is read on this server and not kept.",
    choose: "Choose files", photo: "Take a photo", options: "Options",
    shape: "The picture is", "shape-auto": "decided by its shape", "shape-page": "a page",
    "shape-line": "one line", auto: "Enhance where it helps", stretch: "Brighten",
    denoise: "Remove noise", clahe: "Even out contrast", binarise: "Black and white",
    deskew: "Straighten", literal: "Letter by letter, for codes", pages: "Pages of a PDF or TIFF",
    turned: "Also lines that are turned", fields: "Find and check amounts, dates, numbers",
    token: "Access token", use: "Use it",
    pile: "Pictures", picture: "Picture", text: "Text",
    "picture-tools": "Picture tools", "text-tools": "Text tools",
    "zoom-in": "Larger", "zoom-out": "Smaller", fit: "Fit", boxes: "Boxes", before: "Before",
    previous: "Previous page", next: "Next page",
    canvas: "The picture. Arrow keys move it, plus and minus zoom.",
    "copy-all": "Copy all", copy: "Copy", copied: "Copied", again: "Read again",
    footer: "A whole tree, grown small. Everything stays on this server.",
    "state-waiting": "waiting", "state-reading": "being read", "state-done": "read",
    "state-partly": "some pages not read",
    "state-failed": "not read", "state-stopped": "stopped", nothing: "No text was found.",
    reading: "Reading {name} …", "reading-some": "Reading {name} ({done} of {all}) …",
    stop: "Stop", stopped: "Stopped",
    waiting: "Many are waiting; trying again in {seconds} s",
    ready: "{name}: {lines} in {time}", lost: "page {number} was not read: {why}",
    "lines-one": "1 line", "lines-other": "{count} lines", sure: "{percent} sure",
    "need-token": "This server asks for an access token.", failed: "{name} was not read: {why}",
    "no-copy": "The browser did not allow copying.", pasted: "pasted picture",
    values: "Values", "no-values": "No values were found.", "value-checked": "checked: it is sound",
    "value-unchecked": "nothing to check it by", "value-failed": "does not pass its check",
    schemas: "Schemas", send: "Send", answers: "Answers",
  },
  zh: {
    skip: "跳到文字", api: "接口", theme: "浅色或深色",
    invite: "把图片或 PDF 拖到这里", "invite-touch": "拍一张，或选择图片",
    or: "也可以按 Ctrl+V 粘贴。文件只在本服务器上识别，不会保存。",
    "or-touch": "文件只在本服务器上识别，不会保存。",
    choose: "选择文件", photo: "拍照", options: "选项",
    shape: "图片是", "shape-auto": "按形状判断", "shape-page": "整页", "shape-line": "单行",
    auto: "自动增强", stretch: "提亮", denoise: "去噪",
    clahe: "均衡对比度", binarise: "黑白", deskew: "校正倾斜",
    literal: "逐字识别（编号、代码）", pages: "PDF、TIFF 的页码",
    turned: "也识别旋转的文字", fields: "提取并校验金额、日期、号码",
    token: "访问令牌", use: "使用", pile: "图片列表", picture: "图片", text: "文字",
    "picture-tools": "图片工具", "text-tools": "文字工具",
    "zoom-in": "放大", "zoom-out": "缩小", fit: "适应", boxes: "文字框", before: "原图",
    previous: "上一页", next: "下一页", canvas: "图片。方向键移动，加减键缩放。",
    "copy-all": "复制全部", copy: "复制", copied: "已复制", again: "重新识别",
    footer: "缩龙成寸，小中见大。一切都留在本服务器上。",
    "state-waiting": "等待中", "state-reading": "正在识别", "state-done": "已识别",
    "state-failed": "未识别", "state-stopped": "已停止", "state-partly": "有的页未识别", nothing: "没有找到文字。",
    reading: "正在识别 {name} …", "reading-some": "正在识别 {name}（第 {done} 个，共 {all} 个）…",
    stop: "停止", stopped: "已停止",
    waiting: "排队的人很多，{seconds} 秒后重试",
    ready: "{name}：{lines}，{time}", lost: "第 {number} 页未能识别：{why}",
    "lines-one": "1 行", "lines-other": "{count} 行", sure: "可信度 {percent}",
    "need-token": "此服务器需要访问令牌。", failed: "未能识别 {name}：{why}",
    "no-copy": "浏览器不允许复制。", pasted: "粘贴的图片",
    values: "字段", "no-values": "没有找到字段。", "value-checked": "校验通过",
    "value-unchecked": "无从校验", "value-failed": "校验未通过",
    schemas: "数据结构", send: "发送", answers: "返回",
  },
};

// The server explains its refusals to programmers, in English; these are for visitors.
const REFUSALS = {
  en: {
    unsupported_format: "its format is not JPEG, PNG, WebP, GIF, BMP, TIFF or PDF",
    busy: "too many are waiting; please try again later",
    deadline_passed: "it took too long; please try again later",
    draining: "the server is restarting; please try again",
    out_of_memory: "the server has too little memory for it; a smaller picture may be read",
  },
  zh: {
    unsupported_format: "不是 JPEG、PNG、WebP、GIF、BMP、TIFF 或 PDF 格式",
    broken_picture: "图片已损坏",
    empty_picture: "文件是空的",
    picture_too_small: "图片太小",
    picture_too_large: "图片太大",
    body_too_large: "文件太大",
    broken_pdf: "PDF 已损坏，或太复杂",
    encrypted_pdf: "PDF 有密码",
    page_range: "没有这样的页码",
    busy: "排队的人太多，请稍后重试",
    deadline_passed: "识别超时，请稍后重试",
    draining: "服务器正在重启，请稍后重试",
    out_of_memory: "服务器内存不足；较小的图片或可识别",
    internal: "服务器内部错误",
    unreachable: "无法连接服务器",
    unreadable: "浏览器无法读取；文件夹不能识别",
    unauthorised: "需要正确的访问令牌",
    cross_site: "不接受其他网站的页面发来的请求",
    bad_request: "请求有误",
    bad_json: "请求不是有效的 JSON",
    bad_base64: "图片不是有效的 base64",
    wrong_content_type: "请求的内容类型不对",
    incomplete: "有的页未能识别",
    abandoned: "请求已取消",
    picture: "图片无法识别",
    missing_picture: "文件打不开",
    broken_archive: "压缩包已损坏",
  },
};

// What a page may warn of; each number stands as #, in the order of the English sentence.
const WARNINGS = {
  shrunk: "查找文字行时，图片缩到了 #%",
  lines_left_out: "找到 # 行，只识别了其中最可信的 # 行",
  frames_left_out: "共 # 帧，只识别了第一帧",
  pages_left_out: "只识别了前 # 页，共 # 页；其余的请在选项里指定页码",
  coarse: "页面很大，只按 # dpi 绘制",
  own_text: "文字取自 PDF 本身，未经识别",
  hidden_left_out: "其中 # 个字符看不见，已略去",
  invisible_text: "PDF 的文字不可见，像是扫描件；改为识别页面",
  no_unicode: "有 # 个字符没有 Unicode 编码，PDF 共 # 个字符；改为识别页面",
  hidden_text: "有 # 个字符看不见，PDF 共 # 个字符；改为识别页面",
  pictures: "图片占页面的 #%；改为识别页面",
  shapes: "页面多由图形组成，只有 # 个字符；改为识别页面",
  notes: "页面上有 # 个表单域或批注；改为识别页面",
};
const NUMBER = /\b\d+(?:[.,]\d+)*/g; // not the 64 of base64

const touch = matchMedia("(hover: none)");

let language = kept?.getItem("language") || (navigator.language.startsWith("zh") ? "zh" : "en");

export const isChinese = () => language === "zh";

export function say(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

export function explain({ code, message }) {
  return REFUSALS[language][code] ?? message;
}

export function cautions({ warnings, warning_codes: codes }) {
  if (!isChinese()) return warnings;
  return warnings.map((warning, k) => numbered(WARNINGS[codes[k]], warning) ?? warning);
}

// A sentence with each number as #; and a translation of such a one with the sentence's numbers.
export const unnumbered = (sentence) => sentence.replace(NUMBER, "#");

export function numbered(translation, sentence) {
  const numbers = sentence.match(NUMBER) ?? [];
  return translation?.replace(/#/g, () => numbers.shift());
}

// A name's beginning and end, short enough for a line of a phone; Chinese characters are wide.
export function brief(name) {
  const letters = [...name];
  const most = /[\u2e80-\uffef]/.test(name) ? 14 : 28;
  if (letters.length <= most) return name;
  return `${letters.slice(0, most / 2).join("")}…${letters.slice(1 - most / 2).join("")}`;
}

export function countLines(count) {
  return say(count === 1 ? "lines-one" : "lines-other", { count });
}

export function duration(milliseconds) {
  const short = milliseconds < 1000;
  const [value, unit] = short ? [milliseconds, "millisecond"] : [milliseconds / 1000, "second"];
  const style = { style: "unit", unit, minimumFractionDigits: +!short, maximumFractionDigits: +!short };
  return new Intl.NumberFormat(language, style).format(value);
}

export function translate() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-word]")) {
    const { word, touchWord } = element.dataset;
    element.textContent = say((touch.matches && touchWord) || word);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
    element.title = say(element.dataset.label);
  }
  const button = document.getElementById("language");
  button.textContent = language === "zh" ? "English" : "中文";
  button.lang = language === "zh" ? "en" : "zh";
  button.setAttribute("aria-label", language === "zh" ? "Switch to English" : "切换到中文");
}

export function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
  kept?.setItem("language", language);
  translate();
}
