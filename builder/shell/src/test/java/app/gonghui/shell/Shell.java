package app.gonghui.shell;

import static org.junit.Assert.assertNotNull;
import static org.robolectric.Shadows.shadowOf;

import android.app.Application;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.os.Build;
import android.view.View;
import android.view.ViewGroup;
import android.webkit.WebView;
import android.widget.TextView;
import java.io.File;
import java.io.IOException;
import org.robolectric.Robolectric;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.shadows.ShadowLooper;
import org.robolectric.shadows.ShadowToast;
import org.robolectric.shadows.ShadowWebView;
import org.robolectric.util.ReflectionHelpers;

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

  /** Does something as if the phone were of that API level: those at a border between two ways of the shell are not simulated. */
  static void on(int level, Runnable what) {
    int real = Build.VERSION.SDK_INT;
    ReflectionHelpers.setStaticField(Build.VERSION.class, "SDK_INT", level);
    try {
      what.run();
    } finally {
      ReflectionHelpers.setStaticField(Build.VERSION.class, "SDK_INT", real);
    }
  }

  /** What was said for a moment, once the screen's thread has had its turn; null for nothing since the last time. */
  static String said() {
    ShadowLooper.idleMainLooper();
    String text = ShadowToast.getTextOfLatestToast();
    ShadowToast.reset();
    return text;
  }

  /** Waits until nobody looks for updates any more. */
  static void quiet() throws InterruptedException {
    for (Thread t : Thread.getAllStackTraces().keySet()) {
      if (t.getName().equals("update")) {
        t.join();
      }
    }
  }

  /** How often this process holds a file open, by the table that Linux keeps of it. */
  static int held(File file) throws IOException {
    int held = 0;
    for (File open : new File("/proc/self/fd").listFiles()) {
      try {
        if (java.nio.file.Files.readSymbolicLink(open.toPath()).toString().startsWith(file.getCanonicalPath())) {
          held++;
        }
      } catch (IOException e) {
        continue; // closed since the list was made
      }
    }
    return held;
  }

  <T extends View> T find(Class<T> type, String text) {
    return find(type, root(), text);
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
