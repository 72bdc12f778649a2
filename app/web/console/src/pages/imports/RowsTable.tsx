import { api, type Schemas, take } from '@gonghui/api';
import { Badge, Bars, ErrorState, Section, type Tone, useListPlace, useLocale, useT, useWide } from '@gonghui/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { keys } from '../../data.ts';
import { fieldLabel } from '../members/fieldLabel.ts';
import type { Import } from './stages.ts';

type Row = Schemas['ImportRow'];

const PAGE = 20;
const tones: Record<string, Tone> = { admit: 'good', update: 'note', skip: 'plain', fault: 'bad' };
const outcomes = ['fault', 'admit', 'known', 'all'];

/** The checked rows, in the order of the file, a page at a time. Place and choice stand in the address. */
export function RowsTable({ one }: { one: Import }) {
  const t = useT();
  const wide = useWide();
  const place = useListPlace(['outcome']);
  const faulty = Number(one.counts?.faulty ?? 0);
  const chosen = place.filters.outcome || (faulty > 0 ? 'fault' : 'all');
  const outcome = chosen === 'all' ? '' : chosen === 'known' ? one.policy || 'skip' : chosen;
  const list = useQuery({
    queryKey: [...keys.imports, 'rows', one.id, one.policy, outcome, place.token],
    queryFn: () =>
      take(
        api.GET('/v1/imports/{id}/rows', {
          params: { path: { id: one.id }, query: { outcome, pageSize: PAGE, pageToken: place.token } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
  const rows = list.data?.rows ?? [];
  const next = list.data?.nextPageToken ?? '';
  return (
    <Section
      title={t('check.rows')}
      action={wide && <Choice value={chosen} choose={(value) => place.filter({ outcome: value })} />}
    >
      {!wide && <Choice value={chosen} choose={(value) => place.filter({ outcome: value })} />}
      {list.error && !list.data ? (
        <ErrorState error={list.error} retry={() => void list.refetch()} />
      ) : !list.data ? (
        <Bars rows={8} />
      ) : rows.length === 0 ? (
        <p className="quiet none">{t('check.noRows')}</p>
      ) : wide ? (
        <Wide rows={rows} />
      ) : (
        <Narrow rows={rows} />
      )}
      {(place.page !== 1 || next) && (
        <nav className="list-foot" aria-label={t('list.pages')}>
          <span className="list-foot-acts">
            {place.page === 0 && <Button onClick={place.first}>{t('list.first')}</Button>}
            {place.page > 1 && <Button onClick={place.previous}>{t('list.previous')}</Button>}
            {place.page > 0 && <span className="num">{t('list.page', { n: place.page })}</span>}
            {next && (
              <Button disabled={list.isPlaceholderData} onClick={() => place.next(next)}>
                {t('list.next')}
              </Button>
            )}
          </span>
        </nav>
      )}
    </Section>
  );
}

function Choice({ value, choose }: { value: string; choose: (value: string) => void }) {
  const t = useT();
  return (
    <Segmented
      className="outcomes"
      aria-label={t('check.result')}
      value={value}
      options={outcomes.map((outcome) => ({
        value: outcome,
        label: t(`check.outcomes.${outcome}`),
      }))}
      onChange={choose}
    />
  );
}

function Wide({ rows }: { rows: Row[] }) {
  const t = useT();
  return (
    <div className="plain-scroll">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col" className="plain-num">
              {t('check.number')}
            </th>
            <th scope="col">{t('check.name')}</th>
            <th scope="col">{t('check.idNumber')}</th>
            <th scope="col">{t('check.phone')}</th>
            <th scope="col">{t('check.result')}</th>
            <th scope="col">{t('check.why')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.number}>
              <td className="plain-num num">{row.number}</td>
              <th scope="row">{row.name || <span className="quiet">{t('check.noName')}</span>}</th>
              <td className="num">{row.idNumber}</td>
              <td className="num">{row.phone}</td>
              <td>
                <Outcome row={row} />
              </td>
              <td className="plain-text">
                <Faults row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Narrow({ rows }: { rows: Row[] }) {
  const t = useT();
  return (
    <ul className="phone-rows phone-rows-flat">
      {rows.map((row) => (
        <li key={row.number}>
          <div className="phone-row-head">
            <span className="row-name">{row.name || t('check.noName')}</span>
            <Outcome row={row} />
          </div>
          <div className="phone-row-lines num">
            <span>
              {t('check.number')} {row.number}
            </span>
            {row.idNumber && <span>{row.idNumber}</span>}
          </div>
          <Faults row={row} />
        </li>
      ))}
    </ul>
  );
}

function Outcome({ row }: { row: Row }) {
  const t = useT();
  return <Badge tone={tones[row.outcome] ?? 'plain'}>{t(`check.outcome.${row.outcome}`)}</Badge>;
}

function Faults({ row }: { row: Row }) {
  const t = useT();
  const locale = useLocale();
  if (row.faults.length === 0) return null;
  return (
    <ul className="row-faults">
      {row.faults.map((fault) => (
        <li key={`${fault.kind} ${fault.field}`}>
          {fault.field && (
            <strong>
              {fieldLabel(fault.field, t)}
              {locale === 'zh' ? '：' : ': '}
            </strong>
          )}
          {locale === 'zh' ? fault.zh : fault.en}
        </li>
      ))}
    </ul>
  );
}
