import { useT } from '@gonghui/ui/base';
import { type FormEvent, useState } from 'react';
import { Card } from './Card.tsx';
import { wayTo } from './meeting.ts';

/** The way in for who has a number, or a link on paper. */
export function FindPage() {
  const t = useT();
  const [text, setText] = useState('');
  const [bad, setBad] = useState('');
  const go = (event: FormEvent) => {
    event.preventDefault();
    const way = wayTo(text, location.host);
    if (way === 'bad' || way === 'elsewhere') setBad(way);
    else location.assign(way);
  };
  return (
    <Card>
      <h1>{t('meet.find.title')}</h1>
      <p className="about">{t('meet.find.purpose')}</p>
      <form onSubmit={go} noValidate>
        <div className="field">
          <label htmlFor="number">{t('meet.find.number')}</label>
          <input
            id="number"
            className="input"
            autoComplete="off"
            inputMode="text"
            value={text}
            placeholder={t('meet.find.hint')}
            aria-invalid={bad !== ''}
            aria-describedby={bad ? 'number-bad' : undefined}
            onChange={(event) => {
              setText(event.target.value);
              setBad('');
            }}
          />
          {bad && (
            <p id="number-bad" className="wrong" role="alert">
              {t(bad === 'bad' ? 'meet.find.bad' : 'meet.find.elsewhere')}
            </p>
          )}
        </div>
        <button type="submit" className="button main wide">
          {t('meet.find.submit')}
        </button>
      </form>
    </Card>
  );
}
