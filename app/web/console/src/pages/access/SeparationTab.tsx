import { api, asApiError, keyed, take } from '@gonghui/api';
import { Badge, Bars, ErrorState, FormDrawer, meKey, Section, useAct, useCan, useT } from '@gonghui/ui';
import { policyQuery } from '@gonghui/ui/rights';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { keys } from '../../data.ts';

const duties = ['system', 'security', 'audit'] as const;

/** The separation of the three administrators: what it means, what it takes, and the switch. */
export function SeparationTab() {
  const t = useT();
  const writable = useCan()('access.roles');
  const [open, setOpen] = useState(false);
  const policy = useQuery(policyQuery);
  const save = useAct({
    run: ({ reason }: { reason: string }, key) =>
      take(
        api.POST('/v1/access/policy:separate', {
          body: { separated: !policy.data?.separated, reason },
          headers: keyed(key),
        }),
      ),
    refresh: [keys.separation, meKey],
    said: t('separation.done'),
    quiet: true,
  });
  if (policy.error && !policy.data)
    return <ErrorState error={asApiError(policy.error)} retry={() => void policy.refetch()} />;
  if (!policy.data) {
    return (
      <Section title={t('separation.title')}>
        <Bars rows={5} height={32} />
      </Section>
    );
  }
  const { separated } = policy.data;
  const held = {
    system: policy.data.systemAdmins,
    security: policy.data.securityAdmins,
    audit: policy.data.auditAdmins,
  };
  const ready = duties.every((duty) => held[duty] > 0);
  return (
    <Section
      title={t('separation.title')}
      about={t('separation.about')}
      action={<Badge tone={separated ? 'good' : 'plain'}>{t(separated ? 'separation.on' : 'separation.off')}</Badge>}
    >
      <ul className="rows">
        {duties.map((duty) => (
          <li key={duty}>
            <div className="row-text">
              <span className="row-name">{t(`role.${duty}_admin`)}</span>
              <span className="row-sub">{t(`separation.duty.${duty}`)}</span>
            </div>
            <Badge tone={held[duty] > 0 ? 'good' : 'warn'}>
              {held[duty] > 0 ? t('separation.held', { count: held[duty] }) : t('separation.nobody')}
            </Badge>
          </li>
        ))}
      </ul>
      <h3 className="detail-section">{t('separation.effect')}</h3>
      <ul className="plain-list">
        <li>{t('separation.effects.duties')}</li>
        <li>{t('separation.effects.business')}</li>
        <li>{t('separation.effects.one')}</li>
        <li>{t('separation.effects.back')}</li>
      </ul>
      {writable && (
        <>
          <Button
            type={separated ? 'default' : 'primary'}
            danger={separated}
            disabled={!separated && !ready}
            onClick={() => setOpen(true)}
          >
            {t(separated ? 'separation.turnOff' : 'separation.turnOn')}
          </Button>
          {!separated && !ready && <p className="quiet">{t('separation.notReady')}</p>}
        </>
      )}
      <FormDrawer<{ reason: string }>
        open={open}
        title={t(separated ? 'separation.turnOff' : 'separation.turnOn')}
        about={t(separated ? 'separation.offAbout' : 'separation.onAbout')}
        initial={{ reason: '' }}
        submitText={t(separated ? 'separation.turnOff' : 'separation.turnOn')}
        submit={(values) => save.mutateAsync(values)}
        close={() => setOpen(false)}
      >
        <Form.Item
          name="reason"
          label={t('separation.reason')}
          rules={[{ required: true, whitespace: true, min: 2, message: t('separation.reasonMissing') }]}
        >
          <Input.TextArea maxLength={200} autoSize={{ minRows: 2, maxRows: 5 }} autoFocus />
        </Form.Item>
      </FormDrawer>
    </Section>
  );
}
