import { api, asApiError, take } from '@gonghui/api';
import { useQuery } from '@tanstack/react-query';
import { Form, Radio, Select } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { Bars, EmptyState, ErrorState, Explained, pick, Section, useCan, useLocale, useMe, useT } from '../index.ts';
import { BodyPicker } from './BodyPicker.tsx';
import { capabilitiesQuery } from './queries.ts';
import { byModule, levels } from './rights.ts';
import { SubjectPicker } from './SubjectPicker.tsx';
import { useSeat } from './seat.ts';

/** Why somebody may, or may not: who, what, where and how much, and the answer at once. The question stands in the address. */
export function ExplainTab() {
  const t = useT();
  const locale = useLocale();
  const me = useMe();
  const can = useCan();
  const [params, setParams] = useSearchParams();
  const [name, setName] = useState('');
  const others = can('access.explain') && can('access.read');
  const of = (key: string) => params.get(key) ?? '';
  const set = (changes: Record<string, string>) => {
    const next = new URLSearchParams(params);
    for (const [key, value] of Object.entries(changes)) {
      if (value) next.set(key, value);
      else next.delete(key);
    }
    setParams(next, { replace: true });
  };
  const { above } = useSeat();
  const kind = of('kind') || 'identity';
  const subject = others ? of('who') : '';
  const homeCode = above && of('home') !== me.place.bodyCode ? of('home') : '';
  const capability = of('act');
  const bodyCode = of('at') === me.place.bodyCode ? '' : of('at');
  const level = of('level');
  const known = useQuery({ ...capabilitiesQuery, enabled: can('access.read') });
  // Who may not read the list can still ask about what he holds, and about what a refusal has named.
  const names = known.data?.map((c) => c.name) ?? [...new Set([...me.capabilities, capability].filter(Boolean))];
  const title = (c: string) => {
    const one = known.data?.find((k) => k.name === c);
    return one ? pick(locale, one.titleZh, one.titleEn) : c;
  };
  const answer = useQuery({
    queryKey: ['explain', homeCode, kind, subject, capability, bodyCode, level],
    enabled: capability !== '',
    staleTime: 0,
    queryFn: () =>
      subject
        ? take(
            api.GET('/v1/access/explain', {
              params: {
                query: {
                  ...(kind === 'identity' ? { identityId: subject } : { subjectKind: kind, subjectId: subject }),
                  homeCode,
                  capability,
                  bodyCode,
                  level,
                },
              },
            }),
          )
        : take(api.GET('/v1/access/explain:own', { params: { query: { capability, bodyCode, level } } })),
  });
  const place = useQuery({
    queryKey: ['bodies', 'name', bodyCode],
    enabled: bodyCode !== '',
    queryFn: async () => (await take(api.GET('/v1/bodies/{code}', { params: { path: { code: bodyCode } } }))).body.name,
    staleTime: 300_000,
  });
  return (
    <div className="side-by-side explain">
      <Section title={t('explainTab.question')}>
        <Form layout="vertical" component={false}>
          {others && (
            <Form.Item label={t('explainTab.who')} htmlFor="explain-who">
              <Radio.Group
                aria-label={t('explainTab.who')}
                value={of('who') || params.has('other') ? 'other' : 'me'}
                onChange={(event) =>
                  set(event.target.value === 'me' ? { who: '', other: '', home: '', kind: '' } : { other: '1' })
                }
                options={[
                  { value: 'me', label: t('explainTab.me') },
                  { value: 'other', label: t('explainTab.other') },
                ]}
              />
              {(of('who') || params.has('other')) && (
                <>
                  {above && (
                    <BodyPicker
                      id="explain-home"
                      label={t('explainTab.home')}
                      single
                      value={[of('home') || me.place.bodyCode]}
                      onChange={([code = '']) => set({ home: code, who: '' })}
                    />
                  )}
                  <Select
                    aria-label={t('grants.kind')}
                    value={kind}
                    options={['identity', 'post', 'group', 'app'].map((value) => ({
                      value,
                      label: t(`grants.kinds.${value}`),
                    }))}
                    onChange={(value: string) => set({ kind: value === 'identity' ? '' : value, who: '' })}
                  />
                  <SubjectPicker
                    key={`${homeCode} ${kind}`}
                    id="explain-who"
                    home={homeCode}
                    kind={kind}
                    value={of('who')}
                    onChange={(id, chosen) => {
                      setName(chosen);
                      set({ who: id, other: '1' });
                    }}
                  />
                </>
              )}
            </Form.Item>
          )}
          <Form.Item label={t('explainTab.act')} htmlFor="explain-act">
            <Select
              id="explain-act"
              showSearch={{ optionFilterProp: 'label' }}
              value={capability || undefined}
              placeholder={t('explainTab.actPick')}
              loading={known.isFetching}
              options={
                known.data
                  ? byModule(known.data).map((g) => ({
                      label: pick(locale, g.titleZh, g.titleEn),
                      options: g.capabilities.map((c) => ({ value: c.name, label: title(c.name) })),
                    }))
                  : [{ label: t('explainTab.act'), options: names.map((value) => ({ value, label: value })) }]
              }
              onChange={(value: string) => set({ act: value })}
            />
          </Form.Item>
          {can('directory.tree') && (
            <Form.Item label={t('explainTab.at')} htmlFor="explain-at">
              <BodyPicker
                id="explain-at"
                single
                value={[of('at') || me.place.bodyCode]}
                onChange={([code = '']) => set({ at: code })}
              />
            </Form.Item>
          )}
          <Form.Item label={t('explainTab.level')} htmlFor="explain-level">
            <Select
              id="explain-level"
              value={level}
              options={[
                { value: '', label: t('explainTab.levelOwn') },
                ...levels.map((value) => ({ value, label: t(`level.${value}`) })),
              ]}
              onChange={(value: string) => set({ level: value })}
            />
          </Form.Item>
        </Form>
      </Section>
      <Section title={t('explainTab.answer')}>
        {capability === '' || (params.has('other') && !subject) ? (
          <EmptyState title={t('explainTab.empty')} why={t('explainTab.emptyWhy')} />
        ) : answer.error ? (
          <ErrorState error={asApiError(answer.error)} retry={() => void answer.refetch()} plain />
        ) : !answer.data ? (
          <Bars rows={5} height={28} />
        ) : (
          <Explained
            answer={answer.data}
            who={subject ? name || t(kind === 'identity' ? 'explainTab.person' : `grants.kinds.${kind}`) : undefined}
            act={`“${title(capability)}”`}
            where={place.data}
            place={subject ? undefined : t(`role.${me.place.role}`)}
            grant={
              can('access.read') ? (grant, text) => <Link to={`/access/grants/${grant.id}`}>{text}</Link> : undefined
            }
          />
        )}
      </Section>
    </div>
  );
}
