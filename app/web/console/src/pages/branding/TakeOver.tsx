import { api, take } from '@gonghui/api';
import { useAct, useMe, useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { App, Checkbox, Modal, Select } from 'antd';
import { useId, useState } from 'react';
import { keys } from '../../data.ts';
import { fileOf, type Taken, takeable } from './file.ts';
import type { Design } from './useDesign.ts';

interface Props {
  design: Design;
  /** A file that was chosen; without one it is copied from another union. */
  file: object | null;
  close: () => void;
}

/** Parts of another design, out of a file or of another union, put into the draft. */
export function TakeOver({ design, file, close }: Props) {
  const t = useT();
  const id = useId();
  const me = useMe();
  const { message } = App.useApp();
  const body = useQuery({ queryKey: keys.body, queryFn: () => take(api.GET('/v1/body')), staleTime: 60_000 });
  const above = (body.data?.ancestors ?? []).map(({ code, name }) => ({ value: code, label: name }));
  const beside = me.places
    .filter((p) => ['admin', 'system_admin'].includes(p.role) && p.bodyCode !== me.place.bodyCode)
    .filter((p) => !above.some(({ value }) => value === p.bodyCode))
    .map((p) => ({ value: p.bodyCode, label: p.bodyName }));
  const sources = [...above.reverse(), ...beside];
  const offered = file ? takeable.filter((part) => fileOf(file).includes(part)) : takeable;
  const [code, setCode] = useState('');
  const [parts, setParts] = useState<string[]>([...offered]);
  const from = code || sources[0]?.value || '';
  const words = (names: string[]) => names.map((part) => t(`branding.part.${part}`)).join(t('policy.comma'));
  const act = useAct({
    run: async (): Promise<Taken> => {
      if (!(await design.save())) throw new Error(t('branding.notSaved'));
      const revision = design.revision();
      return file
        ? take(api.POST('/v1/branding/draft:import', { body: { file, parts, revision } as never }))
        : take(api.POST('/v1/branding/draft:copy', { body: { code: from, parts, revision } }));
    },
    done: (taken) => {
      design.takenUp(taken.branding);
      close();
      if (taken.leftOut.length > 0) void message.warning(t('branding.leftOut', { names: words(taken.leftOut) }), 6);
      else if (taken.taken.length === 0) void message.info(t('branding.nothingTaken'));
      else void message.success(t('branding.taken', { names: words(taken.taken) }));
    },
  });
  return (
    <Modal
      open
      title={t(file ? 'branding.importTitle' : 'branding.copyTitle')}
      okText={t('branding.takeOver')}
      cancelText={t('act.cancel')}
      confirmLoading={act.isPending}
      okButtonProps={{ disabled: parts.length === 0 || (!file && !from) }}
      onOk={() => act.mutate(undefined)}
      onCancel={close}
    >
      <p>{t('branding.takeOverAbout')}</p>
      {file ? (
        <p className="quiet">
          {t('branding.fileFrom', { name: String((file as { bodyName?: unknown }).bodyName ?? '') })}
        </p>
      ) : (
        <div className="design-field">
          <label htmlFor={`${id}from`}>{t('branding.copyFrom')}</label>
          <Select
            id={`${id}from`}
            value={from || null}
            options={sources}
            onChange={setCode}
            loading={body.isPending}
            notFoundContent={t('branding.noSources')}
          />
        </div>
      )}
      <div className="design-field">
        <span aria-hidden="true">{t('branding.which')}</span>
        <Checkbox.Group
          aria-label={t('branding.which')}
          className="design-which"
          value={parts}
          options={offered.map((value) => ({ value, label: t(`branding.part.${value}`) }))}
          onChange={(value) => setParts(offered.filter((part) => value.includes(part)))}
        />
      </div>
    </Modal>
  );
}
