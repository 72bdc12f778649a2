package app.gonghui.shell;

import android.annotation.SuppressLint;
import android.app.Activity;
import android.content.ActivityNotFoundException;
import android.content.Intent;
import android.content.res.Configuration;
import android.graphics.Insets;
import android.net.Uri;
import android.net.http.SslError;
import android.os.Build;
import android.os.Bundle;
import android.os.SystemClock;
import android.view.View;
import android.view.ViewGroup.LayoutParams;
import android.view.WindowInsets;
import android.webkit.CookieManager;
import android.webkit.WebSettings;
import android.webkit.WebStorage;
import android.webkit.WebView;
import android.widget.FrameLayout;
import android.widget.Toast;
import java.util.Locale;

/** The app: the privacy notice first, then the body's pages in a web view, and pages of its own where those cannot be shown. */
public final class MainActivity extends Activity {
  static final int CHOOSE = 1;
  static final int CAPTURE = 2;

  /** Two crashes within this time, in milliseconds, are not answered by loading the page again. */
  private static final long CRASH_LOOP = 10_000;

  Config config;
  Ask ask;
  private Consent consent;
  private FrameLayout root;
  private WebView web;
  private Chrome chrome;
  private Updater updater;
  private View notice;
  private View cover;
  private String wanted;
  private boolean failed;
  private boolean looked;
  private long crashedAt = -CRASH_LOOP;

  @Override
  protected void onCreate(Bundle saved) {
    super.onCreate(saved);
    config = Config.read(this);
    ask = new Ask(this);
    consent = new Consent(this);
    updater = new Updater(this);
    root = new FrameLayout(this);
    root.setBackgroundColor(config.brand());
    root.setOnApplyWindowInsetsListener(new View.OnApplyWindowInsetsListener() {
      @Override
      public WindowInsets onApplyWindowInsets(View v, WindowInsets insets) {
        return inset(insets);
      }
    });
    setContentView(root);
    bars();
    if (consent.needed(config)) {
      askConsent();
    } else {
      open(saved, Links.page(config, getIntent()));
    }
  }

  /** From Android 15 on the app is drawn behind the bars: nothing to be touched may lie there. */
  @SuppressWarnings("deprecation")
  private WindowInsets inset(WindowInsets insets) {
    if (Build.VERSION.SDK_INT >= 30) {
      Insets i = insets.getInsets(WindowInsets.Type.systemBars() | WindowInsets.Type.displayCutout() | WindowInsets.Type.ime());
      root.setPadding(i.left, i.top, i.right, i.bottom);
      return WindowInsets.CONSUMED;
    }
    root.setPadding(insets.getSystemWindowInsetLeft(), insets.getSystemWindowInsetTop(), insets.getSystemWindowInsetRight(), insets.getSystemWindowInsetBottom());
    return insets.consumeSystemWindowInsets();
  }

  /** The signs in the bars are dark where the body's colour is light. */
  @SuppressWarnings("deprecation")
  private void bars() {
    int flags = 0;
    if (Config.light(config.brand())) {
      flags |= Build.VERSION.SDK_INT >= 23 ? View.SYSTEM_UI_FLAG_LIGHT_STATUS_BAR : 0;
      flags |= Build.VERSION.SDK_INT >= 26 ? View.SYSTEM_UI_FLAG_LIGHT_NAVIGATION_BAR : 0;
    }
    root.setSystemUiVisibility(flags);
  }

  boolean chinese() {
    return config.chinese(Locale.getDefault());
  }

  // The privacy notice.

  private void askConsent() {
    boolean zh = chinese();
    show(new Notice(this, config, config.consentTitle(zh), config.consentText(zh))
        .button(Words.AGREE.in(zh), true, new View.OnClickListener() {
          @Override
          public void onClick(View v) {
            agree();
          }
        })
        .button(Words.POLICY.in(zh), false, policy())
        .button(Words.DISAGREE.in(zh), false, new View.OnClickListener() {
          @Override
          public void onClick(View v) {
            refused();
          }
        }));
  }

