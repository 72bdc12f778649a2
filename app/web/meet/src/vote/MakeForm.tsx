import { uuid } from '@gonghui/api';
import { useT } from '@gonghui/ui/base';
import { type FormEvent, useId, useState } from 'react';
import { useRoom, useSnapshot } from '../parts/useRoom.ts';
import { useTry } from './VotePanel.tsx';
import type { Form, Kind, Majority, MakeVote, Quorum } from './votes.ts';

const forms: readonly Form[] = ['consent', 'elect', 'choice'];
const quorums: readonly Quorum[] = ['twothirds', 'half', 'none'];
const majorities: readonly Majority[] = [
  'half_due',
  'half_voters',
  'half_cast',
  'twothirds_due',
  'twothirds_cast',
  'most',
];
/** Voters below which a ballot is refused, and below which it must be known what that means. */
const FEWEST = 3;
const SMALLEST = 5;

/** Puts something to the meeting. A ballot is shown with its list of voters before it is opened. */
export function MakeForm({ kind, close }: { kind: Kind; close: () => void }) {
  const t = useT();
  const id = useId();
  const room = useRoom();
  const attempt = useTry();
  const { persons } = useSnapshot(room).state;
  const [key] = useState(() => uuid());
  const [question, setQuestion] = useState(kind === 'signin' ? t('meet.vote.kind.signin') : '');
  const [lines, setLines] = useState('');
  const [most, setMost] = useState(1);
  const [minutes, setMinutes] = useState(10);
  const [form, setForm] = useState<Form>('consent');
  const [seats, setSeats] = useState(1);
  const [quorum, setQuorum] = useState<Quorum>('twothirds');
  const [majority, setMajority] = useState<Majority>('half_due');
  const [due, setDue] = useState('');
  const [without, setWithout] = useState<readonly string[]>([]);
  const [guests, setGuests] = useState<readonly string[]>([]);
  const [watchers, setWatchers] = useState(['', '']);
  const [small, setSmall] = useState(false);
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const secret = kind === 'secret';
  const places = persons.filter(({ guest }) => !guest);
  const strangers = persons.filter(({ guest }) => guest);
  const people = places.map(({ participant }) => participant).filter((one) => !without.includes(one));
  const voters = people.length + guests.length;
  const options =
    secret && form === 'consent'
      ? ['for', 'against', 'abstain'].map((one) => t(`meet.vote.consent.${one}`))
      : lines
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean);
  const asksOptions = kind !== 'signin' && !(secret && form === 'consent');

  const fault = (): string => {
    if (!question.trim()) return 'question';
    if (
      asksOptions &&
      (options.length < (secret && form === 'elect' ? 1 : 2) || new Set(options).size < options.length)
    )
      return 'options';
    if (asksOptions && !secret && options.length > 10) return 'tooMany';
    if (asksOptions && most > options.length) return 'most';
    if (!secret) return '';
    if (form === 'elect' && seats > options.length) return 'seats';
    if (voters < FEWEST) return 'people';
    if (voters < SMALLEST && !small) return 'small';
    if (due && Number(due) < voters) return 'due';
    if (!watchers[0] || !watchers[1] || watchers[0] === watchers[1]) return 'watchers';
    return '';
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = fault();
    setWrong(found);
    if (found) return;
    const make: MakeVote = { kind, question: question.trim() };
    if (kind === 'signin') make.minutes = minutes;
    else Object.assign(make, { options, most: secret && form === 'consent' ? 1 : most });
    if (secret)
      Object.assign(make, {
        form,
        seats: form === 'elect' ? seats : 0,
        quorum,
        majority,
        due: Number(due) || 0,
        people,
        guests,
        watchers,
        small,
      });
    setBusy(true);
    void attempt(() => room.vote({ do: 'make', vote: key, make })).then((done) => {
      setBusy(false);
      if (done) close();
    });
  };
  const number = (text: string, least: number) => Math.max(least, Math.floor(Number(text)) || least);

  return (
    <form className="votes vote-form" onSubmit={submit} onChange={() => setWrong('')} noValidate>
      <h3>{t(`meet.vote.kind.${kind}`)}</h3>
      <p className="quiet">{t(`meet.vote.about.${kind}`)}</p>
      {secret && (
        <div className="field">
          <label htmlFor={`${id}form`}>{t('meet.vote.form.label')}</label>
          <select
            id={`${id}form`}
            className="input"
            value={form}
            onChange={(event) => setForm(event.target.value as Form)}
          >
            {forms.map((one) => (
              <option key={one} value={one}>
                {t(`meet.vote.form.${one}`)}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="field">
        <label htmlFor={`${id}question`}>{t(kind === 'signin' ? 'meet.vote.titleLabel' : 'meet.vote.question')}</label>
        <input
          id={`${id}question`}
          className="input"
          maxLength={200}
          value={question}
          onChange={(event) => setQuestion(event.target.value)}
        />
      </div>
      {asksOptions && (
        <>
          <div className="field">
            <label htmlFor={`${id}options`}>
              {t(secret && form === 'elect' ? 'meet.vote.candidates' : 'meet.vote.options')}
            </label>
            <textarea
              id={`${id}options`}
              className="input"
              rows={4}
              value={lines}
              onChange={(event) => setLines(event.target.value)}
            />
            <span className="help">{t('meet.vote.optionsHelp')}</span>
          </div>
          <div className="field">
            <label htmlFor={`${id}most`}>{t('meet.vote.most')}</label>
            <input
              id={`${id}most`}
              className="input"
              type="number"
              min={1}
              value={most}
              onChange={(event) => setMost(number(event.target.value, 1))}
            />
          </div>
        </>
      )}
      {kind === 'signin' && (
        <div className="field">
          <label htmlFor={`${id}minutes`}>{t('meet.vote.minutes')}</label>
          <input
            id={`${id}minutes`}
            className="input"
            type="number"
            min={0}
            max={1440}
            value={minutes}
            onChange={(event) => setMinutes(number(event.target.value, 0))}
          />
          <span className="help">{t('meet.vote.minutesHelp')}</span>
        </div>
      )}
      {secret && (
        <>
          {form === 'elect' && (
            <div className="field">
              <label htmlFor={`${id}seats`}>{t('meet.vote.seats')}</label>
              <input
                id={`${id}seats`}
                className="input"
                type="number"
                min={1}
                value={seats}
                onChange={(event) => setSeats(number(event.target.value, 1))}
              />
            </div>
          )}
          <div className="field">
            <label htmlFor={`${id}due`}>{t('meet.vote.due')}</label>
            <input
              id={`${id}due`}
              className="input"
              inputMode="numeric"
              placeholder={String(voters)}
              value={due}
              onChange={(event) => setDue(event.target.value.replace(/\D/g, ''))}
            />
            <span className="help">{t('meet.vote.dueHelp')}</span>
          </div>
          <div className="field">
            <label htmlFor={`${id}quorum`}>{t('meet.vote.quorumLabel')}</label>
            <select
              id={`${id}quorum`}
              className="input"
              value={quorum}
              onChange={(event) => setQuorum(event.target.value as Quorum)}
            >
              {quorums.map((one) => (
                <option key={one} value={one}>
                  {t(`meet.vote.quorum.${one}`)}
                </option>
              ))}
            </select>
          </div>
          <div className="field">
            <label htmlFor={`${id}majority`}>{t('meet.vote.majorityLabel')}</label>
            <select
              id={`${id}majority`}
              className="input"
              value={majority}
              onChange={(event) => setMajority(event.target.value as Majority)}
            >
              {majorities.map((one) => (
                <option key={one} value={one}>
                  {t(`meet.vote.majority.${one}`)}
                </option>
              ))}
            </select>
          </div>
          {[0, 1].map((i) => (
            <div key={i} className="field">
              <label htmlFor={`${id}watcher${i}`}>{t('meet.vote.watcher', { no: i + 1 })}</label>
              <select
                id={`${id}watcher${i}`}
                className="input"
                value={watchers[i]}
                onChange={(event) => setWatchers(watchers.map((one, at) => (at === i ? event.target.value : one)))}
              >
                <option value="">{t('meet.vote.pick')}</option>
                {places.map((one) => (
                  <option key={one.participant} value={one.participant}>
                    {one.name}
                  </option>
                ))}
              </select>
            </div>
          ))}
          <fieldset className="vote-options">
            <legend>{t('meet.vote.eligible', { count: voters })}</legend>
            <p className="quiet">{t('meet.vote.eligibleHelp')}</p>
            {places.map(({ participant, name, body }) => (
              <label key={participant}>
                <input
                  type="checkbox"
                  checked={!without.includes(participant)}
                  onChange={() => setWithout(turned(without, participant))}
                />
                <span>
                  {name} <span className="quiet">{body}</span>
                </span>
              </label>
            ))}
            {strangers.map(({ participant, name }) => (
              <label key={participant}>
                <input
                  type="checkbox"
                  checked={guests.includes(participant)}
                  onChange={() => setGuests(turned(guests, participant))}
                />
                <span>
                  {name} <span className="quiet">{t('meet.vote.guest')}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {voters >= FEWEST && voters < SMALLEST && (
            <label className="vote-warn">
              <input type="checkbox" checked={small} onChange={(event) => setSmall(event.target.checked)} />
              <span>{t('meet.vote.smallWarning', { count: voters })}</span>
            </label>
          )}
        </>
      )}
      {wrong && (
        <p className="wrong" role="alert">
          {t(`meet.vote.wrong.${wrong}`)}
        </p>
      )}
      <p className="vote-acts">
        <button type="submit" className="button main" disabled={busy}>
          {t(secret ? 'meet.vote.makeBallot' : 'meet.vote.start')}
        </button>
        <button type="button" className="button" onClick={close}>
          {t('act.cancel')}
        </button>
      </p>
    </form>
  );
}

const turned = (all: readonly string[], one: string) =>
  all.includes(one) ? all.filter((other) => other !== one) : [...all, one];
