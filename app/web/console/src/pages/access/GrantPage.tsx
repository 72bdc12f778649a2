import { api, asApiError, keyed, type Schemas, take } from '@gonghui/api';
import { Fault, LeaveGuard, NoRight, PageHead, Section, useAct, useCan, useLocale, useT } from '@gonghui/ui';
import { dayEnd, dayStart, placeOf, type Step, steps } from '@gonghui/ui/rights';
import { Button, Form, Steps } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { keys } from '../../data.ts';
import { Limits, Review, type Values, What, Where, Who } from './GrantSteps.tsx';

/** Giving a right, step by step; nothing is given before the last one. */
export function GrantPage() {
  const t = useT();
  const locale = useLocale();
  const can = useCan();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [form] = Form.useForm<Values>();
  const [step, setStep] = useState<Step>('who');
  const [reached, setReached] = useState(0);
  const [fault, setFault] = useState<{ text: string; traceId: string; capability?: string } | null>(null);
  // Under its field, once the step that has the field is on screen.
  const [refused, setRefused] = useState<{ name: keyof Values; text: string } | null>(null);
  useEffect(() => {
    if (!refused) return;
    // The fields of the step have just come; they are ready for a word a moment later.
    const soon = setTimeout(() => {
      form.setFields([{ name: refused.name, errors: [refused.text] }]);
      form.scrollToField(refused.name, { block: 'center', focus: true });
      setRefused(null);
    });
    return () => clearTimeout(soon);
  }, [form, refused]);
  const dirty = useRef(false);
  const at = steps.indexOf(step);
  const give = useAct({
    run: (body: Schemas['CreateGrantRequest'], key) =>
      take(api.POST('/v1/access/grants', { body, headers: keyed(key) })),
    refresh: [keys.grants, keys.roles],
    said: t('give.done'),
    quiet: true,
    done: (grant) => {
      dirty.current = false;
      void navigate(`/access/grants/${grant.id}`);
    },
  });

  const refuse = (thrown: unknown) => {
    const error = asApiError(thrown);
    const place = placeOf(error.field) ?? (error.reason === 'SUBJECT_NOT_FOUND' ? placeOf('subject') : null);
    const text = error.text(locale);
    if (place) {
      setRefused({ name: place.name as keyof Values, text });
      setStep(place.step);
    } else {
      setFault({ text, traceId: error.code >= 500 ? error.traceId : '', capability: error.metadata.capability });
    }
  };
  const next = () => {
    if (step === 'review') {
      setFault(null);
      give.mutateAsync(request(form.getFieldsValue(true))).catch(refuse);
      return;
    }
    const to = steps[at + 1] ?? step;
    setStep(to);
    setReached(Math.max(reached, at + 1));
  };

  if (!can('access.grant')) {
    return (
      <div className="page">
        <PageHead title={t('give.title')} />
        <NoRight what={t('give.title')} capability="access.grant" />
      </div>
    );
  }
  const initial: Values = {
    subjectKind: params.get('kind') || 'identity',
    subject: params.get('subject') ?? '',
    what: '',
    effect: 'allow',
    kind: 'body',
    anchorCode: '',
    depth: 0,
    departmentIds: [],
    setId: '',
    level: 'full',
    mode: 'use',
    validFrom: '',
    validTo: '',
    purpose: '',
  };
  const parts: Record<Step, ReactNode> = {
    who: <Who form={form} />,
    what: <What form={form} />,
    where: <Where form={form} />,
    limits: <Limits form={form} />,
    review: <Review values={form.getFieldsValue(true)} />,
  };
  return (
    <div className="page">
      <PageHead title={t('give.title')} purpose={t('give.purpose')} />
      <LeaveGuard dirty={() => dirty.current} />
      <Steps
        className="give-steps"
        current={at}
        size="small"
        responsive={false}
        onChange={(to) => to <= reached && setStep(steps[to] ?? 'who')}
        items={steps.map((name, n) => ({ title: t(`give.steps.${name}`), disabled: n > reached }))}
      />
      <Section title={t(`give.heads.${step}`)}>
        <Fault fault={fault} />
        <Form<Values>
          form={form}
          layout="vertical"
          initialValues={initial}
          onValuesChange={() => {
            dirty.current = true;
          }}
          onFinish={next}
        >
          {parts[step]}
          <div className="give-acts">
            <Button onClick={() => (at > 0 ? setStep(steps[at - 1] ?? 'who') : void navigate('/access/grants'))}>
              {at > 0 ? t('give.previous') : t('act.cancel')}
            </Button>
            {/* Two buttons, though they stand in one place: what one is leaving behind is nothing of the other. */}
            <Button key={step === 'review' ? 'give' : 'next'} type="primary" htmlType="submit" loading={give.isPending}>
              {step === 'review' ? t('give.submit') : t('give.next')}
            </Button>
          </div>
        </Form>
      </Section>
    </div>
  );
}

/** What the server is asked for. */
function request(values: Values): Schemas['CreateGrantRequest'] {
  const deny = values.effect === 'deny';
  const [sort, id = ''] = values.what.split(' ');
  const deep = values.kind === 'subtree' || values.kind === 'industrial';
  const body = {
    subject: { kind: values.subjectKind, id: values.subject },
    roleId: sort === 'role' ? id : '',
    capability: sort === 'capability' ? id : '',
    scope: {
      kind: values.kind,
      anchorCode: values.anchorCode,
      depth: deep ? values.depth : 0,
      departmentIds: values.kind === 'department' ? values.departmentIds : [],
      setId: values.kind === 'set' ? values.setId : '',
    },
    level: values.level,
    effect: values.effect,
    mode: deny ? '' : values.mode,
    purpose: values.purpose.trim(),
    ...(values.validFrom && { validFrom: dayStart(values.validFrom) }),
    ...(values.validTo && { validTo: dayEnd(values.validTo) }),
  };
  return body as Schemas['CreateGrantRequest'];
}
