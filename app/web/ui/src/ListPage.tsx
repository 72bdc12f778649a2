import { keepPreviousData, type QueryKey, useQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { Link, type To, useLocation } from 'react-router';
import { count } from './base/format.ts';
import { useT } from './base/i18n.ts';
import { read, write } from './base/store.ts';
import { ColumnChooser } from './ColumnChooser.tsx';
import { type ListFilter, ListFilters } from './ListFilters.tsx';
import { PhoneRows, PhoneSkeleton } from './PhoneRows.tsx';
import { PageHead } from './Section.tsx';
import { EmptyState, ErrorState } from './states.tsx';
import { useListPlace } from './useListPlace.ts';
import { useWide } from './useWide.ts';

export interface ListColumn<R> {
  key: string;
  title: string;
  render: (row: R) => ReactNode;
  /** Pixels. */
  width?: number;
  /** Numbers stand at the right. */
  align?: 'right';
  /** Shown only when the person asks for it. */
  optional?: boolean;
  /** On a phone: beside the first column's text, or left out. Otherwise a line below. */
  phone?: 'badge' | 'hide';
}

export interface ListAnswer<R> {
  rows: R[];
  /** Token of the next page; empty on the last. */
  next: string;
  /** How many there are, where the server knows. */
  total?: number | string;
}

interface Props<R> {
  /** Names the list among those whose columns a person chose. */
  id: string;
  title: string;
  purpose: string;
  action?: ReactNode;
  /** The first column is the link to the row. */
  columns: ListColumn<R>[];
  filters?: ListFilter[];
  queryKey: QueryKey;
  load: (ask: { filters: Record<string, string>; pageToken: string; pageSize: number }) => Promise<ListAnswer<R>>;
  rowKey: (row: R) => string;
  /** Where a row leads: {@link useDetail}. Left out where rows have no detail. */
  href?: (id: string) => To;
  open?: (id: string) => void;
  /** The total with its noun: "1,286 members". */
  total?: (n: string) => string;
  /** What the list says when there is nothing at all. */
  empty: { title: string; why?: string; action?: ReactNode };
  pageSize?: number;
  /** Milliseconds until the rows are asked for again; false while nothing of them moves. */
  live?: (rows: R[]) => number | false;
  /** Milliseconds for which rows stay as they are: for a list whose reading is itself recorded. */
  still?: number;
  /** Whether columns can be chosen; yes unless said otherwise. */
  choosable?: boolean;
  /** Drawers of the page. */
  children?: ReactNode;
}

const SKELETON_ROWS = 10;

/** A list: purpose, filters in the address bar, columns to choose, paging that remembers its place, rows that open. */
export function ListPage<R extends object>(props: Props<R>) {
  const t = useT();
  const wide = useWide();
  const { state } = useLocation();
  const { columns, filters = [], rowKey, href, pageSize = 20 } = props;
  const place = useListPlace(filters.map((f) => f.key));
  const box = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<string[] | null>(() => read(`columns.${props.id}`)?.split(',') ?? null);

  const list = useQuery({
    queryKey: [...props.queryKey, place.filters, place.token, pageSize],
    queryFn: () => props.load({ filters: place.filters, pageToken: place.token, pageSize }),
    placeholderData: keepPreviousData,
    ...(props.still !== undefined && { staleTime: props.still, refetchOnWindowFocus: false }),
    refetchInterval: ({ state }) => props.live?.(state.data?.rows ?? []) ?? false,
  });

  const [lead, ...others] = columns;
  const shown = others.filter((c) => (chosen ? chosen.includes(c.key) : !c.optional));
  const choose = (keys: string[]) => {
    setChosen(keys);
    write(`columns.${props.id}`, keys.join(','));
  };
  const filtered = Object.values(place.filters).some(Boolean);
  const rows = list.data?.rows ?? [];
  const link = (row: R) =>
    !href ? (
      <span className="row-name">{lead?.render(row)}</span>
    ) : (
      <Link to={href(rowKey(row))} state={state} className="row-link" onClick={(e) => e.stopPropagation()}>
        {lead?.render(row)}
      </Link>
    );

  const arrows = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    if ((event.target as HTMLElement).closest('.ant-select, [role="menu"]')) return;
    const links = Array.from(box.current?.querySelectorAll<HTMLElement>('.row-link') ?? []);
    const at = links.indexOf(document.activeElement as HTMLElement);
    const next = links[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  let body: ReactNode;
  if (list.error && !list.data) {
    body = <ErrorState error={list.error} retry={() => void list.refetch()} />;
  } else if (!list.isPending && rows.length === 0 && place.page === 1) {
    body = filtered ? (
      <EmptyState
        title={t('list.none')}
        why={t('list.noneHint')}
        action={
          <Button onClick={() => place.filter(Object.fromEntries(filters.map((f) => [f.key, ''])))}>
            {t('list.clear')}
          </Button>
        }
      />
    ) : (
      <EmptyState {...props.empty} />
    );
  } else if (!wide) {
    body = list.isPending ? (
      <PhoneSkeleton rows={SKELETON_ROWS} />
    ) : (
      <PhoneRows rows={rows} rowKey={rowKey} link={link} open={props.open} columns={shown} />
    );
  } else {
    body = (
      <Table<R>
        rowKey={(row) => (list.isPending ? String((row as { skeleton?: number }).skeleton) : rowKey(row))}
        dataSource={list.isPending ? skeleton<R>() : rows}
        pagination={false}
        sticky={{ offsetHeader: 56 }}
        scroll={{ x: 'max-content' }}
        columns={[...(lead ? [lead] : []), ...shown].map((column, i) => ({
          key: column.key,
          title: column.title,
          width: column.width,
          align: column.align,
          className: column.align === 'right' ? 'num' : undefined,
          render: (_: unknown, row: R) =>
            list.isPending ? (
              <span className="bar" style={{ height: 14, width: '70%' }} />
            ) : i === 0 ? (
              link(row)
            ) : (
              column.render(row)
            ),
        }))}
        onRow={(row) =>
          list.isPending || !props.open ? {} : { onClick: () => props.open?.(rowKey(row)), className: 'row-open' }
        }
      />
    );
  }

  const total = list.data?.total;
  const said =
    total !== undefined && !filtered ? (props.total?.(count(total)) ?? t('list.total', { n: count(total) })) : '';
  const choosable = wide && props.choosable !== false && others.length > 1;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the links inside
    <div className="page" ref={box} onKeyDown={arrows}>
      <PageHead title={props.title} purpose={props.purpose} action={props.action} />
      <div className="list-bar">
        {filters.length > 0 && <ListFilters filters={filters} values={place.filters} change={place.filter} />}
        {(said || choosable) && (
          <div className="list-side">
            {said && <span className="num">{said}</span>}
            {choosable && (
              <ColumnChooser
                columns={others.map((c) => ({ key: c.key, title: c.title }))}
                chosen={shown.map((c) => c.key)}
                choose={choose}
              />
            )}
          </div>
        )}
      </div>
      <div className="list-body" aria-busy={list.isFetching} data-stale={list.isPlaceholderData || undefined}>
        {body}
      </div>
      {(place.page !== 1 || list.data?.next) && (
        <nav className="list-foot" aria-label={t('list.pages')}>
          <span className="list-foot-acts">
            {place.page === 0 && <Button onClick={place.first}>{t('list.first')}</Button>}
            {place.page > 1 && <Button onClick={place.previous}>{t('list.previous')}</Button>}
            {place.page > 0 && (place.page > 1 || list.data?.next) && (
              <span className="num">{t('list.page', { n: place.page })}</span>
            )}
            {list.data?.next && (
              <Button disabled={list.isPlaceholderData} onClick={() => place.next(list.data?.next ?? '')}>
                {t('list.next')}
              </Button>
            )}
          </span>
        </nav>
      )}
      {props.children}
    </div>
  );
}

/** Rows that hold nothing but their place. */
function skeleton<R>(): R[] {
  return Array.from({ length: SKELETON_ROWS }, (_, i) => ({ skeleton: i }) as R);
}
