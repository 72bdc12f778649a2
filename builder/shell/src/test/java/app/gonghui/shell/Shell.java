package app.gonghui.shell;

import static org.junit.Assert.assertNotNull;
import static org.robolectric.Shadows.shadowOf;

import android.app.Application;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.view.View;
import android.view.ViewGroup;
import android.webkit.WebView;
import android.widget.TextView;
import org.robolectric.Robolectric;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.shadows.ShadowWebView;

/** The running app in a test, and the person who looks at it. */
final class Shell {
  final ActivityController<MainActivity> controller;
  final MainActivity activity;

  private Shell(Intent intent) {
    controller = Robolectric.buildActivity(MainActivity.class, intent);
    activity = controller.setup().get();
  }

  static Shell start() {
    return new Shell(new Intent(Intent.ACTION_MAIN));
  }

  static Shell start(String link) {
    return new Shell(new Intent(Intent.ACTION_VIEW, Uri.parse(link)));
  }

  /** Starts as one who has agreed before. */
  static Shell agreed() {
    agree();
    return start();
  }

  static void agree() {
    new Consent(app()).record(Config.read(app()), 1);
  }

  static Application app() {
    return RuntimeEnvironment.getApplication();
  }

  static Context context() {
    return app();
  }

  WebView web() {
    return find(WebView.class, root(), null);
  }

  ShadowWebView shadow() {
    WebView w = web();
    assertNotNull("no web view", w);
    return shadowOf(w);
  }

  /** Tells what the web view was last told to load; null without a view. */
  String loaded() {
    return web() == null ? null : shadow().getLastLoadedUrl();
  }

  boolean sees(String text) {
    return find(TextView.class, root(), text) != null;
  }

  void press(String label) {
    TextView b = find(TextView.class, root(), label);
    assertNotNull("no button " + label, b);
    b.performClick();
  }

  Intent opened() {
    return shadowOf(activity).getNextStartedActivity();
  }

  ViewGroup root() {
    return (ViewGroup) ((ViewGroup) activity.findViewById(android.R.id.content)).getChildAt(0);
  }

  private static <T extends View> T find(Class<T> type, View in, String text) {
    if (type.isInstance(in) && (text == null || text.contentEquals(((TextView) in).getText()))) {
      return type.cast(in);
    }
    // The web view of the test system is a group without children of interest.
    if (in instanceof ViewGroup && !(in instanceof WebView)) {
      ViewGroup g = (ViewGroup) in;
      for (int i = 0; i < g.getChildCount(); i++) {
        T found = find(type, g.getChildAt(i), text);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }
}
