import { useT } from '@gonghui/ui';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { bodyQuery } from '../../data/queries.ts';
import { bodyAddress } from '../body/useView.ts';
import { parts } from './change.ts';

/** The words of the directory's notes that have a translation. */
const WORDS = new Set(['parent', 'territorial', 'industrial', 'registered', 'active']);

/** What a directory event changed, with the names of the bodies that it mentions. */
export function Change({ before, after }: { before: string; after: string }) {
  if (!before && !after) return null;
  return (
    <div className="event-change">
      {before && (
        <span>
          <Said text={before} />
        </span>
      )}
      {before && after && <span aria-hidden="true">→</span>}
      {after && (
        <span>
          <Said text={after} />
        </span>
      )}
    </div>
  );
}

function Said({ text }: { text: string }) {
  const t = useT();
  return parts(text).map((part, i) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text never change places
    if ('code' in part) return <Named key={i} code={part.code} />;
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text never change places
    return <span key={i}>{WORDS.has(part.word) ? t(`hq.events.word.${part.word}`) : part.word} </span>;
  });
}

function Named({ code }: { code: string }) {
  const { data } = useQuery(bodyQuery(code));
  // A body outside the caller's scope has a code and no more.
  if (!data) return <span>{code}</span>;
  return <Link to={bodyAddress(code, { line: null, metric: null })}>{data.body.name}</Link>;
}
