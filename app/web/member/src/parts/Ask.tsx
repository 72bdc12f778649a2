import { useT } from '@gonghui/ui/base';
import { useId } from 'react';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

interface Props {
  /** Names the thing. */
  title: string;
  text: string;
  /** The verb of the act. */
  act: string;
  busy: boolean;
  yes: () => void;
  no: () => void;
}

/** Asks before something that cannot be undone. The browser keeps the focus inside, Esc closes. */
export function Ask({ title, text, act, busy, yes, no }: Props) {
  const t = useT();
  const id = useId();
  return (
    <Dialog labelledBy={id} close={no}>
      <h2 id={id}>{title}</h2>
      <p>{text}</p>
      <div className="ask-acts">
        <Button onClick={no}>{t('act.cancel')}</Button>
        <Button kind="danger" busy={busy} onClick={yes}>
          {act}
        </Button>
      </div>
    </Dialog>
  );
}
