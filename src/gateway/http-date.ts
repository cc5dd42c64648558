/**
 * Dates of HTTP headers. Written as IMF-fixdate; read as nginx reads them, which is what push-module clients met: also
 * RFC 850 and asctime, the weekday and the zone unread, text behind the seconds ignored.
 */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const RFC_1123 = /^[^ ,]*, *(\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d)/;
const RFC_850 = /^[^ ,]*, *(\d\d)-([A-Z][a-z]{2})-(\d\d) (\d\d):(\d\d):(\d\d)/;
const ASCTIME = /^[^ ,]* ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})/;

let writtenSecond = Number.NaN;
let writtenDate = '';

/** @param second unix time in whole seconds */
export function httpDate(second: number): string {
  if (second !== writtenSecond) {
    writtenSecond = second;
    writtenDate = new Date(second * 1000).toUTCString();
  }
  return writtenDate;
}

let readDate = '';
let readSecond: number | undefined;

/** Unix time in seconds; undefined for everything that is not a date from 1970 on. */
export function parseHttpDate(text: string): number | undefined {
  // Pollers of one channel send the same date again and again.
  if (text !== readDate) {
    readSecond = read(text);
    readDate = text;
  }
  return readSecond;
}

function read(text: string): number | undefined {
  let match = RFC_1123.exec(text);
  if (match) return toSecond(match[3], match[2], match[1], match[4], match[5], match[6]);
  match = RFC_850.exec(text);
  if (match) {
    const year = Number(match[3]);
    return toSecond(String(year < 70 ? 2000 + year : 1900 + year), match[2], match[1], match[4], match[5], match[6]);
  }
  match = ASCTIME.exec(text);
  return match ? toSecond(match[6], match[1], match[2], match[3], match[4], match[5]) : undefined;
}

type Digits = string | undefined;

function toSecond(year: Digits, month: Digits, day: Digits, h: Digits, m: Digits, s: Digits): number | undefined {
  const monthIndex = MONTHS.indexOf(month ?? '');
  if (monthIndex < 0 || Number(year) < 1970 || Number(h) > 23 || Number(m) > 59 || Number(s) > 59) return undefined;
  const ms = Date.UTC(Number(year), monthIndex, Number(day), Number(h), Number(m), Number(s));
  // Date.UTC carries 31 February over into March; such a date is none.
  return new Date(ms).getUTCDate() === Number(day) ? ms / 1000 : undefined;
}
