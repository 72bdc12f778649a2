import UIKit

/// A page of the app's own: a title, a text that scrolls, and buttons.
final class NoticeViewController: UIViewController {
    struct Choice {
        let title: String
        let primary: Bool
        let act: () -> Void
    }

    private let config: Config
    private let heading: String
    private let text: String
    private let choices: [Choice]

    init(config: Config, heading: String, text: String, choices: [Choice]) {
        self.config = config
        self.heading = heading
        self.text = text
        self.choices = choices
        super.init(nibName: nil, bundle: nil)
    }

    @available(*, unavailable)
    required init?(coder: NSCoder) {
        fatalError("made by code only")
    }

    override func viewDidLoad() {
        super.viewDidLoad()
        view.backgroundColor = config.groundColor

        let name = UILabel()
        name.text = config.name.said(chinese: config.chinese)
        name.font = .preferredFont(forTextStyle: .subheadline)
        name.textColor = .secondaryLabel

        let title = UILabel()
        title.text = heading
        title.font = .preferredFont(forTextStyle: .title1)
        title.accessibilityTraits = .header

        let body = UILabel()
        body.text = text
        body.font = .preferredFont(forTextStyle: .body)

        for label in [name, title, body] {
            label.numberOfLines = 0
            label.adjustsFontForContentSizeCategory = true
        }

        let words = UIStackView(arrangedSubviews: [name, title, body])
        words.axis = .vertical
        words.spacing = 12
        let scroll = UIScrollView()
        scroll.addSubview(words)

        let buttons = UIStackView(arrangedSubviews: choices.map(button))
        buttons.axis = .vertical
        buttons.spacing = 8

        for part in [scroll, buttons] {
            part.translatesAutoresizingMaskIntoConstraints = false
            view.addSubview(part)
        }
        words.translatesAutoresizingMaskIntoConstraints = false
        let safe = view.safeAreaLayoutGuide
        NSLayoutConstraint.activate([
            scroll.topAnchor.constraint(equalTo: safe.topAnchor, constant: 24),
            scroll.leadingAnchor.constraint(equalTo: safe.leadingAnchor, constant: 24),
            scroll.trailingAnchor.constraint(equalTo: safe.trailingAnchor, constant: -24),
            scroll.bottomAnchor.constraint(equalTo: buttons.topAnchor, constant: -16),
            words.topAnchor.constraint(equalTo: scroll.contentLayoutGuide.topAnchor),
            words.leadingAnchor.constraint(equalTo: scroll.contentLayoutGuide.leadingAnchor),
            words.trailingAnchor.constraint(equalTo: scroll.contentLayoutGuide.trailingAnchor),
            words.bottomAnchor.constraint(equalTo: scroll.contentLayoutGuide.bottomAnchor),
            words.widthAnchor.constraint(equalTo: scroll.frameLayoutGuide.widthAnchor),
            buttons.leadingAnchor.constraint(equalTo: safe.leadingAnchor, constant: 24),
            buttons.trailingAnchor.constraint(equalTo: safe.trailingAnchor, constant: -24),
            buttons.bottomAnchor.constraint(equalTo: safe.bottomAnchor, constant: -16),
        ])
    }

    private func button(_ choice: Choice) -> UIButton {
        let button = UIButton(type: .system, primaryAction: UIAction(title: choice.title) { _ in choice.act() })
        button.titleLabel?.font = .preferredFont(forTextStyle: .headline)
        button.titleLabel?.adjustsFontForContentSizeCategory = true
        button.titleLabel?.numberOfLines = 0
        button.titleLabel?.textAlignment = .center
        button.heightAnchor.constraint(greaterThanOrEqualToConstant: 48).isActive = true
        if choice.primary {
            button.backgroundColor = config.brandColor
            button.setTitleColor(config.brandColor.ink, for: .normal)
            button.layer.cornerRadius = 10
        } else {
            button.setTitleColor(.label, for: .normal)
        }
        return button
    }
}
