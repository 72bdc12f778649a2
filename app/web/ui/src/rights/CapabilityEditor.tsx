import { Select } from 'antd';
import { useState } from 'react';
import { Badge, pick, SearchBox, useLocale, useT } from '../index.ts';
import { byModule, type Capability, type Choice, choices } from './rights.ts';

interface Props {
  value?: Record<string, Choice>;
  onChange?: (value: Record<string, Choice>) => void;
  all: Capability[];
  /** What the parent role says. */
  inherited: Record<string, Choice>;
}

/** What a role says of each capability, module by module. */
export function CapabilityEditor({ value = {}, onChange, all, inherited }: Props) {
  const t = useT();
  const locale = useLocale();
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const groups = byModule(
    all.filter(
      (c) =>
        !wanted ||
        [c.name, c.titleZh, c.titleEn, c.moduleTitleZh, c.moduleTitleEn].some((s) => s.toLowerCase().includes(wanted)),
    ),
  );
  const label = (choice: Choice, from: Choice | undefined) =>
    choice === ''
      ? from
        ? t('roles.asParent', { what: t(`roles.choice.${from.replace(' ', '_')}`) })
        : t('roles.choice.none')
      : t(`roles.choice.${choice.replace(' ', '_')}`);
  return (
    <div className="rights-editor">
      <SearchBox label={t('roles.find')} placeholder={t('roles.find')} value={words} change={setWords} />
      {groups.length === 0 && <p className="quiet">{t('roles.findNone')}</p>}
      {groups.map((group) => (
        <fieldset key={group.module}>
          <legend>{pick(locale, group.titleZh, group.titleEn)}</legend>
          {group.capabilities.map((c) => {
            const title = pick(locale, c.titleZh, c.titleEn);
            const now = value[c.name] ?? '';
            return (
              <div key={c.name} className={now ? 'rights-line rights-line-set' : 'rights-line'}>
                <span className="rights-name">
                  {title}
                  {c.sensitive && <Badge tone="warn">{t('roles.sensitive')}</Badge>}
                  {c.duty && <Badge tone="note">{t(`roles.duty.${c.duty}`)}</Badge>}
                  {!c.give && <span className="row-sub">{t('roles.notYours')}</span>}
                </span>
                <Select<Choice>
                  aria-label={title}
                  value={now}
                  popupMatchSelectWidth={false}
                  options={choices.map((choice) => ({
                    value: choice,
                    label: label(choice, inherited[c.name]),
                    disabled: choice.startsWith('allow') && !c.give && choice !== now,
                  }))}
                  onChange={(choice) => onChange?.({ ...value, [c.name]: choice })}
                />
              </div>
            );
          })}
        </fieldset>
      ))}
    </div>
  );
}
