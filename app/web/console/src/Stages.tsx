import { CheckOutlined } from '@ant-design/icons';
import { useT } from '@gonghui/ui';
import { Link, type To } from 'react-router';

interface Props {
  /** Of what these are the steps, for a screen reader. */
  label: string;
  names: string[];
  /** From 0. */
  at: number;
  /** Where a step that can be gone back to leads. */
  back?: Partial<Record<number, To>>;
}

/** Where one stands in a wizard. */
export function Stages({ label, names, at, back = {} }: Props) {
  const t = useT();
  return (
    <nav aria-label={label}>
      <ol className="stages">
        {names.map((name, i) => {
          const to = back[i];
          return (
            <li
              key={name}
              className={i < at ? 'stage stage-past' : i === at ? 'stage stage-now' : 'stage'}
              aria-current={i === at ? 'step' : undefined}
            >
              <span className="stage-no num" aria-hidden="true">
                {i < at ? <CheckOutlined /> : i + 1}
              </span>
              <span className="unseen">{t('imports.stageAt', { n: i + 1, all: names.length })}</span>
              {to && i !== at ? <Link to={to}>{name}</Link> : <span>{name}</span>}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
