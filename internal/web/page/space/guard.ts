// The writing guard: what in a draft could tell who wrote it. It only marks and
// explains; nothing leaves the device, and nothing is ever refused.

export type Kind = 'address' | 'link' | 'handle' | 'profile' | 'phone' | 'amount' | 'date' | 'number' | 'name' | 'only';

export interface Mark {
  kind: Kind;
  from: number; // in UTF-16 units of the text, as a text box counts
  to: number;
}

const MONTHS = 'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?'
  + '|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre'
  + '|يناير|فبراير|مارس|أبريل|إبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر|كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول';
const MONEY = 'usd|eur|gbp|inr|egp|sar|aed|mad|mxn|ars|clp|cop|dollars?|euros?|pounds?|rupees?|dólar(?:es)?|libras?|pesos?|soles|دولار(?:ات)?|يورو|جنيه(?:ات)?|ريال(?:ات)?|درهم|دراهم|دينار|ليرة';
const ENDS = 'com|org|net|io|de|es|uk|eu|me|co|info|biz|dev|app|ai|fr|it|nl|pl|pt|ch|at|be|tech|online|site|xyz|cv|ar|mx|cl|eg|sa|ae|ma|in|pk|tr';
const THINGS = 'profile|user|account|contract|job|ticket|order|invoice|case|project|perfil|cuenta|contrato|trabajo|pedido|factura|caso|proyecto|ملف|حساب|عقد|وظيفة|طلب|فاتورة|قضية|مشروع';

// What stands before a match is no letter and no digit; it is caught, not looked
// behind for, since some browsers cannot look behind.
const after = (pattern: string, flags = 'giu'): RegExp => new RegExp(`(^|[^\\p{L}\\p{N}])(${pattern})`, flags);
const end = '(?![\\p{L}\\p{N}])';

// In this order: of two that overlap the earlier stands.
const RULES: [Kind, RegExp, ((found: string) => boolean)?][] = [
  ['address', after(String.raw`[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}`)],
  ['address', after(String.raw`[\p{L}\p{N}._+-]{1,64}\s{0,3}(?:[([{]\s{0,3}(?:at|arroba|آت|ات)\s{0,3}[)\]}]|\s(?:at|arroba|آت|ات)\s)\s{0,3}[\p{L}\p{N}-]{1,63}\s{0,3}(?:[([{]?\s{0,3}(?:dot|punto|نقطة)\s{0,3}[)\]}]?|\.)\s{0,3}\p{L}{2,20}`)],
  ['link', after(String.raw`(?:https?:\/\/|www\.)\S+`)],
  ['link', after(String.raw`[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,4}(?:\.|\s{0,3}[([]\s{0,3}(?:dot|punto|نقطة)\s{0,3}[)\]]\s{0,3}|\s(?:dot|punto|نقطة)\s)(?:${ENDS})${end}(?:\/\S*)?`)],
  ['profile', after(String.raw`~[0-9a-f]{10,}`)],
  ['profile', after(String.raw`(?:${THINGS})\s*(?:id|no\.?|nr\.?|number|n[úu]m(?:ero|\.)?|رقم)?\s*[:#№]?\s*[\p{L}-]{0,4}\p{Nd}{4,}`)],
  ['handle', after(String.raw`@[\p{L}\p{N}_.]{2,}`)],
  ['handle', after(String.raw`(?:telegram|skype|discord|whatsapp|instagram|twitter|signal|wechat|تلغرام|تيليجرام|واتساب|سكايب)\s*[:=]\s*\S{3,}`)],
  ['amount', after(String.raw`(?:[$€£¥₹]|us\$)\s?\p{Nd}[\p{Nd}.,'٬٫]{0,15}|\p{Nd}[\p{Nd}.,'٬٫]{0,15}\s?(?:[$€£¥₹]|(?:${MONEY})${end})`), exact],
  ['date', after(String.raw`\p{Nd}{4}-\p{Nd}{1,2}-\p{Nd}{1,2}|\p{Nd}{1,2}[./-]\p{Nd}{1,2}[./-]\p{Nd}{2,4}`)],
  ['date', after(String.raw`\p{Nd}{1,2}(?:st|nd|rd|th|º)?\s(?:of\s|de\s)?(?:${MONTHS})${end}(?:,?\s(?:de\s)?\p{Nd}{4})?|(?:${MONTHS})\s\p{Nd}{1,2}(?:st|nd|rd|th)?${end}`)],
  ['date', after(String.raw`\p{Nd}{1,2}:\p{Nd}{2}(?:\s?[ap]\.?m\.?)?${end}`)],
  ['phone', after(String.raw`\+?\(?\p{Nd}[\p{Nd}\s().\/-]{6,24}\p{Nd}`), (s) => digits(s).length >= 8 && digits(s).length <= 15],
  ['number', after(String.raw`\p{Nd}{5,40}`)],
  ['only', after(String.raw`(?:the (?:only|first|last)(?: one)?|nobody else|no one else|i alone|(?:el|la|lo|los|las) (?:únic[oa]s?|primer[oa]?s?|últim[oa]s?)|nadie más|الوحيدة?|أول من|آخر من|لا أحد غيري)${end}`)],
  ['name', after(String.raw`(?:اسمي|السيدة?|الأستاذة?|المهندسة?|الدكتورة?|شركة)\s\p{L}+(?:\s\p{L}+)?`)],
];

