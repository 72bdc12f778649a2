import { api, type Schemas, take } from '@gonghui/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.ts';
import { Badge } from '../Badge.tsx';
import { dateTime } from '../base/format.ts';
import { useT } from '../base/i18n.ts';
import { FormDrawer } from '../FormDrawer.tsx';
import { Bars } from '../PageSkeleton.tsx';
import { ErrorState } from '../states.tsx';
import { passkeysKey, securityKey } from './queries.ts';

type Passkey = Schemas['Passkey'];

/** The passkeys of the own account. */
export function Passkeys() {
  const t = useT();
  const { modal } = App.useApp();
  const [naming, setNaming] = useState<Passkey | null>(null);
  const list = useInfiniteQuery({
    queryKey: passkeysKey,
    initialPageParam: '',
    queryFn: ({ pageParam }) => take(api.GET('/v1/own/passkeys', { params: { query: { pageToken: pageParam } } })),
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
  const refresh = [passkeysKey, securityKey];
  const remove = useAct({
    run: ({ id }: Passkey) => take(api.DELETE('/v1/own/passkeys/{id}', { params: { path: { id } } })),
    refresh,
    said: t('security.passkeys.removed'),
  });
  const rename = useAct({
    run: ({ id, name }: { id: string; name: string }) =>
      take(api.PUT('/v1/own/passkeys/{id}', { params: { path: { id } }, body: { id, name } })),
    refresh: [passkeysKey],
    said: t('security.passkeys.renamed'),
    quiet: true,
  });
  if (list.error && !list.data) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Bars rows={1} height={40} />;
  const passkeys = list.data.pages.flatMap((page) => page.passkeys);
  if (passkeys.length === 0) return null;
  return (
    <>
      <ul className="passkeys">
        {passkeys.map((key) => (
          <li key={key.id}>
            <div>
              <span className="passkey-name">
                {key.name} {key.synced && <Badge tone="plain">{t('security.passkeys.synced')}</Badge>}
              </span>
              <span className="passkey-facts num">
                {t('security.passkeys.made', { at: dateTime(key.createdAt) })}
                {' · '}
                {key.usedAt ? t('security.passkeys.used', { at: dateTime(key.usedAt) }) : t('security.passkeys.unused')}
              </span>
            </div>
            <span className="passkey-acts">
              <Button
                type="link"
                aria-label={`${t('security.passkeys.rename')} ${key.name}`}
                onClick={() => setNaming(key)}
              >
                {t('security.passkeys.rename')}
              </Button>
              <Button
                type="link"
                aria-label={`${t('security.passkeys.remove')} ${key.name}`}
                loading={remove.isPending && remove.variables?.id === key.id}
                onClick={() =>
                  modal.confirm({
                    title: t('security.passkeys.removeAsk', { name: key.name }),
                    content: t('security.passkeys.removeWhy'),
                    okText: t('security.passkeys.remove'),
                    okButtonProps: { danger: true },
                    onOk: () => remove.mutate(key),
                  })
                }
              >
                {t('security.passkeys.remove')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button type="link" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('list.next')}
        </Button>
      )}
      <FormDrawer<{ name: string }>
        open={!!naming}
        title={t('security.passkeys.rename')}
        initial={{ name: naming?.name ?? '' }}
        submit={({ name }) => rename.mutateAsync({ id: naming?.id ?? '', name })}
        close={() => setNaming(null)}
      >
        <Form.Item
          name="name"
          label={t('security.passkeys.name')}
          extra={t('security.passkeys.nameHint')}
          rules={[
            { required: true, whitespace: true, message: t('form.required', { label: t('security.passkeys.name') }) },
          ]}
        >
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
      </FormDrawer>
    </>
  );
}
