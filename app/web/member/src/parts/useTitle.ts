import { useTheme } from '@gonghui/ui/base';
import { useEffect } from 'react';

/** useTitle names the page in the window's title, so that a screen reader says where one has come to. */
export function useTitle(title: string): void {
  const { appName, bodyName } = useTheme();
  const app = appName || bodyName;
  useEffect(() => {
    const before = document.title;
    document.title = app ? `${title} · ${app}` : title;
    return () => {
      document.title = before;
    };
  }, [title, app]);
}
