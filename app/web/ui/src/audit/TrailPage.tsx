import { api, keyed, type Schemas, take } from '@gonghui/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Progress } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { useAct } from '../act.ts';
import { Badge } from '../Badge.tsx';
import { count, date, dateTime } from '../base/format.ts';
import { useT } from '../base/i18n.ts';
import { CopyField } from '../CopyField.tsx';
import { Facts } from '../Facts.tsx';
import { FormPage } from '../FormPage.tsx';
import { LinkButton } from '../LinkButton.tsx';
import { Bars } from '../PageSkeleton.tsx';
import { PageHead, Section } from '../Section.tsx';
import { useCan } from '../session.tsx';
import { ErrorState, NoRight } from '../states.tsx';

type Check = Schemas['Check'];

const keys = {
  trail: ['audit', 'trail'],
  outlook: ['audit', 'outlook'],
  checks: ['audit', 'checks'],
  parts: ['audit', 'parts'],
};

/** Milliseconds between looks at a check that runs. */
const PULSE = 1000;

/** How far the trail has come, its verification, how long it is kept, and what was archived. */
export function TrailPage() {
  const t = useT();
  const can = useCan();
  const may = can('audit.verify') && can('audit.read');
  const trail = useQuery({ queryKey: keys.trail, queryFn: () => take(api.GET('/v1/audit/trail')), enabled: may });
  if (!may) return <NoRight page what={t('audit.chain')} />;
  if (trail.error && !trail.data) return <ErrorState page error={trail.error} retry={() => void trail.refetch()} />;
  return (
    <div className="page">
      <PageHead
        title={t('audit.chain')}
        purpose={t('audit.statusAbout')}
        action={<LinkButton to="/audit">{t('audit.back')}</LinkButton>}
      />
      <Section title={t('audit.status')}>
        {!trail.data ? <Bars rows={3} height={40} /> : <Status trail={trail.data} />}
      </Section>
      <Checks />
      {can('audit.policy') && trail.data?.settable && <Keeping trail={trail.data} />}
      <Parts />
    </div>
  );
}

function Status({ trail }: { trail: Schemas['Trail'] }) {
  const t = useT();
  return (
    <>
      <Facts
        items={[
          { label: t('audit.count'), value: <span className="num">{count(Number(trail.count))}</span> },
          { label: t('audit.archived'), value: <span className="num">{count(Number(trail.archived))}</span> },
          { label: t('audit.pending'), value: <span className="num">{count(Number(trail.waiting))}</span> },
          { label: t('audit.last'), value: Number(trail.count) > 0 ? dateTime(trail.sealedAt) : '' },
        ]}
      />
      {trail.head && (
        <>
          <p className="audit-help">{t('audit.headHint')}</p>
          <CopyField label={t('audit.head')} value={trail.head} />
        </>
      )}
    </>
  );
}

