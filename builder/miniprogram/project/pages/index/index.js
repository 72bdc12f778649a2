// The privacy notice: no web page is opened before it is agreed to.
const config = require('../../config.js');
const address = require('../../lib/address.js');
const consent = require('../../lib/consent.js');
const words = require('../../lib/words.js');

Page({
  data: { words: {}, name: '', title: '', text: '', refused: false, asking: false },

  onLoad(options) {
    this.path = address.decoded(options.path);
    const zh = words.chinese(config);
    const name = words.said(config.name, zh);
    wx.setNavigationBarTitle({ title: name });
    this.setData({
      words: words.all(zh),
      name,
      title: words.said(config.consent.title, zh),
      text: words.said(config.consent.text, zh),
    });
    if (options.withdraw) {
      consent.withdraw();
    }
    if (consent.needed(config)) {
      this.setData({ asking: true });
    } else {
      this.go();
    }
  },

  agree() {
    consent.record(config);
    this.go();
  },

  refuse() {
    this.setData({ refused: true });
  },

  reconsider() {
    this.setData({ refused: false });
  },

  guide() {
    if (wx.openPrivacyContract) {
      wx.openPrivacyContract({ fail: () => this.copy() });
    } else {
      this.copy();
    }
  },

  copy() {
    wx.setClipboardData({ data: config.consent.policy });
  },

  go() {
    wx.redirectTo({ url: address.link('/pages/web/web', this.path) });
  },
});
