import { useLocale, useT } from '@gonghui/ui/base';
import { useRef, useSyncExternalStore } from 'react';
import { AttachIcon } from '../../parts/agendaIcons.tsx';
import { useRoom, useSnapshot } from '../../parts/useRoom.ts';
import { ownPerson } from '../../room/state.ts';
import './agenda.css';
import { type Parcel, parcels } from './sending.ts';

const accept =
  '.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.dps,.odt,.ods,.odp,.ofd,image/png,image/jpeg,image/gif,image/webp';

/** Sends files into the chat, for who may; and those that are on their way. */
export default function Attach() {
  const t = useT();
  const room = useRoom();
  const { state } = useSnapshot(room);
  const input = useRef<HTMLInputElement>(null);
  const all = useSyncExternalStore(parcels.subscribe, parcels.snapshot);
  const { files } = state.room;
  const may = files === 'all' || (files === 'members' && ownPerson(state)?.guest !== true);
  return (
    <>
      {may && (
        <>
          <input
            ref={input}
            type="file"
            hidden
            multiple
            accept={accept}
            onChange={(event) => {
              for (const file of event.target.files ?? []) void parcels.send(room, file);
              event.target.value = '';
            }}
          />
          <button
            type="button"
            className="plain"
            aria-label={t('meet.files.attach')}
            title={t('meet.files.attachHint')}
            onClick={() => input.current?.click()}
          >
            <AttachIcon />
          </button>
        </>
      )}
      {all.length > 0 && (
        <ul className="parcels">
          {all.map((one) => (
            <Row key={one.id} parcel={one} />
          ))}
        </ul>
      )}
    </>
  );
}

function Row({ parcel: { id, name, share, failed } }: { parcel: Parcel }) {
  const t = useT();
  const locale = useLocale();
  const why = typeof failed === 'string' ? t(failed) : failed?.text(locale);
  return (
    <li>
      <span className="row-text">
        <span>{name}</span>
        {why ? (
          <span className="bad" role="alert">
            {why}
          </span>
        ) : (
          <progress max={1} value={share} aria-label={t('meet.files.sending', { name })} />
        )}
      </span>
      <button type="button" className="link" onClick={() => parcels.drop(id)}>
        {t(why ? 'act.close' : 'meet.files.cancel')}
      </button>
    </li>
  );
}
