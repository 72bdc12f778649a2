import {
  AndroidOutlined,
  AppleOutlined,
  FileTextOutlined,
  GlobalOutlined,
  HarmonyOSOutlined,
  MobileOutlined,
  WechatOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';

/** The sign of a channel. */
export const signs: Record<string, ReactNode> = {
  pwa: <GlobalOutlined aria-hidden />,
  android: <AndroidOutlined aria-hidden />,
  webclip: <MobileOutlined aria-hidden />,
  ios: <AppleOutlined aria-hidden />,
  miniprogram: <WechatOutlined aria-hidden />,
  harmony: <HarmonyOSOutlined aria-hidden />,
  filing: <FileTextOutlined aria-hidden />,
};
