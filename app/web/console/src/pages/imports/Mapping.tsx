import { Badge, Section, useT } from '@gonghui/ui';
import { Button, InputNumber, Select } from 'antd';
import { useId, useState } from 'react';
import { useSearchParams } from 'react-router';
import { fieldLabel } from '../members/fieldLabel.ts';
import { type Choice, fields, forEyes, letters, missing, proposed, required, twice } from './columns.ts';
import type { Import } from './stages.ts';
import { useImportActs } from './useImportActs.ts';

/** Rows of a file in which the header may stand. */
const DEEPEST = 50;

/** Which column is which field. What is in doubt stands first, beside values of the file. */
export function Mapping({ one }: { one: Import }) {
  const t = useT();
  const id = useId();
  const [, setSearch] = useSearchParams();
  const { map, cancel, askCancel } = useImportActs(one);
  const [choice, setChoice] = useState<Choice>(() => proposed(one.columns));
  const [sheet, setSheet] = useState(one.sheet);
  const [headerRow, setHeaderRow] = useState(one.headerRow || 1);
  const [tried, setTried] = useState(false);

  const moved = sheet !== one.sheet || headerRow !== (one.headerRow || 1);
  const double = twice(choice);
  const lacking = missing(choice);
  const doubtful = one.columns.filter((column) => !column.sure).length;
  const options = [
    { value: '', label: t('mapping.leave') },
    ...fields.map((field) => ({
      value: field as string,
      label: required.includes(field) ? `${fieldLabel(field, t)} (${t('mapping.required')})` : fieldLabel(field, t),
    })),
  ];
  const send = (columns: { index: number; field: string }[]) =>
    map.mutate(
      { sheet, headerRow, columns, policy: one.policy || 'skip' },
      { onSuccess: () => setSearch({}, { replace: true }) },
    );
  const start = () => {
    setTried(true);
    if (double.size > 0 || lacking.length > 0) {
      document.getElementById(`${id}-fault`)?.scrollIntoView({ block: 'center' });
      return;
    }
    send(one.columns.map(({ index }) => ({ index, field: choice[index] ?? '' })));
  };

  return (
    <Section
      title={t('mapping.title')}
      about={doubtful > 0 ? t('mapping.doubtful', { count: doubtful }) : t('mapping.sure')}
    >
      <div className="mapping-bar">
        {one.sheets.length > 1 && (
          <label htmlFor={`${id}-sheet`}>
            {t('mapping.sheet')}
            <Select
              id={`${id}-sheet`}
              value={sheet}
              options={one.sheets.map((name) => ({ value: name, label: name }))}
              onChange={setSheet}
              popupMatchSelectWidth={false}
            />
          </label>
        )}
        <label htmlFor={`${id}-header`}>
          {t('mapping.headerRow')}
          <InputNumber
            id={`${id}-header`}
            min={1}
            max={DEEPEST}
            precision={0}
            value={headerRow}
            onChange={(n) => n !== null && setHeaderRow(n)}
          />
        </label>
        {moved && (
          <>
            <Button loading={map.isPending} onClick={() => send([])}>
              {t('mapping.reread')}
            </Button>
            <span className="quiet">{t('mapping.rereadHint')}</span>
          </>
        )}
      </div>
      <ul className="mapping" aria-label={t('mapping.title')}>
        {forEyes(one.columns).map((column) => {
          const field = choice[column.index] ?? '';
          const title = column.title || t('mapping.untitled');
          const clash = field !== '' && double.has(field);
          const fault = `${id}-${column.index}`;
          return (
            <li key={column.index} className={column.sure ? undefined : 'mapping-doubt'}>
              <span className="mapping-column">
                <span className="mapping-letter num">{letters(column.index)}</span>
                <span className="mapping-title">{title}</span>
                {!column.sure && <Badge tone="warn">{t('mapping.look')}</Badge>}
              </span>
              <span className="mapping-samples num">
                {column.samples.filter(Boolean).slice(0, 3).join(' · ') || t('mapping.noSamples')}
              </span>
              <span className="mapping-field">
                <Select
                  aria-label={t('mapping.fieldOf', { title })}
                  aria-describedby={clash ? fault : undefined}
                  status={clash ? 'error' : undefined}
                  showSearch={{ optionFilterProp: 'label' }}
                  value={field}
                  options={options}
                  onChange={(next: string) => setChoice({ ...choice, [column.index]: next })}
                  popupMatchSelectWidth={false}
                />
                {clash && (
                  <span className="field-fault" id={fault} role="alert">
                    {t('mapping.twice', { field: fieldLabel(field, t) })}
                  </span>
                )}
              </span>
            </li>
          );
        })}
      </ul>
      <div id={`${id}-fault`}>
        {lacking.length > 0 && (tried || doubtful > 0) && (
          <p className="field-fault" role="alert">
            {t('mapping.missing', { fields: lacking.map((field) => fieldLabel(field, t)).join(t('member.listJoin')) })}
          </p>
        )}
      </div>
      <div className="step-acts">
        <Button type="primary" loading={map.isPending} disabled={moved || double.size > 0} onClick={start}>
          {t('mapping.start')}
        </Button>
        <Button loading={cancel.isPending} onClick={askCancel}>
          {t('work.cancel')}
        </Button>
      </div>
    </Section>
  );
}
