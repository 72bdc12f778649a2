import { api, asApiError, type Full, type Schemas, take } from '@gonghui/api';
import { dateTime, useLocale, useT } from '@gonghui/ui/base';
import { Film } from '@gonghui/ui/film';
import { useEffect, useState } from 'react';

type Recording = Full<Schemas['Recording']>;
type Played = Full<Schemas['PlayRecordingReply']>;

/** Films of a meeting at most; a recording is begun anew seldom. */
const MOST = 50;

/** What was recorded of a meeting, for who was invited or there; nothing where nothing is shared. */
export default function Films({ meeting }: { meeting: string }) {
  const t = useT();
  const locale = useLocale();
  const [films, setFilms] = useState<readonly Recording[]>([]);
  const [played, play] = useState<(Played & { title: string }) | null>(null);
  const [fault, setFault] = useState('');
  useEffect(() => {
    const params = { path: { id: meeting }, query: { pageSize: MOST } };
    // Whoever may not know of recordings sees the page as if there were none.
    take(api.GET('/v1/meetings/{id}/recordings', { params })).then(
      ({ recordings }) => setFilms(recordings.filter((one) => one.state === 'ready')),
      () => undefined,
    );
  }, [meeting]);
  if (films.length === 0) return null;
  const begin = ({ id, meetingTitle: title }: Recording) => {
    setFault('');
    take(api.POST('/v1/recordings/{id}:play', { params: { path: { id } }, body: { id, download: false } })).then(
      (reply) => play({ ...reply, title }),
      (thrown: unknown) => setFault(asApiError(thrown).text(locale)),
    );
  };
  return (
    <section className="films" aria-labelledby="films">
      <h2 id="films">{t('meet.record.films')}</h2>
      <p className="help">{t('meet.record.filmsBody')}</p>
      {played && (
        <Film
          key={played.url}
          url={played.url}
          mark={played.watermark}
          label={played.title}
          words={{ fill: t('meet.record.fill'), failed: t('meet.record.playFailed') }}
        />
      )}
      {fault && (
        <p className="wrong" role="alert">
          {fault}
        </p>
      )}
      <div className="buttons">
        {films.map((one) => (
          <button key={one.id} type="button" className="button" onClick={() => begin(one)}>
            {t('meet.record.play', { at: dateTime(one.beganAt) })}
          </button>
        ))}
      </div>
    </section>
  );
}
