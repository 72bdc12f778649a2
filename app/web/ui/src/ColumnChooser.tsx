import { SettingOutlined } from '@ant-design/icons';
import { Button, Checkbox, Popover } from 'antd';
import { useT } from './base/i18n.ts';

interface Props {
  columns: { key: string; title: string }[];
  chosen: string[];
  choose: (keys: string[]) => void;
}

/** Which columns a list shows on this device. */
export function ColumnChooser({ columns, chosen, choose }: Props) {
  const t = useT();
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <Checkbox.Group
          className="column-choice"
          options={columns.map((c) => ({ value: c.key, label: c.title }))}
          value={chosen}
          onChange={choose}
        />
      }
    >
      <Button icon={<SettingOutlined aria-hidden />} aria-label={t('list.columns')} title={t('list.columns')} />
    </Popover>
  );
}
