import { asApiError } from '@gonghui/api';
import { useLocale } from '@gonghui/ui';
import { App } from 'antd';
import { useState } from 'react';
import { download, stopped } from './transfer.ts';

/** useDownload fetches a file for the person to keep, and says it when that fails. */
export function useDownload() {
  const locale = useLocale();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const get = async (path: string, name: string) => {
    setBusy(true);
    try {
      await download(path, name);
    } catch (thrown) {
      if (!stopped(thrown)) void message.error(asApiError(thrown).text(locale), 6);
    } finally {
      setBusy(false);
    }
  };
  return { busy, get };
}
