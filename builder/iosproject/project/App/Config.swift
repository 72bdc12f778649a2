import UIKit

/// What is said in both languages.
struct Both: Decodable {
    let zh: String
    let en: String

    func said(chinese: Bool) -> String {
        chinese ? zh : en
    }
}

/// What differs from body to body: config.json, written when the project was made.
struct Config: Decodable {
    struct Notice: Decodable {
        let version: String
        let title: Both
        let text: Both
        let policy: URL
    }

    let start: URL
    let name: Both
    let brand: String
    let ground: String
    let groundDark: String
    let scheme: String
    let hosts: [String]
    let language: String
    let consent: Notice

    static let shared = Config.read()

    private static func read() -> Config {
        guard
            let file = Bundle.main.url(forResource: "config", withExtension: "json"),
            let data = try? Data(contentsOf: file),
            let config = try? JSONDecoder().decode(Config.self, from: data)
        else {
            fatalError("config.json")
        }
        return config
    }

    /// The phone's language decides; where it is neither, the body's choice.
    var chinese: Bool {
        let language = Locale.preferredLanguages.first ?? ""
        if language.hasPrefix("zh") { return true }
        if language.hasPrefix("en") { return false }
        return self.language != "en"
    }

    /// A page is the body's own when its host is known and it is encrypted.
    func owns(_ url: URL?) -> Bool {
        guard let url = url, url.scheme == "https", let host = url.host?.lowercased() else { return false }
        if host == start.host?.lowercased() {
            return (url.port ?? 443) == (start.port ?? 443)
        }
        return hosts.contains(host) && (url.port ?? 443) == 443
    }

    var brandColor: UIColor { UIColor(hex: brand) }

    var groundColor: UIColor {
        let light = UIColor(hex: ground)
        let dark = UIColor(hex: groundDark)
        return UIColor { $0.userInterfaceStyle == .dark ? dark : light }
    }
}

extension UIColor {
    /// #RRGGBB.
    convenience init(hex: String) {
        let value = UInt32(hex.dropFirst(), radix: 16) ?? 0
        self.init(
            red: CGFloat(value >> 16 & 0xff) / 255,
            green: CGFloat(value >> 8 & 0xff) / 255,
            blue: CGFloat(value & 0xff) / 255,
            alpha: 1
        )
    }

    /// Black or white, whichever is read better on this colour (relative luminance, WCAG 2.1).
    var ink: UIColor {
        var red: CGFloat = 0
        var green: CGFloat = 0
        var blue: CGFloat = 0
        getRed(&red, green: &green, blue: &blue, alpha: nil)
        let linear = [red, green, blue].map { $0 <= 0.03928 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 ? .black : .white
    }
}
