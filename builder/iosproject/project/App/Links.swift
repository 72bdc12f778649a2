import Foundation

/// Where links lead: into the app, to another app, or nowhere.
enum Links {
    enum Way {
        case inside, otherApp, withdraw, nowhere
    }

    /// A page of the body's own takes the consent back by this link.
    static let withdraw = "gonghui-shell:withdraw-consent"

    /// The page to open for a link that started the app; nil for one that is not the body's.
    static func page(_ config: Config, _ link: URL?) -> URL? {
        guard let link = link else { return nil }
        if config.owns(link) { return link }
        guard
            !config.scheme.isEmpty, link.scheme == config.scheme,
            let from = URLComponents(url: link, resolvingAgainstBaseURL: false),
            var page = URLComponents(url: config.start, resolvingAgainstBaseURL: false)
        else {
            return nil
        }
        // Only path, query and fragment come from the link: it cannot lead to another host.
        page.percentEncodedPath = from.percentEncodedPath.hasPrefix("/") ? from.percentEncodedPath : "/"
        page.percentEncodedQuery = from.percentEncodedQuery
        page.percentEncodedFragment = from.percentEncodedFragment
        return page.url
    }

    static func way(_ config: Config, from: URL?, to: URL) -> Way {
        if to.absoluteString == withdraw {
            return config.owns(from) ? .withdraw : .nowhere
        }
        if config.owns(to) { return .inside }
        switch to.scheme?.lowercased() ?? "" {
        case "", "file", "javascript", "data":
            return .nowhere
        case "about", "blob":
            return .inside
        default:
            return .otherApp
        }
    }
}
