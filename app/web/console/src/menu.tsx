import {
  ApartmentOutlined,
  ApiOutlined,
  AuditOutlined,
  BgColorsOutlined,
  ExportOutlined,
  EyeOutlined,
  FileOutlined,
  FileProtectOutlined,
  HomeOutlined,
  IdcardOutlined,
  ImportOutlined,
  KeyOutlined,
  LockOutlined,
  MenuOutlined,
  MobileOutlined,
  SafetyCertificateOutlined,
  SafetyOutlined,
  ScanOutlined,
  SettingOutlined,
  SolutionOutlined,
  TeamOutlined,
  UserOutlined,
  UserSwitchOutlined,
  VideoCameraOutlined,
} from '@ant-design/icons';
import type { Schemas } from '@gonghui/api';
import { pick, type ShellEntry } from '@gonghui/ui';
import type { ReactNode } from 'react';

/** The signs that modules name for their pages. */
const icons: Record<string, ReactNode> = {
  apartment: <ApartmentOutlined aria-hidden />,
  api: <ApiOutlined aria-hidden />,
  audit: <AuditOutlined aria-hidden />,
  design: <BgColorsOutlined aria-hidden />,
  eye: <EyeOutlined aria-hidden />,
  'file-protect': <FileProtectOutlined aria-hidden />,
  home: <HomeOutlined aria-hidden />,
  idcard: <IdcardOutlined aria-hidden />,
  import: <ImportOutlined aria-hidden />,
  key: <KeyOutlined aria-hidden />,
  lock: <LockOutlined aria-hidden />,
  menu: <MenuOutlined aria-hidden />,
  mobile: <MobileOutlined aria-hidden />,
  safety: <SafetyOutlined aria-hidden />,
  'safety-certificate': <SafetyCertificateOutlined aria-hidden />,
  scan: <ScanOutlined aria-hidden />,
  setting: <SettingOutlined aria-hidden />,
  solution: <SolutionOutlined aria-hidden />,
  team: <TeamOutlined aria-hidden />,
  user: <UserOutlined aria-hidden />,
  'user-switch': <UserSwitchOutlined aria-hidden />,
  video: <VideoCameraOutlined aria-hidden />,
};

/** The sign of a menu entry; a plain one for those that name none. */
export const iconOf = (name: string): ReactNode => icons[name] ?? <FileOutlined aria-hidden />;

/** What the server puts on a person's menu, as the shell draws it: entries stand below their group. */
export function entries(
  menu: Schemas['MenuEntry'][],
  locale: 'zh' | 'en',
  waiting: Record<string, number> = {},
): ShellEntry[] {
  const draw = (entry: Schemas['MenuEntry']): ShellEntry => ({
    key: entry.key,
    path: entry.path,
    title: pick(locale, entry.titleZh, entry.titleEn),
    icon: entry.kind === 'link' ? <ExportOutlined aria-hidden /> : iconOf(entry.icon),
    waiting: waiting[entry.key],
    ...(entry.kind === 'link' && { href: entry.url }),
  });
  return menu
    .filter((entry) => !entry.group)
    .map((entry) =>
      entry.kind === 'group'
        ? { ...draw(entry), entries: menu.filter((inner) => inner.group === entry.key).map(draw) }
        : draw(entry),
    );
}
