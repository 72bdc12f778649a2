import { LockOutlined } from '@ant-design/icons';
import { Section, useT } from '@gonghui/ui';
import { Alert, Checkbox, Segmented } from 'antd';
import type { ReactNode } from 'react';
import type { PartName } from './profile.ts';
import type { Design } from './useDesign.ts';
import { Warnings } from './Warnings.tsx';

interface Props {
  design: Design;
  part: PartName;
  /** Makes the part the body's own, with what it inherits to begin with. */
  own: () => void;
  children: ReactNode;
}

/** One part of the design: the body's own, or what comes from above; open to those below, or held fast. */
export function PartFrame({ design, part, own, children }: Props) {
  const t = useT();
  const { profile, branding, edit } = design;
  const at = branding.parts.find((one) => one.name === part);
  const chosen = profile[part] !== undefined;
  const from = at?.fromName || t('branding.product');
  const fault = design.fault?.field.startsWith(`profile.${part}`) ? design.fault.text : '';
  const held = profile.fixed.includes(part);
  return (
    <Section title={t(`branding.part.${part}`)} about={t(`branding.about.${part}`)}>
      {at?.fixedByCode ? (
        <Alert
          type="info"
          showIcon
          icon={<LockOutlined aria-hidden />}
          title={t('branding.fixedBy', { name: at.fixedByName })}
        />
      ) : (
        <>
          <Segmented
            className="design-whose"
            aria-label={t('branding.whose', { part: t(`branding.part.${part}`) })}
            value={chosen ? 'own' : 'above'}
            options={[
              { value: 'above', label: t('branding.follow', { name: from }) },
              { value: 'own', label: t('branding.own') },
            ]}
            onChange={(whose) => (whose === 'own' ? own() : edit({ [part]: undefined }))}
          />
          {chosen && children}
          {fault && (
            <p className="design-fault" role="alert">
              {fault}
            </p>
          )}
          <Warnings warnings={branding.warnings.filter((w) => w.part === part)} />
        </>
      )}
      <p className="design-fixed">
        <Checkbox
          checked={held}
          disabled={!!at?.fixedByCode}
          onChange={({ target }) =>
            edit({ fixed: target.checked ? [...profile.fixed, part] : profile.fixed.filter((one) => one !== part) })
          }
        >
          {t('branding.fix')}
        </Checkbox>
      </p>
    </Section>
  );
}
