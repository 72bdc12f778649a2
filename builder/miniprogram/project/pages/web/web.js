// The body's pages. They take the consent back by wx.miniProgram.reLaunch to /pages/index/index?withdraw=1.
const config = require('../../config.js');
const consent = require('../../lib/consent.js');
const address = require('../../lib/address.js');
const words = require('../../lib/words.js');

Page({
  data: { src: '', failed: false, words: {} },

  onLoad(options) {
    if (consent.needed(config)) {
      wx.reLaunch({ url: address.link('/pages/index/index', address.decoded(options.path)) });
      return;
    }
    const zh = words.chinese(config);
    this.start = address.page(config.start, options.path);
    wx.setNavigationBarTitle({ title: words.said(config.name, zh) });
    this.setData({ words: words.all(zh), src: this.start });
  },

  failed() {
    this.setData({ failed: true, src: '' });
  },

  retry() {
    this.setData({ failed: false, src: this.start });
  },

  onShareAppMessage(options) {
    const zh = words.chinese(config);
    return {
      title: words.said(config.name, zh),
      path: address.link('/pages/index/index', address.path(config.start, options.webViewUrl)),
    };
  },
});