/** The verifications: one can be started, the one that runs shows how far it is. */
function Checks() {
  const t = useT();
  const client = useQueryClient();
  const [head, setHead] = useState('');
  const checks = useQuery({
    queryKey: keys.checks,
    queryFn: () => take(api.GET('/v1/audit/checks', { params: { query: { pageSize: 10 } } })),
    refetchInterval: ({ state }) => (state.data?.checks.some((c) => c.state === 'running') ? PULSE : false),
  });
  const start = useAct({
    run: (_: undefined, key) =>
      take(api.POST('/v1/audit/checks', { body: { head: head.trim() }, headers: keyed(key) })),
    done: () => void client.invalidateQueries({ queryKey: keys.checks }),
  });
  const all = checks.data?.checks;
  const running = all?.some((c) => c.state === 'running') ?? false;
  return (
    <Section title={t('audit.check')} about={t('audit.checkAbout')}>
      <Form layout="vertical" onFinish={() => start.mutate(undefined)} className="audit-form">
        <Form.Item label={t('audit.against')} extra={t('audit.againstHint')} htmlFor="audit-head">
          <Input
            id="audit-head"
            value={head}
            maxLength={200}
            autoComplete="off"
            onChange={(e) => setHead(e.target.value)}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={start.isPending || running}>
          {t('audit.start')}
        </Button>
      </Form>
      <h3 className="audit-sub">{t('audit.history')}</h3>
      {checks.error && !all ? (
        <ErrorState error={checks.error} retry={() => void checks.refetch()} />
      ) : !all ? (
        <Bars rows={2} height={40} />
      ) : all.length === 0 ? (
        <p className="audit-help">{t('audit.historyNone')}</p>
      ) : (
        <ul className="audit-rows" aria-live="polite">
          {all.map((check) => (
            <li key={check.id}>
              <Outcome check={check} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Outcome({ check }: { check: Check }) {
  const t = useT();
  const done = Number(check.done);
  const total = Number(check.total);
  const found = Number(check.found);
  const findings = check.findings ?? [];
  const words =
    check.state === 'running'
      ? t('audit.running', { done: count(done), total: count(total) })
      : check.state === 'failed'
        ? t('audit.failed')
        : found > 0
          ? t('audit.broken', { count: found })
          : t('audit.whole', { n: count(done) });
  return (
    <div className="audit-text">
      <span className="audit-name">
        <Badge
          tone={check.state === 'running' ? 'note' : check.state === 'failed' ? 'warn' : found > 0 ? 'bad' : 'good'}
        >
          {words}
        </Badge>
      </span>
      {check.state === 'running' && (
        <Progress percent={total > 0 ? Math.floor((done / total) * 100) : 0} status="active" aria-label={words} />
      )}
      <span className="audit-small num">{t('audit.by', { who: check.who, at: dateTime(check.at) })}</span>
      {findings.length > 0 && (
        <ol className="audit-findings">
          {findings.map((f, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: findings of a finished check never move
            <li key={i}>
              {t(`audit.finding.${f.kind}`)}
              {Number(f.seq) > 0 && ` · ${t('audit.seqNo', { n: count(Number(f.seq)) })}`}
              {f.row && (
                <>
                  {' · '}
                  <Link to={`/audit/${f.row}`} className="audit-digest">
                    {f.row}
                  </Link>
                </>
              )}
            </li>
          ))}
        </ol>
      )}
      {found > findings.length && (
        <span className="audit-small">{t('audit.moreFindings', { n: findings.length })}</span>
      )}
    </div>
  );
}

function Keeping({ trail }: { trail: Schemas['Trail'] }) {
  const t = useT();
  const client = useQueryClient();
  const [form] = Form.useForm<{ months: number }>();
  const typed = Form.useWatch('months', form);
  const months = Number.isInteger(typed) && inBounds(typed, trail) ? typed : trail.months;
  return (
    <Section title={t('audit.keep')} about={t('audit.keepAbout')}>
      <FormPage<{ months: number }>
        form={form}
        initial={{ months: trail.months }}
        said={t('audit.kept')}
        submit={async ({ months }) => {
          client.setQueryData(keys.trail, await take(api.PUT('/v1/audit/policy', { body: { months } })));
          void client.invalidateQueries({ queryKey: keys.outlook });
        }}
      >
        <Form.Item
          name="months"
          label={t('audit.months')}
          rules={[
            {
              required: true,
              type: 'integer',
              min: trail.leastMonths,
              max: trail.mostMonths,
              message: t('audit.monthsBad', { least: trail.leastMonths, most: trail.mostMonths }),
            },
          ]}
        >
          <InputNumber min={trail.leastMonths} max={trail.mostMonths} precision={0} style={{ width: 160 }} />
        </Form.Item>
        <Outlook months={months} />
      </FormPage>
    </Section>
  );
}

const inBounds = (months: number, { leastMonths, mostMonths }: Schemas['Trail']) =>
  months >= leastMonths && months <= mostMonths;

/** What goes into files when, if the trail is kept so many months. */
function Outlook({ months }: { months: number }) {
  const t = useT();
  const trail = useQuery({
    queryKey: [...keys.outlook, months],
    queryFn: () => take(api.GET('/v1/audit/trail', { params: { query: { months } } })),
    placeholderData: (before) => before,
  });
  if (trail.error && !trail.data) return <ErrorState error={trail.error} retry={() => void trail.refetch()} />;
  if (!trail.data?.oldestAt) return <p className="audit-help">{t('audit.outlookNone')}</p>;
  const due = Number(trail.data.due);
  const first = new Date(trail.data.oldestAt);
  first.setMonth(first.getMonth() + months);
  return (
    <p className="audit-help" aria-live="polite">
      {t('audit.oldest', { at: dateTime(trail.data.oldestAt) })}{' '}
      {due > 0
        ? t('audit.due', { n: count(due), at: dateTime(trail.data.archiveAt) })
        : t('audit.dueLater', { at: date(first) })}
    </p>
  );
}

function Parts() {
  const t = useT();
  const parts = useQuery({
    queryKey: keys.parts,
    queryFn: () => take(api.GET('/v1/audit/parts', { params: { query: { pageSize: 50 } } })),
  });
  return (
    <Section title={t('audit.parts')}>
      {parts.error && !parts.data ? (
        <ErrorState error={parts.error} retry={() => void parts.refetch()} />
      ) : !parts.data ? (
        <Bars rows={2} height={40} />
      ) : parts.data.parts.length === 0 ? (
        <p className="audit-help">{t('audit.partsNone')}</p>
      ) : (
        <ul className="audit-rows">
          {parts.data.parts.map((part) => (
            <li key={part.file}>
              <div className="audit-text">
                <span className="audit-name num">
                  {t('audit.partRange', { first: count(Number(part.first)), last: count(Number(part.last)) })}
                </span>
                <span className="audit-small num">
                  {dateTime(part.from)} – {dateTime(part.to)}
                </span>
                <code className="audit-digest">{part.file}</code>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
