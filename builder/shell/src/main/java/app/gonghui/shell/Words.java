package app.gonghui.shell;

/** What the shell itself says, in both languages. */
enum Words {
  AGREE("同意并继续", "Agree and continue"),
  DISAGREE("不同意", "Do not agree"),
  POLICY("查看完整隐私政策", "Read the whole privacy policy"),
  LEAVE("退出应用", "Leave the app"),
  RECONSIDER("返回查看说明", "Back to the notice"),
  REFUSED_TITLE("您未同意隐私说明", "You did not agree to the privacy notice"),
  REFUSED("未经您同意，应用不会联网，也不会收集任何信息，因此暂时无法使用。您可以查看完整政策后再决定，或退出应用。",
      "Without your consent the app does not connect and collects nothing, so it cannot be used. You may read the whole policy and decide then, or leave."),
  OFFLINE_TITLE("网络连接不上", "No connection"),
  OFFLINE("请检查网络后重试。", "Check the network, then try again."),
  RETRY("重试", "Try again"),
  SSL_TITLE("连接不安全，已中断", "The connection was not safe and was stopped"),
  SSL_DATE("服务器证书不在有效期内，请检查手机的日期和时间。", "The server's certificate is not valid today. Check the date and time of this phone."),
  SSL_HOST("服务器证书与网址不符，请换一个网络再试。", "The server's certificate is for another address. Try another network."),
  SSL_TRUST("服务器证书不受信任，请换一个网络再试。", "The server's certificate is not trusted. Try another network."),
  CRASH_TITLE("页面意外关闭", "The page closed unexpectedly"),
  CRASH("手机内存可能不足，请关闭其他应用后重试。", "The phone may be short of memory. Close other apps, then try again."),
  NO_APP("手机上没有可以打开它的应用", "No app on this phone can open this"),
  DOWNLOADING("开始下载", "Download started"),
  SAVED("已保存：", "Saved: "),
  NOT_SAVED("文件未能保存", "The file could not be saved"),
  UPDATE_TITLE("发现新版本 ", "New version "),
  UPDATE("立即更新", "Update now"),
  LATER("以后再说", "Later"),
  UPDATE_BAD("安装包校验未通过，已删除", "The package did not pass its check and was deleted");

  private final String zh;
  private final String en;

  Words(String zh, String en) {
    this.zh = zh;
    this.en = en;
  }

  String in(boolean chinese) {
    return chinese ? zh : en;
  }
}
