import Foundation

/// Which version of the privacy notice this person has agreed to, and when.
struct Consent {
    private static let version = "consent.version"
    private static let date = "consent.at"

    private let kept = UserDefaults.standard

    var version: String? { kept.string(forKey: Consent.version) }

    func isNeeded(_ config: Config) -> Bool {
        version != config.consent.version
    }

    func record(_ config: Config) {
        kept.set(config.consent.version, forKey: Consent.version)
        kept.set(Date().timeIntervalSince1970, forKey: Consent.date)
    }

    func withdraw() {
        kept.removeObject(forKey: Consent.version)
        kept.removeObject(forKey: Consent.date)
    }
}
