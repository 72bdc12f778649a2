import { Select, Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useWide } from './useWide.ts';

interface Props {
  /** What is chosen, for a screen reader. */
  label: string;
  active: string;
  items: { key: string; label: string; children: ReactNode }[];
  go: (key: string) => void;
}

/** The parts of a page as tabs; on a phone, where many would not fit, as a choice. */
export function PageTabs({ label, active, items, go }: Props) {
  const wide = useWide();
  if (wide) return <Tabs activeKey={active} onChange={go} destroyOnHidden items={items} />;
  return (
    <>
      <Select
        className="page-tabs"
        aria-label={label}
        value={active}
        options={items.map((item) => ({ value: item.key, label: item.label }))}
        onChange={go}
      />
      {items.find((item) => item.key === active)?.children}
    </>
  );
}
