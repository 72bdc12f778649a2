import { useT } from '@gonghui/ui/base';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { CloseIcon } from './icons.tsx';

interface Props {
  title: string;
  close: () => void;
  /** As wide as the window lets it be. */
  wide?: boolean;
  children: ReactNode;
}

/** What stands over the page until it is answered. The browser keeps the focus inside and closes by Esc. */
export function Dialog({ title, close, wide, children }: Props) {
  const t = useT();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  return (
    <dialog ref={dialog} className={wide ? 'dialog wide' : 'dialog'} aria-labelledby={id} onClose={close}>
      <header className="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="plain" aria-label={t('act.close')} onClick={() => dialog.current?.close()}>
          <CloseIcon />
        </button>
      </header>
      {children}
    </dialog>
  );
}

interface AskProps {
  title: string;
  body: ReactNode;
  acts: { text: string; run: () => void; tone?: 'bad' | 'main' }[];
  close: () => void;
}

/** A question with its answers; the last thing to do is not to. */
export function Ask({ title, body, acts, close }: AskProps) {
  const t = useT();
  return (
    <Dialog title={title} close={close}>
      <div className="dialog-body">{body}</div>
      <footer className="dialog-foot">
        <button type="button" className="button" onClick={close}>
          {t('act.cancel')}
        </button>
        {acts.map(({ text, run, tone }) => (
          <button
            key={text}
            type="button"
            className={`button ${tone ?? ''}`}
            onClick={() => {
              close();
              run();
            }}
          >
            {text}
          </button>
        ))}
      </footer>
    </Dialog>
  );
}
