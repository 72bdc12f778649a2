/// What the app itself says, in both languages.
enum Words {
    static let agree = Both(zh: "同意并继续", en: "Agree and continue")
    static let disagree = Both(zh: "不同意", en: "Do not agree")
    static let policy = Both(zh: "查看完整隐私政策", en: "Read the whole privacy policy")
    static let reconsider = Both(zh: "返回查看说明", en: "Back to the notice")
    static let refusedTitle = Both(zh: "您未同意隐私说明", en: "You did not agree to the privacy notice")
    static let refused = Both(
        zh: "未经您同意，应用不会联网，也不会收集任何信息，因此暂时无法使用。您可以查看完整政策后再决定，或直接离开应用。",
        en: "Without your consent the app does not connect and collects nothing, so it cannot be used. You may read the whole policy and decide then, or leave the app."
    )
    static let offlineTitle = Both(zh: "网络连接不上", en: "No connection")
    static let offline = Both(zh: "请检查网络后重试。", en: "Check the network, then try again.")
    static let unsafeTitle = Both(zh: "连接不安全，已中断", en: "The connection was not safe and was stopped")
    static let unsafe = Both(
        zh: "服务器证书不受信任。请检查手机的日期和时间，或换一个网络再试。",
        en: "The server's certificate is not trusted. Check the date and time of this phone, or try another network."
    )
    static let crashTitle = Both(zh: "页面意外关闭", en: "The page closed unexpectedly")
    static let crash = Both(zh: "手机内存可能不足，请关闭其他应用后重试。", en: "The phone may be short of memory. Close other apps, then try again.")
    static let retry = Both(zh: "重试", en: "Try again")
    static let ok = Both(zh: "确定", en: "OK")
    static let cancel = Both(zh: "取消", en: "Cancel")
    static let notSaved = Both(zh: "文件未能保存", en: "The file could not be saved")
}
