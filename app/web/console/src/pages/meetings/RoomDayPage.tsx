import { LeftOutlined, RightOutlined, UnorderedListOutlined } from '@ant-design/icons';
import { api, asApiError, take } from '@gonghui/api';
import { Bars, DateInput, EmptyState, ErrorState, LinkButton, NoRight, PageHead, useCan, useT } from '@gonghui/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Space } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { type Booking, bar, hoursOf, type Place, placeKeys, spanOf, spot } from './arrange.ts';
import { dayOf, moved } from './planning.ts';
import './rooms.css';

/** All pages of a list. */
async function all<R>(page: (pageToken: string) => Promise<{ rows: R[]; next: string }>): Promise<R[]> {
  const rows: R[] = [];
  let token = '';
  do {
    const reply = await page(token);
    rows.push(...reply.rows);
    token = reply.next;
  } while (token);
  return rows;
}

/** What the rooms are booked for on a day: a line for each room. The day stands in the address. */
export function RoomDayPage() {
  const t = useT();
  const can = useCan();
  const [params, setParams] = useSearchParams();
  const asked = params.get('day') ?? '';
  const today = dayOf(new Date());
  const day = /^\d{4}-\d{2}-\d{2}$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : today;
  const { data, error, isPending, refetch } = useQuery({
    queryKey: [...placeKeys.list, 'day', day],
    enabled: can('meeting.host'),
    queryFn: async () => {
      const [places, bookings] = await Promise.all([
        all(async (pageToken) => {
          const query = { whole: true, pageSize: 200, pageToken };
          const reply = await take(api.GET('/v1/meetingPlaces', { params: { query } }));
          return { rows: reply.places, next: reply.nextPageToken };
        }),
        all(async (pageToken) => {
          const query = { day, pageSize: 500, pageToken };
          const reply = await take(api.GET('/v1/meetingPlaces:bookings', { params: { query } }));
          return { rows: reply.bookings, next: reply.nextPageToken };
        }),
      ]);
      return { places, bookings };
    },
    placeholderData: keepPreviousData,
  });
  if (!can('meeting.host')) return <NoRight page what={t('arrange.rooms')} />;
  const put = (next: string) => setParams(next && next !== today ? { day: next } : {}, { replace: true });
  const hours = hoursOf(day, data?.bookings ?? []);
  const lines = (data?.places ?? [])
    .map((place) => ({ place, bookings: data?.bookings.filter((one) => one.placeId === place.id) ?? [] }))
    .filter(({ place, bookings }) => !place.closed || bookings.length > 0);
  return (
    <div className="page">
      <PageHead
        title={t('arrange.day')}
        purpose={t('arrange.dayPurpose')}
        action={
          <LinkButton to="/meetings/rooms" icon={<UnorderedListOutlined aria-hidden />}>
            {t('arrange.manage')}
          </LinkButton>
        }
      />
      <Space wrap className="rooms-bar">
        <Button
          icon={<LeftOutlined aria-hidden />}
          aria-label={t('arrange.before')}
          onClick={() => put(moved(day, -1))}
        />
        <Button onClick={() => put('')}>{t('planning.today')}</Button>
        <Button
          icon={<RightOutlined aria-hidden />}
          aria-label={t('arrange.after')}
          onClick={() => put(moved(day, 1))}
        />
        <DateInput value={day} onChange={put} label={t('arrange.whichDay')} />
      </Space>
      {error && <ErrorState error={asApiError(error)} retry={() => void refetch()} />}
      {isPending && <Bars rows={4} />}
      {data && lines.length === 0 && (
        <EmptyState
          title={t('arrange.empty')}
          why={t('arrange.emptyWhy')}
          action={can('meeting.manage') && <LinkButton to="/meetings/rooms">{t('arrange.manage')}</LinkButton>}
        />
      )}
      {lines.length > 0 && (
        <div className="rooms">
          <Hours hours={hours} />
          {lines.map(({ place, bookings }) => (
            <Line key={place.id} day={day} place={place} bookings={bookings} hours={hours} />
          ))}
        </div>
      )}
    </div>
  );
}

function Hours({ hours: [from, to] }: { hours: [number, number] }) {
  return (
    <div className="rooms-hours num" aria-hidden>
      {Array.from({ length: to - from }, (_, n) => from + n).map((hour) => (
        <span key={hour}>{hour}:00</span>
      ))}
    </div>
  );
}

interface LineProps {
  day: string;
  place: Place;
  bookings: Booking[];
  hours: [number, number];
}

function Line({ day, place, bookings, hours }: LineProps) {
  const t = useT();
  const columns = { backgroundSize: `${100 / (hours[1] - hours[0])}% 100%` };
  return (
    <section className="rooms-line" aria-label={place.name}>
      <div className="rooms-name">
        <strong>{place.name}</strong>
        <span className="quiet">
          {[place.location, t('arrange.seatsN', { count: place.seats })].filter(Boolean).join(' · ')}
        </span>
      </div>
      <ul className="rooms-track" style={columns}>
        {bookings.map((one) => (
          <li key={one.meetingId} style={bar(day, one, hours)}>
            <Booked one={one} title={spot(place)} />
          </li>
        ))}
        {bookings.length === 0 && <li className="rooms-free">{t('arrange.free')}</li>}
      </ul>
    </section>
  );
}

function Booked({ one, title: room }: { one: Booking; title: string }) {
  const t = useT();
  const what = one.title || t('arrange.booked');
  const span = spanOf(one);
  const lines = (
    <>
      <strong>{what}</strong>
      <span className="num">
        {span.slice(0, 5)}
        <span className="rooms-rest">{`${span.slice(5)} · ${one.hostName}`}</span>
      </span>
    </>
  );
  const whole = `${what}\n${span} · ${one.hostName}`;
  if (!one.title) {
    return (
      <span className="rooms-booking" title={whole}>
        {lines}
      </span>
    );
  }
  return (
    <Link className="rooms-booking" to={`/meetings/${one.meetingId}`} title={`${room}\n${whole}`}>
      {lines}
    </Link>
  );
}
