import { CaretRightOutlined } from '@ant-design/icons';
import { asApiError } from '@gonghui/api';
import { Button, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { Bars, ErrorState, useT } from '../index.ts';
import { type Body, type Line, useChildren, useHomeBody } from './data.ts';
import type { Chain } from './rights.ts';
import { useSeat } from './seat.ts';

export interface TreeProps {
  label: string;
  /** What stands at the right of a body, and how its line is drawn. */
  mark: (body: Body, chain: Chain, line: Line) => { aside?: ReactNode; className?: string };
  /** A body that can be chosen, and which one is. */
  choose?: (body: Body) => void;
  chosen?: string;
  /** Lines shown at first. */
  line?: Line;
  onLine?: (line: Line) => void;
}

/** The own body and those below it on one of the two lines, opened level by level. */
export function BodyTree(props: TreeProps) {
  const t = useT();
  const own = useHomeBody();
  const [picked, setLine] = useState<Line>('territorial');
  const line = props.line ?? picked;
  if (own.error && !own.data) return <ErrorState error={asApiError(own.error)} retry={() => void own.refetch()} />;
  if (!own.data) return <Bars rows={8} height={24} />;
  const { body, ancestors, otherAncestors } = own.data;
  const primary: Line = body.primaryLine === 'industrial' ? 'industrial' : 'territorial';
  const above = (line === primary ? ancestors : otherAncestors).map((one) => one.code);
  return (
    <>
      <Segmented<Line>
        className="body-tree-line"
        aria-label={t('rights.line')}
        value={line}
        onChange={(next) => {
          setLine(next);
          props.onLine?.(next);
        }}
        options={[
          { value: 'territorial', label: t('rights.lines.territorial') },
          { value: 'industrial', label: t('rights.lines.industrial') },
        ]}
      />
      <ul className="body-tree" aria-label={props.label}>
        <Branch key={line} body={body} chain={[...above, body.code]} line={line} tree={props} root />
      </ul>
    </>
  );
}

interface BranchProps {
  body: Body;
  chain: Chain;
  line: Line;
  tree: TreeProps;
  root?: boolean;
}

function Branch({ body, chain, line, tree, root = false }: BranchProps) {
  const t = useT();
  const [open, setOpen] = useState(root);
  const { aside, className = '' } = tree.mark(body, chain, line);
  const more = root || body.children > 0;
  return (
    <li>
      <div className={`body-line ${className}`}>
        {more ? (
          <button
            type="button"
            className="body-open"
            aria-expanded={open}
            aria-label={t(open ? 'rights.fold' : 'rights.unfold', { name: body.name })}
            onClick={() => setOpen(!open)}
          >
            <CaretRightOutlined aria-hidden rotate={open ? 90 : 0} />
          </button>
        ) : (
          <span className="body-open" />
        )}
        {tree.choose ? (
          <button
            type="button"
            className="body-name body-choose"
            aria-pressed={tree.chosen === body.code}
            onClick={() => tree.choose?.(body)}
          >
            {body.name}
          </button>
        ) : (
          <span className="body-name">{body.name}</span>
        )}
        {aside && <span className="body-aside">{aside}</span>}
      </div>
      {open && more && <Below body={body} chain={chain} line={line} tree={tree} root={root} />}
    </li>
  );
}

function Below({ body, chain, line, tree, root }: BranchProps) {
  const t = useT();
  const { above } = useSeat();
  const query = useChildren(body.code, line);
  if (query.error) return <ErrorState error={asApiError(query.error)} retry={() => void query.refetch()} />;
  if (!query.data) return <Bars rows={3} />;
  const bodies = query.data.pages.flatMap((page) => page.bodies);
  if (bodies.length === 0)
    return root || above ? (
      <p className="quiet body-none">{t(above ? 'rights.noBelowSeen' : 'rights.noBelow')}</p>
    ) : null;
  return (
    <>
      <ul>
        {bodies.map((child) => (
          <Branch key={child.code} body={child} chain={[...chain, child.code]} line={line} tree={tree} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button type="link" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('rights.more')}
        </Button>
      )}
    </>
  );
}
