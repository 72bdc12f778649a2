import { useT } from '@gonghui/ui/base';
import { useEffect, useState } from 'react';
import { encode } from 'uqr';
import { Dialog } from '../parts/Dialog.tsx';
import { useRoom } from '../parts/useRoom.ts';
import { useTry } from './VotePanel.tsx';
import { VoterList } from './VoterList.tsx';
import type { Vote } from './votes.ts';

/** A sign-in: one press, or the code on the screen of the hall. */
export function SignInCard({ vote, leading }: { vote: Vote; leading: boolean }) {
  const t = useT();
  const room = useRoom();
  const attempt = useTry();
  const [showing, setShowing] = useState(false);
  const { id } = vote;
  return (
    <>
      <p className="quiet num">
        {t('meet.vote.signed', { came: vote.came, count: vote.voters })}
        {vote.state === 'open' && vote.endsAt && (
          <> · {t('meet.vote.until', { at: new Date(vote.endsAt).toTimeString().slice(0, 5) })}</>
        )}
      </p>
      {vote.state === 'open' && (
        <p className="vote-acts">
          {vote.own?.did ? (
            <span role="status" className="vote-done">
              {t('meet.vote.signedOwn')}
            </span>
          ) : (
            <button
              type="button"
              className="button small main"
              onClick={() => void attempt(() => room.vote({ do: 'sign', vote: id }))}
            >
              {t('meet.vote.sign')}
            </button>
          )}
          {leading && (
            <>
              <button type="button" className="button small" onClick={() => setShowing(true)}>
                {t('meet.vote.code')}
              </button>
              <button
                type="button"
                className="button small"
                onClick={() => void attempt(() => room.vote({ do: 'end', vote: id }))}
              >
                {t('meet.vote.endSignIn')}
              </button>
            </>
          )}
        </p>
      )}
      <VoterList vote={vote} />
      {showing && vote.state === 'open' && <CodeDialog vote={vote} close={() => setShowing(false)} />}
    </>
  );
}

/** The code for those who sit in a hall, in the size of its screen. It changes, so that a photograph of it is soon good for nothing. */
function CodeDialog({ vote, close }: { vote: Vote; close: () => void }) {
  const t = useT();
  const room = useRoom();
  const [code, setCode] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let gone = false;
    const next = async () => {
      const told = await room.vote({ do: 'code', vote: vote.id }).catch(() => null);
      if (gone) return;
      setCode(told?.code?.code ?? '');
      timer = setTimeout(() => void next(), Math.max(told?.code?.left ?? 0, 1000));
    };
    void next();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [room, vote.id]);
  const url = `${location.origin}${location.pathname}#in=${code}`;
  const { data, size } = encode(url, { ecc: 'M', border: 2 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1H${x}z` : ''))).join('');
  return (
    <Dialog title={t('meet.vote.codeTitle')} close={close}>
      <div className="dialog-body vote-code">
        {code && (
          <svg viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" role="img" aria-label={url} data-code={code}>
            <path d={`M0 0h${size}v${size}H0z`} fill="#fff" />
            <path d={path} fill="#000" />
          </svg>
        )}
        <p>{t('meet.vote.codeBody')}</p>
      </div>
    </Dialog>
  );
}
