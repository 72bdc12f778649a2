export default {
  apps: {
    channel: {
      pwa: '网页应用（PWA）',
      android: '安卓安装包',
      webclip: 'iPhone 桌面图标',
      ios: 'iOS 工程',
      miniprogram: '微信小程序工程',
      harmony: '鸿蒙工程',
      filing: '备案信息表',
    },
    short: {
      pwa: '网页',
      android: '安卓',
      webclip: 'iPhone',
      ios: 'iOS',
      miniprogram: '小程序',
      harmony: '鸿蒙',
      filing: '备案',
    },
    installs: '各版本安装量',
    noInstalls: '还没有手机报告过版本',
    noInstallsWhy: '应用在手机上打开后，这里按版本显示安装量。',
    active: '近 30 天活跃 {{n}}',
    devices_one: '{{n}} 台',
    devices_other: '{{n}} 台',
    bar: '{{version}}：{{n}} 台，占 {{share}}',
  },
};
