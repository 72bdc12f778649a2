import { pick, useLocale, useT } from '@gonghui/ui';
import { Button, Input, Segmented } from 'antd';
import { useId, useState } from 'react';
import { PartFrame } from './PartFrame.tsx';
import { ownOf, whole } from './profile.ts';
import type { Design } from './useDesign.ts';
import { overLong, replaceAll, setWord } from './wording.ts';

/** Texts of the apps in the union's own words: one by one, or a word replaced wherever it stands. */
export function WordingPart({ design }: { design: Design }) {
  const t = useT();
  const locale = useLocale();
  const id = useId();
  const [app, setApp] = useState<'member' | 'console'>('member');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const { words } = whole(design.profile, ownOf(design.branding.inherited)).wording;
  const { texts } = design.branding;
  const set = (next: typeof words, touched = '') => design.edit({ wording: { words: next } }, touched);
  const long = overLong(texts, words);
  return (
    <PartFrame design={design} part="wording" own={() => set(words)}>
      <div className="design-replace">
        <div className="design-field">
          <label htmlFor={`${id}from`}>{t('branding.replaceFrom')}</label>
          <Input id={`${id}from`} value={from} maxLength={20} onChange={({ target }) => setFrom(target.value)} />
        </div>
        <div className="design-field">
          <label htmlFor={`${id}to`}>{t('branding.replaceTo')}</label>
          <Input id={`${id}to`} value={to} maxLength={20} onChange={({ target }) => setTo(target.value)} />
        </div>
        <Button
          disabled={!from.trim() || !to.trim()}
          onClick={() => set(replaceAll(texts, words, from.trim(), to.trim()))}
        >
          {t('branding.replace')}
        </Button>
      </div>
      <Segmented
        className="design-choice"
        aria-label={t('branding.wordingApp')}
        value={app}
        options={(['member', 'console'] as const).map((value) => ({ value, label: t(`branding.apps.${value}`) }))}
        onChange={setApp}
      />
      {long.length > 0 && (
        <p className="design-warning" role="alert">
          {t('branding.overLong', { names: long.join(t('policy.comma')) })}
        </p>
      )}
      <ul className="design-words">
        {texts
          .filter((text) => text.app === app)
          .map((text) => {
            const name = pick(locale, text.zh, text.en);
            const own = words.find(({ key }) => key === text.key);
            return (
              <li key={text.key}>
                <span className="row-sub">{name}</span>
                <Input
                  aria-label={t('branding.wordZh', { text: name })}
                  placeholder={locale === 'zh' ? text.zh : ''}
                  value={own?.zh ?? ''}
                  maxLength={text.mostZh}
                  onChange={({ target }) => set(setWord(words, text.key, { zh: target.value }), `word.zh.${text.key}`)}
                />
                <Input
                  aria-label={t('branding.wordEn', { text: name })}
                  placeholder={text.en}
                  value={own?.en ?? ''}
                  maxLength={text.mostEn}
                  onChange={({ target }) => set(setWord(words, text.key, { en: target.value }), `word.en.${text.key}`)}
                />
              </li>
            );
          })}
      </ul>
    </PartFrame>
  );
}
