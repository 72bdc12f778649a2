import UIKit
import WebKit

/// The body's pages.
final class WebViewController: UIViewController {
    /// Two crashes within this time, in seconds, are not answered by loading the page again.
    private static let crashLoop: TimeInterval = 10

    var broken: (Both, Both) -> Void = { _, _ in }
    var withdraw: () -> Void = {}

    private let config: Config
    private let consent: String
    private var wanted: URL?
    private var crashed = Date.distantPast
    private var saved: URL?

    private lazy var web: WKWebView = {
        let settings = WKWebViewConfiguration()
        settings.allowsInlineMediaPlayback = true
        settings.mediaTypesRequiringUserActionForPlayback = []
        // Service workers are given to the domains that Info.plist names, and to no other page.
        settings.limitsNavigationsToAppBoundDomains = true
        settings.applicationNameForUserAgent = "GonghuiShell/1 consent/" + consent
        let view = WKWebView(frame: .zero, configuration: settings)
        view.navigationDelegate = self
        view.uiDelegate = self
        view.allowsBackForwardNavigationGestures = true
        view.isOpaque = false
        view.backgroundColor = config.groundColor
        return view
    }()

    init(config: Config, consent: String) {
        self.config = config
        self.consent = consent
        super.init(nibName: nil, bundle: nil)
    }

    @available(*, unavailable)
    required init?(coder: NSCoder) {
        fatalError("made by code only")
    }

    override func viewDidLoad() {
        super.viewDidLoad()
        view.backgroundColor = config.groundColor
        web.translatesAutoresizingMaskIntoConstraints = false
        view.addSubview(web)
        let safe = view.safeAreaLayoutGuide
        NSLayoutConstraint.activate([
            web.topAnchor.constraint(equalTo: safe.topAnchor),
            web.leadingAnchor.constraint(equalTo: safe.leadingAnchor),
            web.trailingAnchor.constraint(equalTo: safe.trailingAnchor),
            web.bottomAnchor.constraint(equalTo: view.bottomAnchor),
        ])
    }

    func load(_ url: URL) {
        wanted = url
        web.load(URLRequest(url: url))
    }

    func again() {
        load(wanted ?? config.start)
    }

    private func failed(_ error: Error) {
        let error = error as NSError
        // A link that was led elsewhere, or one that became a download, is no failure.
        let ended = error.domain == NSURLErrorDomain && error.code == NSURLErrorCancelled
        if ended || error.domain == "WebKitErrorDomain" { return }
        switch error.code {
        case NSURLErrorSecureConnectionFailed, NSURLErrorServerCertificateHasBadDate, NSURLErrorServerCertificateUntrusted,
             NSURLErrorServerCertificateHasUnknownRoot, NSURLErrorServerCertificateNotYetValid:
            broken(Words.unsafeTitle, Words.unsafe)
        default:
            broken(Words.offlineTitle, Words.offline)
        }
    }

    private func said(_ words: Both) -> String {
        words.said(chinese: config.chinese)
    }

    private func say(_ words: Both) {
        let alert = UIAlertController(title: nil, message: said(words), preferredStyle: .alert)
        alert.addAction(UIAlertAction(title: said(Words.ok), style: .default))
        present(alert, animated: true)
    }
}

