import type { Locale } from '@gonghui/api';

const ZONE = 'Asia/Shanghai';

/** Counts come as numbers, or as strings where the API has 64 bits. */
export type Count = number | string | bigint;

/** 1,286 */
export function count(n: Count): string {
  return BigInt(typeof n === 'number' ? Math.trunc(n) : n || 0).toLocaleString('en-US');
}

const zhUnits: [number, string][] = [
  [1e8, '\u4ebf'],
  [1e4, '\u4e07'],
];
const enUnits: [number, string][] = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
];

/**
 * A figure for a dashboard: 2.13 and the sign for ten thousand in Chinese, 21.3K in English, cut off rather than
 * rounded up so that a goal is never shown as reached too early. Small figures stay exact.
 */
export function compact(n: Count, locale: Locale): string {
  const value = Number(n);
  if (Math.abs(value) < 10_000) return count(n);
  for (const [size, unit] of locale === 'zh' ? zhUnits : enUnits) {
    const scaled = value / size;
    if (Math.abs(scaled) < 1) continue;
    const digits = Math.abs(scaled) >= 100 ? 1 : 2;
    const cut = Math.trunc(scaled * 10 ** digits) / 10 ** digits;
    return `${cut.toLocaleString('en-US', { maximumFractionDigits: digits })}${locale === 'zh' ? ` ${unit}` : unit}`;
  }
  return count(n);
}

/** 98.6%, cut off rather than rounded up: only all of them are 100%. A dash when there is nothing to be a share of. */
export function percent(part: Count, whole: Count): string {
  const all = Number(whole);
  if (!(all > 0)) return '\u2014';
  return `${Math.floor((Number(part) / all) * 1000 + 1e-9) / 10}%`;
}

/** +12 / −3 / 0, with a true minus sign. */
export function signed(n: number): string {
  if (n === 0) return '0';
  return `${n > 0 ? '+' : '\u2212'}${count(Math.abs(n))}`;
}

function parts(at: string | Date): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: ZONE,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return Object.fromEntries(format.formatToParts(new Date(at)).map((p) => [p.type, p.value]));
}

const known = (at: string | Date | null | undefined): at is string | Date =>
  !!at && !Number.isNaN(new Date(at).getTime());

/** 2026-11-22, in Asia/Shanghai; empty when there is no date. */
export function date(at: string | Date | null | undefined): string {
  if (!known(at)) return '';
  if (typeof at === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(at)) return at;
  const p = parts(at);
  return `${p.year}-${p.month}-${p.day}`;
}

/** 2026-11-22 09:05, in Asia/Shanghai. */
export function dateTime(at: string | Date | null | undefined): string {
  if (!known(at)) return '';
  const p = parts(at);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** A date in a sentence: month, day and weekday in the language on screen. */
export function proseDate(at: string | Date, locale: Locale): string {
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: ZONE, ...options }).format(new Date(at));
  const weekday = write({ weekday: 'short' });
  return locale === 'zh'
    ? `${write({ month: 'long', day: 'numeric' })} ${weekday}`
    : `${weekday} ${write({ month: 'short', day: 'numeric' })}`;
}

/** Money from integer cents: \u00a51,234.50. */
export function money(cents: Count): string {
  const c = BigInt(cents);
  const abs = c < 0n ? -c : c;
  const yuan = (abs / 100n).toLocaleString('en-US');
  return `${c < 0n ? '\u2212' : ''}\u00a5${yuan}.${(abs % 100n).toString().padStart(2, '0')}`;
}

/** How long ago, in whole units: the largest that fits. */
export function ago(at: string | Date, now: Date, locale: Locale): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - new Date(at).getTime()) / 1000));
  const [n, unit]: [number, Intl.RelativeTimeFormatUnit] =
    seconds < 60
      ? [seconds, 'second']
      : seconds < 3600
        ? [Math.floor(seconds / 60), 'minute']
        : seconds < 86_400
          ? [Math.floor(seconds / 3600), 'hour']
          : [Math.floor(seconds / 86_400), 'day'];
  const text = new Intl.RelativeTimeFormat(locale === 'zh' ? 'zh-CN' : 'en', {
    numeric: 'always',
    style: locale === 'zh' ? 'short' : 'long',
  }).format(-n, unit);
  // Intl writes no gap between a digit and Han; ours is the same everywhere.
  return locale === 'zh' ? text.replace(/^(\d+)/, '$1 ') : text;
}