  private void agree() {
    if (consent.record(config, System.currentTimeMillis())) {
      open(null, Links.page(config, getIntent()));
    }
  }

  private void refused() {
    boolean zh = chinese();
    show(new Notice(this, config, Words.REFUSED_TITLE.in(zh), Words.REFUSED.in(zh))
        .button(Words.RECONSIDER.in(zh), true, new View.OnClickListener() {
          @Override
          public void onClick(View v) {
            askConsent();
          }
        })
        .button(Words.POLICY.in(zh), false, policy())
        .button(Words.LEAVE.in(zh), false, new View.OnClickListener() {
          @Override
          public void onClick(View v) {
            finish();
          }
        }));
  }

  /** The whole policy opens in the browser: this app loads no page before the consent. */
  private View.OnClickListener policy() {
    return new View.OnClickListener() {
      @Override
      public void onClick(View v) {
        outside(Uri.parse(config.policy));
      }
    };
  }

  private void withdraw() {
    consent.withdraw();
    CookieManager.getInstance().removeAllCookies(null);
    WebStorage.getInstance().deleteAllData();
    destroyWeb();
    askConsent();
  }

  // The pages.

  @SuppressLint({"SetJavaScriptEnabled", "AddJavascriptInterface"})
  private void create() {
    WebView.setWebContentsDebuggingEnabled(config.trial);
    web = new WebView(this);
    WebSettings s = web.getSettings();
    s.setJavaScriptEnabled(true);
    s.setDomStorageEnabled(true);
    s.setMediaPlaybackRequiresUserGesture(false);
    s.setAllowFileAccess(false);
    s.setAllowContentAccess(false);
    s.setMixedContentMode(WebSettings.MIXED_CONTENT_NEVER_ALLOW);
    s.setUserAgentString(s.getUserAgentString() + " GonghuiShell/1 consent/" + consent.version());
    chrome = new Chrome(this);
    Downloads downloads = new Downloads(this);
    web.setWebViewClient(new Page(this));
    web.setWebChromeClient(chrome);
    web.setDownloadListener(downloads);
    web.addJavascriptInterface(downloads, Downloads.BRIDGE);
    web.setBackgroundColor(config.ground(getResources().getConfiguration()));
    root.addView(web, 0, new FrameLayout.LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.MATCH_PARENT));
  }

  private void open(Bundle saved, Uri page) {
    hideNotice();
    create();
    if (saved == null || web.restoreState(saved) == null) {
      load((page == null ? config.start : page).toString());
    }
  }

  private void load(String url) {
    wanted = url;
    failed = false;
    web.loadUrl(url);
  }

  /** Tells whether that address is what the web view is about to show. */
  boolean loading(String url) {
    return url != null && url.equals(wanted);
  }

  /** Decides about a link of a page; true when the web view must not follow it. */
  boolean follow(Uri to) {
    Uri from = web.getUrl() == null ? null : Uri.parse(web.getUrl());
    switch (Links.way(config, from, to)) {
      case INSIDE:
        wanted = to.toString();
        return false;
      case OTHER_APP:
        outside(to);
        return true;
      case WITHDRAW:
        withdraw();
        return true;
      default:
        return true;
    }
  }

  private void outside(Uri to) {
    try {
      startActivity(Links.outside(to));
    } catch (ActivityNotFoundException e) {
      say(Words.NO_APP);
    }
  }

  /**
   * A page that stands takes the place of a notice; the first one lets the shell look for updates. After a failure the browser's own
   * error page stands: only what is loaded anew ends that.
   */
  void pageStands() {
    if (failed) {
      return;
    }
    hideNotice();
    if (!looked) {
      looked = true;
      updater.look();
    }
  }

  void offline(String url) {
    wanted = url;
    broken(Words.OFFLINE_TITLE, Words.OFFLINE);
  }

  void unsafe(SslError error) {
    Words why = Words.SSL_TRUST;
    if (error.hasError(SslError.SSL_EXPIRED) || error.hasError(SslError.SSL_NOTYETVALID) || error.hasError(SslError.SSL_DATE_INVALID)) {
      why = Words.SSL_DATE;
    } else if (error.hasError(SslError.SSL_IDMISMATCH)) {
      why = Words.SSL_HOST;
    }
    wanted = error.getUrl();
    broken(Words.SSL_TITLE, why);
  }

  private void broken(Words title, Words text) {
    failed = true;
    boolean zh = chinese();
    show(new Notice(this, config, title.in(zh), text.in(zh)).button(Words.RETRY.in(zh), true, new View.OnClickListener() {
      @Override
      public void onClick(View v) {
        retry();
      }
    }));
  }

  private void retry() {
    if (web == null) {
      create();
    }
    load(wanted == null ? config.start.toString() : wanted);
  }

  /** The process that draws pages has died: a fresh view loads the page again, unless that went wrong a moment ago. */
  void crashed() {
    String url = web.getUrl();
    destroyWeb();
    long now = SystemClock.elapsedRealtime();
    boolean again = now - crashedAt < CRASH_LOOP;
    crashedAt = now;
    wanted = url == null ? config.start.toString() : url;
    if (again) {
      broken(Words.CRASH_TITLE, Words.CRASH);
    } else {
      create();
      load(wanted);
    }
  }

  private void destroyWeb() {
    if (web != null) {
      chrome.leaveWholeScreen();
      root.removeView(web);
      web.destroy();
      web = null;
    }
  }

  void run(String script) {
    if (web != null) {
      web.evaluateJavascript(script, null);
    }
  }

  // What lies over the web view.

  private void show(Notice n) {
    hideNotice();
    notice = n.view;
    root.addView(notice, new FrameLayout.LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.MATCH_PARENT));
  }

  private void hideNotice() {
    if (notice != null) {
      root.removeView(notice);
      notice = null;
    }
  }

  /** Gives the screen to a video, or with null back to the page. */
  void cover(View view) {
    if (cover != null) {
      root.removeView(cover);
    }
    cover = view;
    if (view != null) {
      root.addView(view, new FrameLayout.LayoutParams(LayoutParams.MATCH_PARENT, LayoutParams.MATCH_PARENT));
    }
  }

  void say(Words words) {
    say(words, "");
  }

  /** Says something for a moment; may be called from any thread. */
  void say(final Words words, final String more) {
    runOnUiThread(new Runnable() {
      @Override
      public void run() {
        Toast.makeText(MainActivity.this, words.in(chinese()) + more, Toast.LENGTH_LONG).show();
      }
    });
  }

  // What the system tells.

  @Override
  protected void onNewIntent(Intent intent) {
    super.onNewIntent(intent);
    setIntent(intent);
    Uri page = Links.page(config, intent);
    if (page != null && web != null) {
      load(page.toString());
    }
  }

  @Override
  public void onBackPressed() {
    if (chrome != null && chrome.leaveWholeScreen()) {
      return;
    }
    if (web != null && notice == null && web.canGoBack()) {
      web.goBack();
      return;
    }
    finish();
  }

  @Override
  public void onRequestPermissionsResult(int request, String[] permissions, int[] results) {
    ask.answered(request);
  }

  @Override
  protected void onActivityResult(int request, int result, Intent data) {
    if (chrome != null && (request == CHOOSE || request == CAPTURE)) {
      chrome.result(request, result == RESULT_OK, data);
    }
  }

  @Override
  public void onConfigurationChanged(Configuration c) {
    super.onConfigurationChanged(c);
    if (Build.VERSION.SDK_INT >= 29) {
      // Pages learn of dark mode by the theme.
      getTheme().rebase();
    }
    if (web != null) {
      web.setBackgroundColor(config.ground(c));
    }
  }

  @Override
  protected void onSaveInstanceState(Bundle out) {
    super.onSaveInstanceState(out);
    if (web != null) {
      web.saveState(out);
    }
  }

  @Override
  protected void onResume() {
    super.onResume();
    if (web != null) {
      web.onResume();
    }
  }

  @Override
  protected void onPause() {
    if (web != null) {
      web.onPause();
    }
    super.onPause();
  }

  @Override
  protected void onDestroy() {
    updater.stop();
    destroyWeb();
    super.onDestroy();
  }
}
