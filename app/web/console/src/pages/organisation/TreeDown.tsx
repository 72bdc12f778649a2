import { CaretRightOutlined } from '@ant-design/icons';
import { Bars, EmptyState, ErrorState, useT } from '@gonghui/ui';
import { type Line, useChildren } from '@gonghui/ui/rights';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import type { Body } from '../../data.ts';

/** The bodies below, opened level by level; a switch of lines stands above where both lines have some. */
export function TreeDown({ body }: { body: Body }) {
  const t = useT();
  const [line, setLine] = useState<Line>(body.primaryLine === 'industrial' ? 'industrial' : 'territorial');
  const territorial = useChildren(body.code, 'territorial');
  const industrial = useChildren(body.code, 'industrial');
  const some = (q: typeof territorial) => (q.data?.pages[0]?.bodies.length ?? 0) > 0;
  if (territorial.isPending || industrial.isPending) return <Bars rows={8} height={24} />;
  const both = some(territorial) && some(industrial);
  const shown: Line = both ? line : some(industrial) ? 'industrial' : 'territorial';
  const error = territorial.error ?? industrial.error;
  if (error) {
    return <ErrorState error={error} retry={() => void Promise.all([territorial.refetch(), industrial.refetch()])} />;
  }
  if (!some(territorial) && !some(industrial)) return <EmptyState title={t('line.none')} why={t('line.noneWhy')} />;
  return (
    <>
      {both && (
        <Segmented<Line>
          value={line}
          onChange={setLine}
          options={[
            { value: 'territorial', label: t('org.lines.territorial') },
            { value: 'industrial', label: t('org.lines.industrial') },
          ]}
          style={{ marginBottom: 12 }}
        />
      )}
      <Children key={shown} code={body.code} line={shown} />
    </>
  );
}

function Children({ code, line }: { code: string; line: Line }) {
  const t = useT();
  const query = useChildren(code, line);
  if (query.error) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) {
    return (
      <div style={{ padding: '8px 28px' }}>
        <Bars rows={3} />
      </div>
    );
  }
  return (
    <>
      <ul className="tree">
        {query.data.pages
          .flatMap((page) => page.bodies)
          .map((child) => (
            <Branch key={child.code} body={child} line={line} />
          ))}
      </ul>
      {query.hasNextPage && (
        <Button type="link" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('line.more')}
        </Button>
      )}
    </>
  );
}

function Branch({ body, line }: { body: Body; line: Line }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const text = (
    <>
      <span>{body.name}</span>
      {body.children > 0 && <span className="tree-count num">{body.children}</span>}
      {body.status === 'registered' && <span className="row-sub">{t('line.registered')}</span>}
    </>
  );
  return (
    <li>
      {body.children > 0 ? (
        <button type="button" className="tree-open" aria-expanded={open} onClick={() => setOpen(!open)}>
          <CaretRightOutlined aria-hidden rotate={open ? 90 : 0} />
          {text}
        </button>
      ) : (
        <span className="tree-leaf">{text}</span>
      )}
      {open && <Children code={body.code} line={line} />}
    </li>
  );
}