extension WebViewController: WKNavigationDelegate {
    func webView(
        _ view: WKWebView, decidePolicyFor action: WKNavigationAction,
        decisionHandler: @escaping @MainActor @Sendable (WKNavigationActionPolicy) -> Void
    ) {
        guard let to = action.request.url else {
            decisionHandler(.cancel)
            return
        }
        if let frame = action.targetFrame, !frame.isMainFrame {
            decisionHandler(.allow)
            return
        }
        if #available(iOS 14.5, *), action.shouldPerformDownload, config.owns(view.url) {
            decisionHandler(.download)
            return
        }
        switch Links.way(config, from: view.url, to: to) {
        case .inside:
            wanted = to
            decisionHandler(.allow)
        case .otherApp:
            decisionHandler(.cancel)
            UIApplication.shared.open(to)
        case .withdraw:
            decisionHandler(.cancel)
            withdraw()
        case .nowhere:
            decisionHandler(.cancel)
        }
    }

    func webView(
        _ view: WKWebView, decidePolicyFor response: WKNavigationResponse,
        decisionHandler: @escaping @MainActor @Sendable (WKNavigationResponsePolicy) -> Void
    ) {
        if response.canShowMIMEType {
            decisionHandler(.allow)
        } else if #available(iOS 14.5, *) {
            decisionHandler(.download)
        } else {
            decisionHandler(.cancel)
            say(Words.notSaved)
        }
    }

    func webView(_ view: WKWebView, didFailProvisionalNavigation navigation: WKNavigation!, withError error: Error) {
        failed(error)
    }

    func webView(_ view: WKWebView, didFail navigation: WKNavigation!, withError error: Error) {
        failed(error)
    }

    func webViewWebContentProcessDidTerminate(_ view: WKWebView) {
        let loop = Date().timeIntervalSince(crashed) < WebViewController.crashLoop
        crashed = Date()
        if loop {
            broken(Words.crashTitle, Words.crash)
        } else {
            again()
        }
    }

    @available(iOS 14.5, *)
    func webView(_ view: WKWebView, navigationAction: WKNavigationAction, didBecome download: WKDownload) {
        download.delegate = self
    }

    @available(iOS 14.5, *)
    func webView(_ view: WKWebView, navigationResponse: WKNavigationResponse, didBecome download: WKDownload) {
        download.delegate = self
    }
}

extension WebViewController: WKUIDelegate {
    func webView(
        _ view: WKWebView, createWebViewWith settings: WKWebViewConfiguration, for action: WKNavigationAction, windowFeatures: WKWindowFeatures
    ) -> WKWebView? {
        // There is one window: what wants another goes where a plain link would.
        if let to = action.request.url {
            switch Links.way(config, from: view.url, to: to) {
            case .inside: load(to)
            case .otherApp: UIApplication.shared.open(to)
            case .withdraw: withdraw()
            case .nowhere: break
            }
        }
        return nil
    }

    func webView(
        _ view: WKWebView, runJavaScriptAlertPanelWithMessage message: String, initiatedByFrame frame: WKFrameInfo,
        completionHandler: @escaping @MainActor @Sendable () -> Void
    ) {
        let alert = UIAlertController(title: nil, message: message, preferredStyle: .alert)
        alert.addAction(UIAlertAction(title: said(Words.ok), style: .default) { _ in completionHandler() })
        present(alert, animated: true)
    }

    func webView(
        _ view: WKWebView, runJavaScriptConfirmPanelWithMessage message: String, initiatedByFrame frame: WKFrameInfo,
        completionHandler: @escaping @MainActor @Sendable (Bool) -> Void
    ) {
        let alert = UIAlertController(title: nil, message: message, preferredStyle: .alert)
        alert.addAction(UIAlertAction(title: said(Words.cancel), style: .cancel) { _ in completionHandler(false) })
        alert.addAction(UIAlertAction(title: said(Words.ok), style: .default) { _ in completionHandler(true) })
        present(alert, animated: true)
    }

    /// The system asks the person; the app only keeps pages that are not the body's from asking.
    @available(iOS 15.0, *)
    func webView(
        _ view: WKWebView, requestMediaCapturePermissionFor origin: WKSecurityOrigin, initiatedByFrame frame: WKFrameInfo,
        type: WKMediaCaptureType, decisionHandler: @escaping @MainActor @Sendable (WKPermissionDecision) -> Void
    ) {
        decisionHandler(frame.isMainFrame && config.owns(view.url) ? .grant : .deny)
    }
}

@available(iOS 14.5, *)
extension WebViewController: WKDownloadDelegate {
    func download(
        _ download: WKDownload, decideDestinationUsing response: URLResponse, suggestedFilename name: String,
        completionHandler: @escaping @MainActor @Sendable (URL?) -> Void
    ) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            completionHandler(nil)
            say(Words.notSaved)
            return
        }
        let file = folder.appendingPathComponent((name as NSString).lastPathComponent)
        saved = file
        completionHandler(file)
    }

    func downloadDidFinish(_ download: WKDownload) {
        guard let file = saved else { return }
        let share = UIActivityViewController(activityItems: [file], applicationActivities: nil)
        share.popoverPresentationController?.sourceView = view
        present(share, animated: true)
    }

    func download(_ download: WKDownload, didFailWithError error: Error, resumeData: Data?) {
        say(Words.notSaved)
    }
}
