export type Locale = 'zh' | 'en';

type Words = Record<string, Record<Locale, string>>;

/** The reasons of every module, and those that are told without a network: their words are always there. */
export const general: Words = {
  INVALID_ARGUMENT: {
    zh: '填写有误，请检查后重试',
    en: 'Something is not filled in correctly. Check it and try again.',
  },
  RATE_LIMITED: { zh: '操作太频繁，请稍等片刻再试', en: 'Too many requests. Wait a moment and try again.' },
  FORBIDDEN: {
    zh: '您没有这项权限，可请本级管理员开通',
    en: 'You have no right to do this. An administrator of your union can grant it.',
  },
  NOT_FOUND: { zh: '要找的内容不存在或已被移走', en: 'What you are looking for does not exist or has moved.' },
  INTERNAL: {
    zh: '系统出了点问题，您填写的内容还在，请重试',
    en: 'Something went wrong on our side. What you entered is kept; try again.',
  },
  BODY_TOO_LARGE: {
    zh: '提交的内容太大，请减小后再试',
    en: 'What you sent is too large. Make it smaller and try again.',
  },
  CSRF: { zh: '页面已过期，请刷新后重试', en: 'This page is out of date. Reload it and try again.' },
  TIMEOUT: { zh: '等候超时，请重试', en: 'No answer came in time. Try again.' },
  NETWORK: { zh: '网络不通，请检查网络后重试', en: 'No connection. Check your network and try again.' },
  UNAVAILABLE: { zh: '服务暂时不可用，请稍后再试', en: 'The service is not available just now. Try again shortly.' },
  STALE: {
    zh: '内容已被他人修改，请刷新后再改',
    en: 'Somebody else has changed this. Reload it, then make your change.',
  },
  SESSION_REQUIRED: { zh: '登录已失效，请重新登录', en: 'You are signed out. Sign in again.' },
};

let known = general;

/** learn fetches the words of a reason, unless they are here. Without a network the general ones have to do. */
export async function learn(reason: string): Promise<void> {
  if (known[reason]) return;
  try {
    known = (await import('./reasons.ts')).reasons;
  } catch {
    // Asked for again with the next error.
  }
}

/**
 * wording turns a reason into a sentence. Bad input brings its own sentence along in the metadata, and so does a reason
 * that is newer than this page.
 */
export function wording(reason: string, metadata: Record<string, string>, locale: Locale): string {
  const own = metadata[locale];
  const words = known[reason];
  if (own && (reason === 'INVALID_ARGUMENT' || !words)) return own.charAt(0).toUpperCase() + own.slice(1);
  return (
    (words ?? general.INTERNAL)?.[locale].replace(/\{(\w+)\}/g, (_, name: string) => metadata[name] ?? '') ?? reason
  );
}
