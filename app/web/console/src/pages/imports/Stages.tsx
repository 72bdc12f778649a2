import { CheckOutlined } from '@ant-design/icons';
import { useT } from '@gonghui/ui';
import { Link } from 'react-router';

const stages = ['file', 'columns', 'check', 'done'] as const;

interface Props {
  /** From 0. */
  at: number;
  /** Where a step that can be gone back to leads. */
  back?: Partial<Record<number, string>>;
}

/** Where one stands in the wizard. */
export function Stages({ at, back = {} }: Props) {
  const t = useT();
  return (
    <nav aria-label={t('imports.stages')}>
      <ol className="stages">
        {stages.map((stage, i) => {
          const to = back[i];
          const name = t(`imports.stage.${stage}`);
          return (
            <li
              key={stage}
              className={i < at ? 'stage stage-past' : i === at ? 'stage stage-now' : 'stage'}
              aria-current={i === at ? 'step' : undefined}
            >
              <span className="stage-no num" aria-hidden="true">
                {i < at ? <CheckOutlined /> : i + 1}
              </span>
              <span className="unseen">{t('imports.stageAt', { n: i + 1, all: stages.length })}</span>
              {to && i !== at ? <Link to={to}>{name}</Link> : <span>{name}</span>}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
