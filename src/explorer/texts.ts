/** What the page says, in both languages. */
import { inChinese } from './sentences.js';
import { ARGUMENTS, CATEGORIES, EFFECTS, FAULTS, FIELDS, TOOLS } from './terms.js';

export type Language = 'en' | 'zh';

/** English, Chinese. */
const TEXTS = {
  aboutCode: ['About this code', '关于此错误码'],
  action: ['API action', 'API 操作'],
  again: ['Try again', '再试一次'],
  allRegions: ['every region', '所有地域'],
  allWell: ['All well again', '全部恢复正常'],
  answer: ['Answer', '结果'],
  attempt: ['Attempt', '第几次'],
  calls: ['Calls', '调用记录'],
  callsText: ['What this page called since it was opened.', '本页面打开以来的调用。'],
  cancel: ['Cancel', '取消'],
  cancelled: [
    'Cancelled. What had been sent by then may have been carried out.',
    '已取消。取消之前已发出的请求可能已被执行。',
  ],
  certificates: ['Certificates', '证书'],
  choose: ['Choose…', '请选择…'],
  chooseOrType: ['Choose or type', '选择或输入'],
  clear: ['Clear', '清空'],
  close: ['Close', '关闭'],
  'close-7': ['within 7 days', '7 天内到期'],
  'close-30': ['within 30 days', '30 天内到期'],
  'close-expired': ['expired', '已过期'],
  conditions: ['Faults and limits', '故障与限制'],
  connectedNow: ['Connected', '在线'],
  connections: ['{count} connected', '{count} 个在线'],
  continue: ['Continue', '继续'],
  copied: ['Copied', '已复制'],
  copy: ['Copy', '复制'],
  daysAgo: ['expired {days} days ago', '已过期 {days} 天'],
  daysLeft: ['{days} days', '剩 {days} 天'],
  documentation: ['Documentation', '官方文档'],
  doesNotHelp: ['Repeating does not help', '重试无用'],
  done: ['Done', '成功'],
  download: ['Download configuration', '下载配置'],
  downloaded: [
    '{file} is in your downloads. Whoever has it can connect: hand it over through a safe channel.',
    '{file} 已下载。持有该文件者即可连接，请通过安全渠道转交。',
  ],
  downloadFile: ['Download {file}', '下载 {file}'],
  duration: ['Took', '耗时'],
  errorCode: ['Error code', '错误码'],
  everyAction: ['every action', '所有操作'],
  facts: ['What was found out', '已查明的情况'],
  failed: ['Refused or failed', '被拒绝或失败'],
  fault: ['Fault', '故障'],
  faultStrikes: ['It strikes', '影响范围'],
  fillExample: ['One that works', '填入可成功的示例'],
  fillInFirst: ['Fill in first: {fields}', '请先填写：{fields}'],
  fillRefusal: ['One that is refused', '填入会被拒绝的示例'],
  find: ['Find tools, API actions, parameters and error codes', '查找工具、API 操作、参数和错误码'],
  findExample: ['Find: revoke, SslVpnServerId, QuotaFull…', '查找：吊销、SslVpnServerId、QuotaFull…'],
  firstSteps: [
    'This is a sandbox: nothing in it is real. Fill the form with an example:',
    '这是沙箱，其中一切都不是真实的。用示例填写表单：',
  ],
  gaps: ['Not known here:', '以下无法得知：'],
  hidePolicy: ['Hide the policy', '收起权限策略'],
  kindAction: ['API action', 'API 操作'],
  kindError: ['error code', '错误码'],
  kindParameter: ['parameter', '参数'],
  kindTool: ['tool', '工具'],
  language: ['Language', '语言'],
  latency: ['Each answer takes', '每次响应耗时'],
  leftOut: ['–', '–'],
  linkOver: [
    'This link was used or has expired. Save the configuration again for another one.',
    '此链接已使用或已过期。请重新保存配置以获取新链接。',
  ],
  loading: ['Loading…', '加载中…'],
  lookTitle: ['Look before you run', '运行前预览'],
  'lost-gone': [
    'The process behind this page does not answer any more. If it has ended, start it again with: alicloud-ssl-vpn-mcp explore',
    '本页面背后的进程不再响应。如果它已结束，请重新运行：alicloud-ssl-vpn-mcp explore',
  ],
  'lost-protocol': [
    'The process behind this page gave an answer that the page cannot read.',
    '页面无法读取进程返回的结果。',
  ],
  'lost-secret': [
    'This page needs the secret of the process: open the address that alicloud-ssl-vpn-mcp explore has printed.',
    '本页面需要进程的密钥：请打开 alicloud-ssl-vpn-mcp explore 打印的地址。',
  ],
  mayHelp: ['Repeating can help', '重试可能有效'],
  moreFields: ['Seldom needed', '不常用的参数'],
  needsRights: ['Permissions it needs:', '所需权限：'],
  nextSteps: ['What to do next', '下一步'],
  no: ['no', '否'],
  noArguments: ['Nothing has to be filled in.', '无需填写任何参数。'],
  noCalls: ['Nothing was called yet.', '尚无调用。'],
  noFault: ['none', '无'],
  noLimit: ['no limit', '不限'],
  noTool: ['There is no tool of this name, or it is switched off.', '没有此工具，或已被停用。'],
  none: ['none', '无'],
  nothingFound: ['Nothing fits.', '没有匹配项。'],
  nothingReached: ['Nothing reached the sandbox yet.', '沙箱尚未收到请求。'],
  nothingSent: ['nothing is sent', '不会发送'],
  onePerLine: ['One a line: {count} so far.', '每行一个，目前 {count} 个。'],
  onlyConnected: ['connected now', '仅看在线'],
  openCertificate: ['Open {name}', '打开 {name}'],
  outcome: ['Outcome', '结果'],
  'outcome-cancelled': ['cancelled', '已取消'],
  'outcome-lost': ['no answer', '无响应'],
  'outcome-ok': ['ok', '成功'],
  parameters: ['Parameters', '参数'],
  perSecond: ['{rate} a second', '每秒 {rate} 次'],
  previewLater: ['The request appears here once the form is right.', '表单填写正确后在此显示请求。'],
  quarter: ['Quarter {quarter} of {year}: {count} certificates', '{year} 年第 {quarter} 季度：{count} 张证书'],
  questionNo: ['No, keep', '不，保留'],
  questionTitle: ['Before anything is changed', '更改之前请确认'],
  questionYes: ['Yes', '是'],
  rateLimit: ['Requests let through', '请求限速'],
  readable: ['To read', '阅读'],
  reload: ['Reload', '刷新'],
  rename: ['Rename…', '重命名…'],
  renew: ['Renew', '续期'],
  renewOnlySoon: [
    'Certificates can be renewed in the last year before they run out, and need a name.',
    '只能续期一年内到期且有名称的证书。',
  ],
  renewTitle: ['Renew {count} certificates', '续期 {count} 张证书'],
  repeat: ['Repeat', '重试'],
  repeatIn: ['Repeat in {region}', '在 {region} 重试'],
  repeatSafely: ['Repeat with the same token', '用同一 token 安全重试'],
  request: ['Request', '请求'],
  required: ['required', '必填'],
  revoke: ['Revoke…', '吊销…'],
  revokeTitle: ['Revoke {count} certificates', '吊销 {count} 张证书'],
  rows: ['{count} rows', '{count} 行'],
  run: ['Run', '运行'],
  running: ['Running…', '运行中…'],
  sandbox: ['Sandbox', '沙箱'],
  sandboxLog: ['What reached it', '收到的请求'],
  sandboxText: [
    'A small cloud in this process. Let its network or its service fail, and see what the tools make of it.',
    '本进程内的小型云。可让其网络或服务出现故障，观察各工具如何应对。',
  ],
  searchCertificates: ['Search by name, id, server or region', '按名称、ID、服务端或地域搜索'],
  select: ['Select {name}', '选择 {name}'],
  selectAll: ['Select all that are shown', '选择全部显示的证书'],
  selected: ['{count} selected', '已选择 {count} 张'],
  serviceSaid: ['The message:', '原始消息：'],
  showPolicy: ['Show the policy that is missing', '显示缺少的权限策略'],
  shownOf: ['{shown} of {all}, in every region', '所有地域，显示 {shown} / {all}'],
  skip: ['Skip to the content', '跳到正文'],
  takeInstead: ['Take {what} instead', '改用 {what}'],
  theme: ['Colours', '外观'],
  themeAuto: ['Auto', '自动'],
  themeDark: ['Dark', '深色'],
  themeLight: ['Light', '浅色'],
  timelineTitle: ['When they run out', '到期时间'],
  took: ['{ms} ms', '{ms} 毫秒'],
  tool: ['Tool', '工具'],
  tools: ['Tools', '工具'],
  try: ['Try', '试用'],
  unknownCode: ['This code is not in the catalogue.', '目录中没有此错误码。'],
  unselect: ['Clear selection', '取消选择'],
  views: ['Views', '视图'],
  when: ['When', '时间'],
  whoIsConnected: ['Who is connected', '谁在线'],
  yes: ['yes', '是'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

export type TextKey = keyof typeof TEXTS;
type Values = Readonly<Record<string, string | number>>;
type Texts = { title?: string; description?: string };

export type Say = {
  (key: TextKey, values?: Values): string;
  toolTitle(tool: { name: string } & Texts): string;
  toolText(tool: { name: string } & Texts): string;
  argument(name: string): string;
  /** @param hint what the schema says, which is English */
  argumentHint(name: string, hint: string): string;
  /** A sentence of the error catalogue. */
  sentence(text: string): string;
  /** A field of an answer. */
  field(name: string): string;
  category(name: string): string;
  effect(name: string): string;
  fault(name: string): string;
  /** @param time ISO 8601 */
  time(time: string): string;
  date(time: string): string;
  /** @param time Unix ms */
  clock(time: number): string;
  daysLeft(days: number): string;
};

export function sayIn(language: Language): Say {
  const index = language === 'zh' ? 1 : 0;
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const say = (key: TextKey, values: Values = {}): string =>
    TEXTS[key][index].replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name] ?? ''));
  const term = (terms: Readonly<Record<string, readonly [string, string]>>, name: string): string =>
    terms[name]?.[index] ?? name.replaceAll('_', ' ');
  return Object.assign(say, {
    toolTitle: ({ name, title }: { name: string } & Texts) =>
      (language === 'zh' ? TOOLS[name]?.[1] : (title ?? TOOLS[name]?.[0])) ?? title ?? name,
    toolText: ({ name, description = '' }: { name: string } & Texts) =>
      (language === 'zh' ? TOOLS[name]?.[2] : undefined) ?? description,
    argument: (name: string) => ARGUMENTS[name]?.[index] ?? name,
    argumentHint: (name: string, hint: string) => (language === 'zh' ? ARGUMENTS[name]?.[2] : undefined) ?? hint,
    sentence: (text: string) => (language === 'zh' ? inChinese(text) : text),
    field: (name: string) => term(FIELDS, name),
    category: (name: string) => term(CATEGORIES, name),
    effect: (name: string) => term(EFFECTS, name),
    fault: (name: string) => term(FAULTS, name),
    time: (time: string) => dateTime.format(new Date(time)),
    date: (time: string) => (Number.isNaN(Date.parse(time)) ? '' : day.format(new Date(time))),
    clock: (time: number) => clock.format(new Date(time)),
    daysLeft: (days: number) => (days < 0 ? say('daysAgo', { days: -days }) : say('daysLeft', { days })),
  });
}
