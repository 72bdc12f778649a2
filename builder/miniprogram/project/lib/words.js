// What the program itself says, in both languages.
const words = {
  agree: { zh: '同意并继续', en: 'Agree and continue' },
  disagree: { zh: '不同意', en: 'Do not agree' },
  guide: { zh: '查看隐私保护指引', en: 'Read the privacy guideline' },
  copy: { zh: '复制完整隐私政策的网址', en: 'Copy the address of the whole policy' },
  leave: { zh: '退出', en: 'Leave' },
  reconsider: { zh: '返回查看说明', en: 'Back to the notice' },
  refusedTitle: { zh: '您未同意隐私说明', en: 'You did not agree to the privacy notice' },
  refused: {
    zh: '未经您同意，小程序不会打开任何网页，也不会收集任何信息，因此暂时无法使用。',
    en: 'Without your consent no page is opened and nothing is collected, so this cannot be used.',
  },
  offlineTitle: { zh: '页面打不开', en: 'The page could not be opened' },
  offline: { zh: '请检查网络后重试。', en: 'Check the network, then try again.' },
  retry: { zh: '重试', en: 'Try again' },
};

/** The phone's language decides; where it is neither, the body's choice. */
function chinese(config) {
  const base = wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync();
  const language = String(base.language || '');
  if (language.indexOf('zh') === 0) return true;
  if (language.indexOf('en') === 0) return false;
  return config.language !== 'en';
}

function said(both, zh) {
  return zh ? both.zh : both.en;
}

/** All words in one language. */
function all(zh) {
  const out = {};
  Object.keys(words).forEach((key) => {
    out[key] = said(words[key], zh);
  });
  return out;
}

module.exports = { all, chinese, said };
