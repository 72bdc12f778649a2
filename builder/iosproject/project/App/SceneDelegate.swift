import UIKit

final class SceneDelegate: UIResponder, UIWindowSceneDelegate {
    var window: UIWindow?
    private var root: RootViewController?

    func scene(_ scene: UIScene, willConnectTo session: UISceneSession, options: UIScene.ConnectionOptions) {
        guard let scene = scene as? UIWindowScene else { return }
        let link = options.urlContexts.first?.url ?? options.userActivities.first?.webpageURL
        let root = RootViewController(config: .shared, link: link)
        let window = UIWindow(windowScene: scene)
        window.tintColor = Config.shared.brandColor
        window.rootViewController = root
        window.makeKeyAndVisible()
        self.root = root
        self.window = window
    }

    func scene(_ scene: UIScene, openURLContexts contexts: Set<UIOpenURLContext>) {
        if let url = contexts.first?.url {
            root?.open(link: url)
        }
    }

    func scene(_ scene: UIScene, continue activity: NSUserActivity) {
        if let url = activity.webpageURL {
            root?.open(link: url)
        }
    }
}