/** Digits of any script. */
function digits(s: string): string {
  return s.replace(/[^\p{Nd}]/gu, '').replace(/[٠-٩]/g, (d) => String(d.charCodeAt(0) - 0x660)).replace(/[۰-۹]/g, (d) => String(d.charCodeAt(0) - 0x6f0));
}

/** An amount that few others would name: cents, or three digits that are no zeros at the end. */
function exact(s: string): boolean {
  return /\p{Nd}[.,٫]\p{Nd}{1,2}(?!\p{Nd})/u.test(s) || digits(s).replace(/^0+|0+$/g, '').length >= 3;
}

const CAPITAL = /([.!?…:]["'”»)]*\s+|\n\s*(?:[-*>#]+\s*|\d+\.\s*)?|[“"«(¿¡]\s*)?(\p{Lu}\p{Ll}[\p{L}’'-]{0,40}(?:\s\p{Lu}\p{Ll}[\p{L}’'-]{0,40}){0,4})/gu;

// Capitals that English and Spanish write for everybody.
const EVERYBODYS = new Set(('monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december '
  + 'english spanish arabic french german italian portuguese chinese hindi russian european american internet english-speaking christmas easter god mr mrs ms dr '
  + "i'm i’m i've i’ve i'll i’ll i'd i’d").split(' '));

/** Names in scripts that have capitals: capitals where no sentence begins, or two in a row. */
function names(text: string, known: ReadonlySet<string>): Mark[] {
  const marks: Mark[] = [];
  for (const m of text.matchAll(CAPITAL)) {
    const begins = m[1] !== undefined || !text.slice(0, m.index).trim();
    const words = (m[2] ?? '').split(/\s/);
    const strange = words.filter((w, i) => !EVERYBODYS.has(w.toLowerCase()) && !known.has(w.toLowerCase()) && !(begins && i === 0 && words.length === 1));
    if (!strange.length || (begins && words.length === 2 && strange.length === 1 && strange[0] === words[0])) continue;
    const from = (m.index ?? 0) + (m[1] ?? '').length;
    marks.push({ kind: 'name', from, to: from + (m[2] ?? '').length });
  }
  return marks;
}

/**
 * Finds what could tell who wrote the text, in its order. known are words in
 * lower case that others in the space use too, such as the names of platforms.
 */
export function guard(text: string, known: ReadonlySet<string> = new Set()): Mark[] {
  const marks: Mark[] = [];
  const add = (m: Mark): void => {
    if (!marks.some((o) => m.from < o.to && o.from < m.to)) marks.push(m);
  };
  for (const [kind, pattern, holds] of RULES) {
    for (const m of text.matchAll(pattern)) {
      const found = (m[2] ?? '').trimEnd().replace(/[.,;:!?]+$/, '');
      const from = (m.index ?? 0) + (m[1] ?? '').length;
      if (!holds || holds(found)) add({ kind, from, to: from + found.length });
    }
  }
  names(text, known).forEach(add);
  return marks.sort((a, b) => a.from - b.from);
}
