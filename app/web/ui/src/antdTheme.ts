import { theme as antd, type ThemeConfig } from 'antd';
import type { Theme } from './base/theme.ts';

const light = {
  page: '#f7f6f4',
  surface: '#ffffff',
  raised: '#ffffff',
  hover: '#f4f2ef',
  line: '#e9e6e1',
  strong: '#d5d0c9',
  text: '#22201d',
  text2: '#67625b',
  text3: '#726c64',
  good: '#166c3f',
  warn: '#975a00',
  bad: '#b3261e',
  note: '#2a62b0',
};

const night: typeof light = {
  page: '#161513',
  surface: '#1e1d1a',
  raised: '#282623',
  hover: '#272522',
  line: '#34312d',
  strong: '#4a463f',
  text: '#ece9e4',
  text2: '#b0aaa1',
  text3: '#989289',
  good: '#6fcf97',
  warn: '#f0b45b',
  bad: '#ff8a80',
  note: '#8ab4f8',
};

/** The tokens of tokens.css in antd's terms, with the body's accent. On a phone text and targets are larger. Values are the same on purpose: one look. */
export function antdTheme(theme: Theme, dark: boolean, phone: boolean): ThemeConfig {
  const c = dark ? night : light;
  const accentText = dark ? theme.accentTextDark : theme.accentText;
  const solid = {
    colorPrimary: theme.accentSolid,
    colorPrimaryHover: `color-mix(in srgb, ${theme.accentSolid} 88%, #000)`,
    colorPrimaryActive: `color-mix(in srgb, ${theme.accentSolid} 76%, #000)`,
  };
  return {
    algorithm: dark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: theme.accentSolid,
      colorLink: accentText,
      colorLinkHover: accentText,
      colorLinkActive: accentText,
      colorPrimaryText: accentText,
      colorPrimaryTextHover: accentText,
      colorBgLayout: c.page,
      colorBgContainer: c.surface,
      colorBgElevated: c.raised,
      colorBorder: c.strong,
      colorBorderSecondary: c.line,
      colorSplit: c.line,
      colorText: c.text,
      colorTextHeading: c.text,
      colorTextSecondary: c.text2,
      colorTextTertiary: c.text3,
      colorTextDescription: c.text2,
      colorTextPlaceholder: c.text3,
      colorIcon: c.text2,
      colorSuccess: c.good,
      colorWarning: c.warn,
      colorError: c.bad,
      colorErrorText: c.bad,
      colorInfo: c.note,
      borderRadius: 6,
      borderRadiusLG: 10,
      controlHeight: phone ? 44 : 36,
      fontFamily: 'var(--font)',
      fontSize: phone ? 16 : 14,
      boxShadow: 'var(--float)',
      boxShadowSecondary: 'var(--float)',
      motionDurationMid: '0.15s',
      motionDurationSlow: '0.2s',
    },
    components: {
      Button: {
        ...solid,
        // Text on the page's own ground: the solid accent is too dark for it at night.
        defaultHoverColor: accentText,
        defaultHoverBorderColor: accentText,
        defaultActiveColor: accentText,
        defaultActiveBorderColor: accentText,
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        fontWeight: 500,
      },
      Table: {
        headerBg: c.surface,
        headerColor: c.text2,
        headerSplitColor: 'transparent',
        rowHoverBg: c.hover,
        cellPaddingBlock: 11,
        cellPaddingInline: 12,
      },
      Form: { labelColor: c.text, verticalLabelPadding: '0 0 6px', itemMarginBottom: 20 },
      Drawer: { paddingLG: 24, colorBgElevated: c.surface },
      Tabs: {
        inkBarColor: accentText,
        itemSelectedColor: accentText,
        itemHoverColor: accentText,
        itemActiveColor: accentText,
      },
      Switch: { colorPrimary: theme.accentSolid, colorPrimaryHover: theme.accentSolid },
      Tree: { nodeSelectedBg: 'var(--accent-soft)', nodeHoverBg: c.hover, titleHeight: 32 },
      // The chosen word of a button group is text on the surface, not on the solid accent.
      Radio: { colorPrimary: accentText, colorPrimaryHover: accentText, colorPrimaryActive: accentText },
      Segmented: { itemSelectedColor: c.text, trackBg: c.hover },
    },
  };
}
