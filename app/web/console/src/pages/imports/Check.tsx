import { DownloadOutlined } from '@ant-design/icons';
import { count, Section, useT } from '@gonghui/ui';
import { App, Button, Radio } from 'antd';
import { Link } from 'react-router';
import { useDownload } from '../../useDownload.ts';
import { RowsTable } from './RowsTable.tsx';
import { entering, type Import } from './stages.ts';
import { useImportActs } from './useImportActs.ts';

const tally = ['admitted', 'known', 'faulty', 'rows'] as const;

/** What the check found, before anything is entered: counts, what is wrong, row by row, and the act itself. */
export function Check({ one }: { one: Import }) {
  const t = useT();
  const { modal } = App.useApp();
  const file = useDownload();
  const { map, commit, cancel, askCancel } = useImportActs(one);
  const of = (key: (typeof tally)[number]) => Number(one.counts?.[key] ?? 0);
  const { added, changed, sum } = entering(one);
  const known = of('known');
  const faulty = of('faulty');
  const faults = one.counts?.faults ?? [];
  const n = count(sum);

  const ask = () =>
    modal.confirm({
      title: t('check.commitAsk', { n }),
      icon: null,
      content: (
        <>
          <ul className="points">
            {added > 0 && <li>{t('check.commitAdded', { n: count(added) })}</li>}
            {changed > 0 && <li>{t('check.commitChanged', { n: count(changed) })}</li>}
            {known > changed && <li>{t('check.commitSkipped', { n: count(known - changed) })}</li>}
            {faulty > 0 && <li>{t('check.commitFaulty', { n: count(faulty) })}</li>}
          </ul>
          <p className="quiet">{t('check.commitHint')}</p>
        </>
      ),
      okText: t('check.commit', { n }),
      onOk: () => commit.mutateAsync(undefined).catch(() => {}),
    });
  const choose = (policy: string) =>
    map.mutate({
      sheet: one.sheet,
      headerRow: one.headerRow,
      columns: one.columns.map(({ index, field }) => ({ index, field })),
      policy,
    });

  return (
    <>
      <Section title={t('check.title')} about={t('check.about', { name: one.fileName, n: count(of('rows')) })}>
        <dl className="tally">
          {tally.map((key) => (
            <div key={key} className={key === 'faulty' && faulty > 0 ? 'tally-bad' : undefined}>
              <dt>{t(`imports.${key}`)}</dt>
              <dd className="num">{count(of(key))}</dd>
            </div>
          ))}
        </dl>
        {known > 0 && (
          <fieldset className="policy">
            <legend>{t('check.policy', { n: count(known) })}</legend>
            <Radio.Group
              className="choices"
              value={(map.isPending && map.variables.policy) || one.policy || 'skip'}
              disabled={map.isPending}
              onChange={(event) => choose(event.target.value)}
            >
              {(['skip', 'update'] as const).map((policy) => (
                <Radio key={policy} value={policy}>
                  <span className="choice">
                    {t(`check.policies.${policy}`)}
                    <span className="row-sub">{t(`check.policyHints.${policy}`)}</span>
                  </span>
                </Radio>
              ))}
            </Radio.Group>
          </fieldset>
        )}
        {sum === 0 && (
          <div className="none">
            <p className="none-title">{t('check.none')}</p>
            <p className="quiet">{t('check.noneWhy')}</p>
          </div>
        )}
        <div className="step-acts">
          {sum > 0 ? (
            <Button type="primary" loading={commit.isPending} onClick={ask}>
              {t('check.commit', { n })}
            </Button>
          ) : (
            <Link to="/imports/new">{t('finish.again')}</Link>
          )}
          <Link to="?step=columns" className="step-link">
            {t('check.columns')}
          </Link>
          <Button loading={cancel.isPending} onClick={askCancel}>
            {t('work.cancel')}
          </Button>
        </div>
      </Section>
      {faulty > 0 && (
        <Section
          title={t('check.faults')}
          about={t('check.faultsAbout')}
          action={
            <Button
              icon={<DownloadOutlined aria-hidden />}
              loading={file.busy}
              onClick={() =>
                void file.get(`/v1/imports/${one.id}/corrections`, t('check.correctionsName', { name: one.fileName }))
              }
            >
              {t('check.corrections', { n: count(faulty) })}
            </Button>
          }
        >
          <ul className="kinds">
            {faults.map((fault) => (
              <li key={fault.kind}>
                <span>{t(`fault.${fault.kind}`, { defaultValue: t('fault.other') })}</span>
                <span className="kinds-bar" aria-hidden="true">
                  <span style={{ width: `${(Number(fault.count) / Number(faults[0]?.count || 1)) * 100}%` }} />
                </span>
                <span className="num">{count(fault.count)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <RowsTable one={one} />
    </>
  );
}
