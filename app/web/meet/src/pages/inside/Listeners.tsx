import { useT } from '@gonghui/ui/base';
import { useEffect, useState } from 'react';
import { Face } from '../../parts/Face.tsx';
import { MoreIcon } from '../../parts/icons.tsx';
import { Menu } from '../../parts/Menu.tsx';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import type { Person } from '../../signal/messages.ts';
import { usePersonActs } from '../usePersonActs.tsx';

const PAGE = 50;
/** Milliseconds after which a change of their number, or a word that is being typed, is looked at. */
const SETTLE = 400;

/** Those who only listen, by pages: they may be thousands. */
export default function Listeners() {
  const t = useT();
  const room = useRoom();
  const { listeners } = useSnapshot(room).state.inside;
  const acts = usePersonActs();
  const [words, setWords] = useState('');
  const [wanted, want] = useState(PAGE);
  const [seen, setSeen] = useState<{ persons: Person[]; total: number; more: boolean }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: their number says that somebody has come or gone
  useEffect(() => {
    let over = false;
    const look = async () => {
      const persons: Person[] = [];
      let after = 0;
      let total = 0;
      do {
        const size = Math.min(100, wanted - persons.length);
        const page = (await room.ask({ look: { after, query: words.trim(), size } })).seen;
        persons.push(...(page?.persons ?? []));
        after = page?.next ?? 0;
        total = page?.total ?? 0;
      } while (after > 0 && persons.length < wanted && !over);
      if (!over) setSeen({ persons, total, more: after > 0 });
    };
    const timer = setTimeout(() => void look().catch(() => undefined), seen ? SETTLE : 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [room, words, wanted, listeners]);
  if (listeners === 0) return null;
  return (
    <section className="listeners" aria-label={t('meet.inside.listeners.title', { count: listeners })}>
      <h3>{t('meet.inside.listeners.title', { count: listeners })}</h3>
      {listeners > 8 && (
        <input
          type="search"
          className="input"
          aria-label={t('meet.inside.listeners.search')}
          placeholder={t('meet.inside.listeners.search')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      {seen?.persons.length === 0 && <p className="quiet">{t('meet.inside.listeners.none')}</p>}
      <ul className="rows">
        {seen?.persons.map((person) => (
          <li key={person.participant} className="row" data-participant={person.participant}>
            <Face name={person.name} id={person.participant} />
            <div className="row-text">
              <span className="row-name">
                {person.name}
                {person.guest && <span className="tag">{t('meet.guest')}</span>}
              </span>
              <span className="row-sub">{[person.post, person.body].filter(Boolean).join(' · ')}</span>
            </div>
            <span className="row-signs">
              <Menu label={t('meet.tile.acts', { name: person.name })} acts={acts(person)}>
                <MoreIcon />
              </Menu>
            </span>
          </li>
        ))}
      </ul>
      {seen?.more && (
        <button type="button" className="button small" onClick={() => want(wanted + PAGE)}>
          {t('meet.inside.listeners.more')}
        </button>
      )}
    </section>
  );
}
