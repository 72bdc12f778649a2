import { useT } from '@gonghui/ui/base';
import { useId, useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Field } from '../../parts/Field.tsx';

interface Props {
  busy: boolean;
  say: (note: string) => void;
  close: () => void;
}

/** Why somebody does not come. */
export function WhyNot({ busy, say, close }: Props) {
  const t = useT();
  const id = useId();
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  return (
    <Dialog labelledBy={id} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (note.trim()) say(note.trim());
          else setMissing(true);
        }}
      >
        <h2 id={id} className="section-title">
          {t('member.meetings.whyNot')}
        </h2>
        <Field
          label={t('member.meetings.reason')}
          value={note}
          change={setNote}
          error={missing && !note.trim() ? t('member.meetings.needReason') : undefined}
          autoComplete="off"
          maxLength={160}
          first
        />
        <div className="ask-acts">
          <Button onClick={close}>{t('act.cancel')}</Button>
          <Button kind="primary" type="submit" busy={busy}>
            {t('member.meetings.send')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
