import { useT } from '@gonghui/ui';
import { ColorPicker, Input, Space } from 'antd';

/** Colours that suit a union body: each has its reason on paper and on screen. */
const presets = [
  '#C8161D',
  '#A61B29',
  '#D4380D',
  '#AD6800',
  '#2E7D32',
  '#00796B',
  '#1565C0',
  '#283593',
  '#5E35B1',
  '#37474F',
];

interface Props {
  id?: string;
  /** #RRGGBB */
  value?: string;
  onChange?: (colour: string) => void;
}

/** A colour, picked or typed. */
export function AccentInput({ id, value = '', onChange }: Props) {
  const t = useT();
  return (
    <Space.Compact>
      <ColorPicker
        value={/^#[0-9A-Fa-f]{6}$/.test(value) ? value : null}
        onChange={(colour) => onChange?.(colour.toHexString().slice(0, 7).toUpperCase())}
        disabledAlpha
        disabledFormat
        presets={[{ label: t('branding.presets'), colors: presets, key: 'presets' }]}
      />
      <Input
        id={id}
        value={value}
        maxLength={7}
        spellCheck={false}
        autoComplete="off"
        className="num"
        style={{ width: 120 }}
        onChange={(e) => onChange?.(e.target.value.trim())}
      />
    </Space.Compact>
  );
}
