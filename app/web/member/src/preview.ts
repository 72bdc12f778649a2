import { type Locale, setLocale } from '@gonghui/ui/base';

/** Of a link to a draft of how the app is to look; empty in the app itself. */
export const previewToken = new URLSearchParams(window.location.search).get('preview') ?? '';

/** What the designer says to the frame that shows the draft. */
export interface PreviewWish {
  gonghui: 'preview';
  dark: boolean;
  elder: boolean;
  locale: Locale;
}

const isWish = (data: unknown): data is PreviewWish =>
  typeof data === 'object' && data !== null && 'gonghui' in data && data.gonghui === 'preview';

/**
 * onPreview follows the designer around the frame: how the draft is shown, and that it has changed. Nothing of it is kept: the
 * device's own settings are the person's.
 */
export function onPreview(changed: () => void): () => void {
  if (!previewToken || window.parent === window) return () => {};
  const hear = ({ origin, data }: MessageEvent) => {
    if (origin !== window.location.origin || !isWish(data)) return;
    document.documentElement.dataset.mode = data.dark ? 'dark' : 'light';
    document.documentElement.toggleAttribute('data-elder', data.elder);
    setLocale(data.locale, false);
    changed();
  };
  window.addEventListener('message', hear);
  window.parent.postMessage({ gonghui: 'preview-ready' }, window.location.origin);
  return () => window.removeEventListener('message', hear);
}
