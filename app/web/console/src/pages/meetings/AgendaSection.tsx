import { FileOutlined, MoreOutlined } from '@ant-design/icons';
import { api, take } from '@gonghui/api';
import { fileSize, useAct, useT } from '@gonghui/ui';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import { AgendaForm } from './AgendaForm.tsx';
import { agendaKey, type Paper, paperPage, useAgenda } from './agenda.ts';
import './agenda.css';
import type { Meeting } from './meetings.ts';
import { PaperForm } from './PaperForm.tsx';

/** What a meeting goes through, and its papers as far as they are for the person. */
export function AgendaSection({ meeting }: { meeting: Meeting }) {
  const t = useT();
  const { data: agenda, error } = useAgenda(meeting.id);
  const [editing, edit] = useState(false);
  const [paper, setPaper] = useState<'new' | Paper | null>(null);
  if (error || !agenda) return null;
  const ahead = meeting.state === 'planned' || meeting.state === 'live';
  const changes = agenda.mayManage && ahead;
  const { items, papers } = agenda;
  if (!changes && items.length === 0 && papers.length === 0) return null;
  const of = (item: string) => papers.filter((one) => one.itemId === item);
  const list = (some: Paper[]) => (
    <Papers papers={some} meeting={meeting} change={agenda.mayManage ? setPaper : null} />
  );
  return (
    <>
      <h3 className="detail-section">{t('agenda.section')}</h3>
      {items.length === 0 && papers.length === 0 && <p className="quiet">{t('agenda.none')}</p>}
      {items.length > 0 && (
        <ol className="agenda-list">
          {items.map((one, i) => (
            <li key={one.id}>
              <span className="agenda-no num" aria-hidden="true">
                {i + 1}
              </span>
              <div className="row-text">
                <span className="row-name">{one.title}</span>
                <span className="row-sub num">
                  {[one.presenter, one.minutes > 0 && t('agenda.minutesN', { count: one.minutes })]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
                {one.note && <span className="row-sub">{one.note}</span>}
                {list(of(one.id))}
              </div>
            </li>
          ))}
        </ol>
      )}
      {of('').length > 0 && items.length > 0 && <h4>{t('agenda.ofMeeting')}</h4>}
      {list(of(''))}
      {changes && (
        <p className="agenda-buttons">
          <Button onClick={() => edit(true)}>{t(items.length > 0 ? 'agenda.edit' : 'agenda.make')}</Button>
          <Button onClick={() => setPaper('new')}>{t('agenda.paperAdd')}</Button>
        </p>
      )}
      <AgendaForm open={editing} meeting={meeting} agenda={agenda} close={() => edit(false)} />
      <PaperForm target={paper} meeting={meeting} agenda={agenda} close={() => setPaper(null)} />
    </>
  );
}

interface PapersProps {
  papers: readonly Paper[];
  meeting: Meeting;
  /** Null for who only reads. */
  change: ((paper: Paper) => void) | null;
}

function Papers({ papers, meeting, change }: PapersProps) {
  const t = useT();
  const { modal } = App.useApp();
  const remove = useAct({
    run: (id: string) => take(api.DELETE('/v1/papers/{id}', { params: { path: { id } } })),
    refresh: [agendaKey(meeting.id)],
    said: t('agenda.paperRemoved'),
  });
  if (papers.length === 0) return null;
  const ask = (paper: Paper) =>
    void modal.confirm({
      title: t('agenda.removeAsk', { name: paper.name }),
      content: t('agenda.removeHint'),
      okText: t('agenda.paperRemove'),
      okButtonProps: { danger: true },
      cancelText: t('act.cancel'),
      onOk: () => remove.mutateAsync(paper.id).catch(() => undefined),
    });
  return (
    <ul className="papers">
      {papers.map((paper) => (
        <li key={paper.id}>
          <FileOutlined aria-hidden />
          <span className="row-text">
            <a href={paperPage(paper.id)} target="_blank" rel="noreferrer">
              {paper.name}
            </a>
            <span className="row-sub num">
              {[
                fileSize(paper.size),
                paper.access !== 'all' && t(`agenda.access.${paper.access}`),
                !paper.download && t('agenda.lookOnly'),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </span>
          {change && (
            <Dropdown
              trigger={['click']}
              menu={{
                items: [
                  { key: 'edit', label: t('agenda.paperEdit') },
                  { key: 'remove', label: t('agenda.paperRemove'), danger: true },
                ],
                onClick: ({ key }) => (key === 'edit' ? change(paper) : ask(paper)),
              }}
            >
              <Button
                size="small"
                type="text"
                icon={<MoreOutlined aria-hidden />}
                aria-label={t('agenda.actsOf', { name: paper.name })}
              />
            </Dropdown>
          )}
        </li>
      ))}
    </ul>
  );
}
