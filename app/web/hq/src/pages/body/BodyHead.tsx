import { ApartmentOutlined, EyeOutlined, HistoryOutlined, PlusOutlined } from '@ant-design/icons';
import { Badge, useCan, useT } from '@gonghui/ui';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { Lineage } from '../../data/queries.ts';
import { EventsDrawer } from '../events/EventsDrawer.tsx';
import { Crumbs } from './Crumbs.tsx';
import { crumbs } from './crumbs.ts';
import { chooseLine, isLine, type LinesBelow } from './line.ts';
import { bodyAddress, useView } from './useView.ts';

const CreateBody = lazy(() => import('../write/CreateBody.tsx'));
const AskForm = lazy(() => import('../oversee/AskForm.tsx'));
const MoveBody = lazy(() => import('../write/MoveBody.tsx'));

interface Props {
  lineage: Lineage;
  below: LinesBelow;
  /** The body where the caller's right begins. */
  anchor: string;
}

/** Who the body is, where it stands, and what can be done with it. */
export function BodyHead({ lineage, below, anchor }: Props) {
  const t = useT();
  const can = useCan();
  const [view, change] = useView();
  const { body, ancestors, otherAncestors } = lineage;
  const primaryLine = isLine(body.primaryLine) ? body.primaryLine : 'territorial';
  const line = chooseLine(view.line, primaryLine, below);
  const path = crumbs({ primaryLine, ancestors, otherAncestors }, line, anchor);
  const write = can('directory.write');
  const ask = can('supervise.ask') && body.code !== anchor && body.status === 'active';
  // A form is loaded when it is asked for and stays until the other one is, so that it closes smoothly.
  const [form, setForm] = useState<'new' | 'move' | 'ask' | null>(null);
  if ((view.panel === 'new' || view.panel === 'move' || view.panel === 'ask') && view.panel !== form)
    setForm(view.panel);
  const open = (panel: string) => change({ panel });
  const close = () => change({ panel: null });
  return (
    <header className="body-head">
      <div className="body-head-text">
        <Crumbs
          crumbs={path}
          here={body.name}
          address={(code) => bodyAddress(code, { line, metric: view.metric, days: view.days })}
        />
        <h1>{body.name}</h1>
        <p className="body-facts">
          <Badge tone={body.status === 'active' ? 'good' : 'plain'}>
            <span title={t(`hq.statusHint.${body.status}`)}>{t(`hq.status.${body.status}`)}</span>
          </Badge>
          <span>{t(`hq.level.${body.level}`)}</span>
          <span>{t(`hq.kind.${body.kind}`)}</span>
          <span className="num">{t('hq.code', { code: body.code })}</span>
        </p>
      </div>
      <div className="body-acts">
        <Button icon={<HistoryOutlined aria-hidden />} onClick={() => open('events')}>
          {t('hq.events.open')}
        </Button>
        {ask && (
          <Button icon={<EyeOutlined aria-hidden />} onClick={() => open('ask')}>
            {t('oversee.ask')}
          </Button>
        )}
        {write && body.code !== anchor && (
          <Button icon={<ApartmentOutlined aria-hidden />} onClick={() => open('move')}>
            {t('hq.move.open')}
          </Button>
        )}
        {write && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => open('new')}>
            {t('hq.create.open')}
          </Button>
        )}
      </div>
      <EventsDrawer body={body} open={view.panel === 'events'} close={close} />
      {ask && (
        <Suspense>{form === 'ask' && <AskForm body={body} open={view.panel === 'ask'} close={close} />}</Suspense>
      )}
      {write && (
        <Suspense>
          {form === 'new' && <CreateBody parent={body} line={line} open={view.panel === 'new'} close={close} />}
          {form === 'move' && body.code !== anchor && (
            <MoveBody lineage={lineage} line={line} open={view.panel === 'move'} close={close} />
          )}
        </Suspense>
      )}
    </header>
  );
}
