import { useT } from '@gonghui/ui/base';
import { useId } from 'react';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import { type Senders, senders } from '../../signal/agenda.ts';
import { useTell } from '../inside/useInside.ts';

/** Who sends files in the chat, for hosts to set. */
export default function SendersChoice() {
  const t = useT();
  const tell = useTell();
  const id = useId();
  const { files } = useSnapshot(useRoom()).state.room;
  return (
    <div className="switch">
      <label htmlFor={id}>{t('meet.files.who')}</label>
      <select
        id={id}
        className="input senders"
        value={files}
        onChange={(event) => void tell({ set: { files: event.target.value as Senders } })}
      >
        {senders.map((one) => (
          <option key={one} value={one}>
            {t(`meet.files.senders.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
