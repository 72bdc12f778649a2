import { LoadingOutlined } from '@ant-design/icons';
import { ApiError } from '@gonghui/api';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { type ReactNode, useLayoutEffect, useState } from 'react';
import { antdTheme } from './antdTheme.ts';
import { useLocale, useT } from './base/i18n.ts';
import { useMode } from './base/mode.ts';
import { LOOK_AGAIN, loadTheme, paint, plainTheme, type Theme, ThemeContext } from './base/theme.ts';
import { StepUp } from './StepUp.tsx';
import { meKey } from './session.tsx';
import { useWide } from './useWide.ts';

/** Server state of an app. A lost session anywhere makes the shell ask again who is there. */
export function newQueryClient(): QueryClient {
  const onError = (error: unknown, key?: unknown) => {
    if (error instanceof ApiError && error.reason === 'SESSION_REQUIRED' && key !== meKey[0]) {
      void client.invalidateQueries({ queryKey: meKey });
    }
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => onError(error, query.queryKey[0]) }),
    mutationCache: new MutationCache({ onError: (error) => onError(error) }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && error instanceof ApiError && error.transient && error.code !== 429,
      },
      mutations: { retry: false },
    },
  });
  return client;
}

export const themeKey = ['theme'];

interface Props {
  /** Which app this is, for the page's title: "console" or "hq". */
  app: 'console' | 'hq';
  children: ReactNode;
}

/** ThemeRoot gives an app its queries, texts, colours and dark mode, taken from the body of the host. */
export function ThemeRoot({ app, children }: Props) {
  const [client] = useState(newQueryClient);
  return (
    <QueryClientProvider client={client}>
      <Dressed app={app}>{children}</Dressed>
    </QueryClientProvider>
  );
}

function Dressed({ app, children }: Props) {
  const t = useT();
  const locale = useLocale();
  const { dark } = useMode();
  const phone = !useWide();
  const { data, isPending } = useQuery<Theme>({
    queryKey: themeKey,
    queryFn: ({ client }) => loadTheme(client.getQueryData<Theme>(themeKey)),
    staleTime: LOOK_AGAIN,
    refetchInterval: LOOK_AGAIN,
  });
  const theme = data ?? plainTheme;
  const title = t(app === 'hq' ? 'app.hq' : 'app.console');
  useLayoutEffect(() => paint(theme, title), [theme, title]);
  // The first answer decides the colours: nothing is painted in the wrong ones and then changed.
  if (isPending) return null;
  return (
    <ThemeContext value={theme}>
      <ConfigProvider
        locale={locale === 'zh' ? zhCN : enUS}
        theme={antdTheme(theme, dark, phone)}
        button={{
          autoInsertSpace: false,
          // Its own moves in and out; where the answer is quicker than that it stays behind unseen, and in the button's name.
          loadingIcon: <LoadingOutlined aria-label={t('act.working')} />,
        }}
        form={{ requiredMark: false, scrollToFirstError: { block: 'center', focus: true } }}
      >
        <App component={false} message={{ top: 64 }}>
          {children}
          <StepUp />
        </App>
      </ConfigProvider>
    </ThemeContext>
  );
}
