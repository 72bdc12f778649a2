import { useT } from '@gonghui/ui/base';
import { ahead, type Entry, wayTo } from './entries.ts';

/** The way in, or why there is none. */
export function Enter({ entry }: { entry: Entry }) {
  const t = useT();
  if (!ahead(entry, Date.now())) {
    const state = entry.state === 'cancelled' ? 'cancelled' : 'ended';
    return <span className="tag tag-plain">{t(`member.meetings.state.${state}`)}</span>;
  }
  return (
    <a
      className="button meeting-enter"
      href={wayTo(entry)}
      aria-label={t('member.meetings.enterOf', { title: entry.title })}
    >
      {t('member.meetings.enter')}
    </a>
  );
}
