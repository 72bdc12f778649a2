const en = {
  member: {
    get: {
      title: 'Get the app',
      none: '{{body}} has not published a package yet',
      noneWhy: 'The web version does the same; just open it.',
      web: 'Open the web version',
      device: 'Your device',
      devices: { android: 'Android', ios: 'Apple', harmony: 'HarmonyOS', desktop: 'Computer' },
      own: 'This is your union’s app already; there is nothing to install.',
      standalone: 'The app is on your home screen already.',
      home: 'Open the app',
      inside: {
        title: 'Open this in the phone’s browser',
        why: 'Apps cannot be installed inside {{app}}.',
        wechat: 'WeChat',
        qq: 'QQ',
        alipay: 'Alipay',
        dingtalk: 'DingTalk',
        menu: 'Tap “···” at the top right',
        open: 'Choose “Open in browser” or “Open in default browser”',
        copy: 'Or copy the address and paste it into the browser.',
        computer: 'Copy the address and open it in the computer’s browser.',
      },
      copy: 'Copy the address',
      copied: 'Address copied',
      copyHand: 'Press and hold the address to copy it: {{url}}',
      android: {
        act: 'Download the package',
        steps: {
          download: 'Tap “Download the package” and open it when it is there',
          allow: 'When the phone asks, allow the installation or choose to go on',
          open: 'Open the app from the home screen and sign in with the phone number of your membership',
        },
        digest: 'Check the package',
        digestWhy:
          'The package is signed by your union. Its SHA-256 is below: if it is the one that the administrators name, nothing was changed.',
      },
      ios: {
        act: 'Install the icon',
        safari: 'Open this page in Safari; other browsers cannot install profiles.',
        steps: {
          allow: 'Tap “Install the icon” and allow it when asked',
          settings: 'Open Settings and tap “Profile Downloaded” at the top',
          install: 'Tap “Install” at the top right and follow the steps; the icon appears on the home screen',
        },
        share: 'Or add it to the home screen',
        shareSteps: {
          share: 'Open the web version in Safari and tap the share button at the bottom',
          add: 'Choose “Add to Home Screen”, then “Add”',
        },
      },
      pwa: {
        act: 'Install on this device',
        or: 'Or install it from the browser',
        why: 'Without a package: it is on the home screen just the same, and always up to date.',
        menu: 'Open the browser’s menu and choose “Install app” or “Add to home screen”.',
        desktop: 'Click the install icon at the right of the address bar, or choose “Install” in the browser’s menu.',
        done: 'Installed; open it from the home screen',
      },
      harmonySteps: {
        menu: 'Tap the browser’s menu, at the bottom or the top right',
        add: 'Choose “Add to home screen”, then “Add”',
        open: 'Open it from the home screen and sign in with the phone number of your membership',
      },
      harmonyOld: 'On HarmonyOS 4 and before you can also choose “Android” and download the package.',
      scan: 'Scan with a phone to install',
      scanWhy: 'Scan this code with the camera or with WeChat; the page shows what suits that phone.',
      code: 'QR code of this page: {{url}}',
      onDesktop: 'On this computer',
      version: 'Version {{version}}',
    },
  },
};

export default en;
