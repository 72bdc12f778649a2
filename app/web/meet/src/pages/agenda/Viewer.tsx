import { asApiError } from '@gonghui/api';
import { useLocale, useT } from '@gonghui/ui/base';
import { inked, put } from '@gonghui/ui/mark';
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Dialog } from '../../parts/Dialog.tsx';
import type { PaperAddress } from '../../signal/agenda.ts';
import { Refused } from '../../signal/client.ts';
import { Busy } from '../Card.tsx';
import './agenda.css';
import { isPicture, keep } from './papers.ts';

const Pdf = lazy(() => import('./Pdf.tsx'));

interface Props {
  /** Asks for an address of the file: to be looked at, or to be kept. */
  address: (download: boolean) => Promise<PaperAddress>;
  title: string;
  close: () => void;
}

/** A paper or a picture over the page, with who looks at it written over it. */
export function Viewer({ address, title, close }: Props) {
  return (
    <Dialog title={title} close={close} wide>
      <div className="viewer">
        <Sheet address={address} />
      </div>
    </Dialog>
  );
}

/** The file itself. */
export function Sheet({ address }: Omit<Props, 'title' | 'close'>) {
  const t = useT();
  const locale = useLocale();
  const [paper, setPaper] = useState<PaperAddress | null>(null);
  const [failed, setFailed] = useState('');
  const ask = useRef(address);
  const box = useRef<HTMLDivElement>(null);
  const words = (thrown: unknown) =>
    thrown instanceof Refused ? t('meet.files.openFailed') : asApiError(thrown).text(locale);
  const tell = useRef(words);
  tell.current = words;
  useEffect(() => {
    let over = false;
    ask.current(false).then(
      (got) => !over && setPaper(got),
      (thrown: unknown) => !over && setFailed(tell.current(thrown)),
    );
    return () => {
      over = true;
    };
  }, []);
  useLayoutEffect(() => {
    return paper && box.current ? put(box.current, paper.watermark, inked) : undefined;
  }, [paper]);
  if (failed)
    return (
      <p className="viewer-note" role="alert">
        {failed}
      </p>
    );
  if (!paper) return <Busy text={t('meet.files.opening')} />;
  const save = () =>
    void ask.current(true).then(
      ({ url }) => keep(url),
      (thrown: unknown) => setFailed(tell.current(thrown)),
    );
  return (
    <>
      {paper.download && (
        <div className="viewer-acts">
          <button type="button" className="button small" onClick={save}>
            {t('meet.files.save')}
          </button>
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what is only looked at is not offered to be kept */}
      <div ref={box} className="viewer-sheet" onContextMenu={(event) => paper.download || event.preventDefault()}>
        {isPicture(paper.kind) ? (
          <img
            src={paper.url}
            alt={paper.name}
            draggable={false}
            onError={() => setFailed(t('meet.files.openFailed'))}
          />
        ) : (
          <Suspense fallback={<Busy text={t('meet.files.opening')} />}>
            <Pdf url={paper.url} name={paper.name} failed={() => setFailed(t('meet.files.openFailed'))} />
          </Suspense>
        )}
      </div>
    </>
  );
}
