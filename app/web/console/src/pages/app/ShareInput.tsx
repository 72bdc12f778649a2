import { useT } from '@gonghui/ui';
import { InputNumber, Slider } from 'antd';

interface Props {
  id?: string;
  /** In percent. */
  value?: number;
  onChange?: (share: number) => void;
  /** It never falls below this: who has a version keeps it. */
  least?: number;
}

const marks = Object.fromEntries([10, 50, 100].map((share) => [share, `${share}%`]));

/** A share of the devices: dragged, or typed. */
export function ShareInput({ id, value = 100, onChange, least = 1 }: Props) {
  const t = useT();
  const set = (share: number | null) => share !== null && onChange?.(Math.min(100, Math.max(least, share)));
  return (
    <div className="share-input">
      <Slider
        min={1}
        max={100}
        value={value}
        marks={marks}
        onChange={set}
        ariaLabelForHandle={t('ownApp.share')}
        ariaValueTextFormatterForHandle={(share) => `${share}%`}
      />
      <InputNumber
        id={id}
        min={least}
        max={100}
        precision={0}
        value={value}
        onChange={set}
        formatter={(share) => `${share ?? ''}%`}
        parser={(text) => Number(text?.replace('%', '') ?? '')}
        aria-label={t('ownApp.share')}
      />
    </div>
  );
}
