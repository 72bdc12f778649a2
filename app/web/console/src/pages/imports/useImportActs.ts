import { api, keyed, type Schemas, take } from '@gonghui/api';
import { useAct, useT } from '@gonghui/ui';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { keys } from '../../data.ts';
import type { Import } from './stages.ts';

type Mapping = Omit<Schemas['MapImportRequest'], 'id'>;

/** What can be done with an import. Each answer is the import as it is then, and goes on screen at once. */
export function useImportActs(one: Import) {
  const t = useT();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const { id } = one;
  const path = { params: { path: { id } } };
  const done = (after: Import) => client.setQueryData([...keys.imports, 'one', id], after);
  const lists = [[...keys.imports, 'list'], keys.imports.concat('waiting')];

  const map = useAct({
    run: (mapping: Mapping, key) =>
      take(api.POST('/v1/imports/{id}:map', { ...path, body: { id, ...mapping }, headers: keyed(key) })),
    refresh: [...lists, [...keys.imports, 'rows', id]],
    done,
  });
  const commit = useAct({
    run: (_: undefined, key) =>
      take(api.POST('/v1/imports/{id}:commit', { ...path, body: { id }, headers: keyed(key) })),
    refresh: lists,
    done,
  });
  const cancel = useAct({
    run: (_: undefined, key) =>
      take(api.POST('/v1/imports/{id}:cancel', { ...path, body: { id }, headers: keyed(key) })),
    refresh: lists,
    done,
    said: t('work.cancelled'),
  });
  const askCancel = () =>
    modal.confirm({
      title: t('work.cancelAsk', { name: one.fileName }),
      content: t('work.cancelHint'),
      icon: null,
      okText: t('work.cancel'),
      okButtonProps: { danger: true },
      cancelText: t('work.keep'),
      autoFocusButton: 'cancel',
      onOk: () => cancel.mutateAsync(undefined).catch(() => {}),
    });
  return { map, commit, cancel, askCancel };
}
