// Which version of the privacy notice this person has agreed to, and when.
const key = 'consent';

function needed(config) {
  const kept = wx.getStorageSync(key);
  return !kept || kept.version !== config.consent.version;
}

function record(config) {
  wx.setStorageSync(key, { version: config.consent.version, at: Date.now() });
}

function withdraw() {
  wx.clearStorageSync();
}

module.exports = { needed, record, withdraw };
