export default {
  apps: {
    channel: {
      pwa: 'Web app (PWA)',
      android: 'Android package',
      webclip: 'iPhone home screen icon',
      ios: 'iOS project',
      miniprogram: 'WeChat mini-program project',
      harmony: 'HarmonyOS project',
      filing: 'Filing sheet',
    },
    short: {
      pwa: 'Web',
      android: 'Android',
      webclip: 'iPhone',
      ios: 'iOS',
      miniprogram: 'Mini-program',
      harmony: 'HarmonyOS',
      filing: 'Filing',
    },
    installs: 'Installs by version',
    noInstalls: 'No phone has told its version yet',
    noInstallsWhy: 'Once the app has been opened on a phone, installs show here by version.',
    active: '{{n}} active in 30 days',
    devices_one: '{{n}} device',
    devices_other: '{{n}} devices',
    bar: '{{version}}: {{n}} devices, {{share}} of all',
  },
};
