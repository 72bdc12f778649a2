import UIKit
import WebKit

/// The privacy notice first, then the body's pages, and pages of the app's own where those cannot be shown.
final class RootViewController: UIViewController {
    private let config: Config
    private let consent = Consent()
    private var web: WebViewController?
    private var shown: UIViewController?
    private var link: URL?

    init(config: Config, link: URL?) {
        self.config = config
        self.link = link
        super.init(nibName: nil, bundle: nil)
    }

    @available(*, unavailable)
    required init?(coder: NSCoder) {
        fatalError("made by code only")
    }

    override func viewDidLoad() {
        super.viewDidLoad()
        view.backgroundColor = config.groundColor
        if consent.isNeeded(config) {
            ask()
        } else {
            browse()
        }
    }

    /// Opens a link that came from outside; before the consent it waits.
    func open(link: URL) {
        self.link = link
        if let page = Links.page(config, link), web != nil {
            browse()
            web?.load(page)
        }
    }

    private func said(_ words: Both) -> String {
        words.said(chinese: config.chinese)
    }

    private func ask() {
        show(NoticeViewController(
            config: config, heading: said(config.consent.title), text: said(config.consent.text),
            choices: [
                .init(title: said(Words.agree), primary: true) { [weak self] in self?.agree() },
                policy(),
                .init(title: said(Words.disagree), primary: false) { [weak self] in self?.refused() },
            ]
        ))
    }

    private func agree() {
        consent.record(config)
        browse()
    }

    private func refused() {
        show(NoticeViewController(
            config: config, heading: said(Words.refusedTitle), text: said(Words.refused),
            choices: [
                .init(title: said(Words.reconsider), primary: true) { [weak self] in self?.ask() },
                policy(),
            ]
        ))
    }

    /// The whole policy opens in the browser: this app loads no page before the consent.
    private func policy() -> NoticeViewController.Choice {
        .init(title: said(Words.policy), primary: false) { [config] in UIApplication.shared.open(config.consent.policy) }
    }

    private func browse() {
        if web == nil {
            let fresh = WebViewController(config: config, consent: consent.version ?? "")
            fresh.broken = { [weak self] title, text in self?.broken(title, text) }
            fresh.withdraw = { [weak self] in self?.withdraw() }
            web = fresh
            fresh.load(Links.page(config, link) ?? config.start)
        }
        if let web = web {
            show(web)
        }
    }

    private func broken(_ title: Both, _ text: Both) {
        show(NoticeViewController(
            config: config, heading: said(title), text: said(text),
            choices: [.init(title: said(Words.retry), primary: true) { [weak self] in
                self?.browse()
                self?.web?.again()
            }]
        ))
    }

    private func withdraw() {
        consent.withdraw()
        web = nil
        link = nil
        let everything = WKWebsiteDataStore.allWebsiteDataTypes()
        WKWebsiteDataStore.default().removeData(ofTypes: everything, modifiedSince: .distantPast) { [weak self] in
            self?.ask()
        }
    }

    private func show(_ next: UIViewController) {
        guard next !== shown else { return }
        if let old = shown {
            old.willMove(toParent: nil)
            old.view.removeFromSuperview()
            old.removeFromParent()
        }
        addChild(next)
        next.view.frame = view.bounds
        next.view.autoresizingMask = [.flexibleWidth, .flexibleHeight]
        view.addSubview(next.view)
        next.didMove(toParent: self)
        shown = next
        UIAccessibility.post(notification: .screenChanged, argument: next.view)
    }
}
