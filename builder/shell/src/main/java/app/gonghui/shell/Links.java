package app.gonghui.shell;

import android.content.Intent;
import android.net.Uri;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where links lead: into the app, to another app, or nowhere. */
final class Links {
  /** What becomes of a link that a page follows. */
  enum Way {
    INSIDE,
    OTHER_APP,
    WITHDRAW,
    NOWHERE
  }

  /** A page of the body's own takes the consent back by this link. */
  static final String WITHDRAW = "gonghui-shell:withdraw-consent";

  /** Schemes that lead to files of the phone, to code, or to a part of an app that is not meant for links. */
  private static final List<String> NOWHERE = Arrays.asList("", "file", "content", "javascript", "data", "intent", "android-app");

  /** Schemes of what a page makes itself. */
  private static final List<String> INSIDE = Arrays.asList("about", "blob");

  private Links() {}

  /** The page to open for an intent that started the app. */
  static Uri page(Config config, Intent intent) {
    Uri link = intent == null ? null : intent.getData();
    if (link == null || !Intent.ACTION_VIEW.equals(intent.getAction())) {
      return null;
    }
    if (config.own(link)) {
      return link;
    }
    if (config.scheme.length() == 0 || !config.scheme.equals(link.getScheme()) || link.isOpaque()) {
      return null;
    }
    // Only path and query come from the link: it cannot lead to another host.
    String path = link.getEncodedPath();
    return config.start.buildUpon()
        .encodedPath(path == null || path.length() == 0 ? "/" : path)
        .encodedQuery(link.getEncodedQuery())
        .encodedFragment(link.getEncodedFragment())
        .build();
  }

  static Way way(Config config, Uri from, Uri to) {
    if (WITHDRAW.equals(to.toString())) {
      return config.own(from) ? Way.WITHDRAW : Way.NOWHERE;
    }
    if (config.own(to)) {
      return Way.INSIDE;
    }
    String scheme = to.getScheme() == null ? "" : to.getScheme().toLowerCase(Locale.ROOT);
    if (NOWHERE.contains(scheme)) {
      return Way.NOWHERE;
    }
    return INSIDE.contains(scheme) ? Way.INSIDE : Way.OTHER_APP;
  }

  /** Opens a link in another app, which must be one that takes links from browsers. */
  static Intent outside(Uri to) {
    return new Intent(Intent.ACTION_VIEW, to).addCategory(Intent.CATEGORY_BROWSABLE).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK);
  }
}
