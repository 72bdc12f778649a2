package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.content.Intent;
import android.content.res.Configuration;
import android.content.res.Resources;
import android.graphics.Color;
import android.graphics.Insets;
import android.graphics.drawable.ColorDrawable;
import android.net.Uri;
import android.net.http.SslCertificate;
import android.net.http.SslError;
import android.os.Bundle;
import android.view.View;
import android.view.ViewGroup;
import android.view.WindowInsets;
import android.webkit.SslErrorHandler;
import android.webkit.WebResourceRequest;
import android.webkit.WebSettings;
import android.webkit.WebView;
import java.time.Duration;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowSystemClock;
import org.robolectric.shadows.ShadowWebView;
import org.robolectric.util.ReflectionHelpers;

@RunWith(RobolectricTestRunner.class)
@Config(qualifiers = "en")
public class PagesTest {
  private static final String START = "https://t1.example.cn/?from=app";
  private Shell s;
  private Page page;

  @Before
  public void start() {
    s = Shell.agreed();
    page = new Page(s.activity);
  }

  @After
  public void end() throws Exception {
    Shell.quiet();
  }

  static WebResourceRequest request(final String url, final boolean main) {
    return new WebResourceRequest() {
      @Override
      public Uri getUrl() {
        return Uri.parse(url);
      }

      @Override
      public boolean isForMainFrame() {
        return main;
      }

      @Override
      public boolean isRedirect() {
        return false;
      }

      @Override
      public boolean hasGesture() {
        return true;
      }

      @Override
      public String getMethod() {
        return "GET";
      }

      @Override
      public Map<String, String> getRequestHeaders() {
        return null;
      }
    };
  }

  @Test
  public void theViewIsClosedToFilesAndMixedContent() {
    WebSettings w = s.web().getSettings();
    assertTrue(w.getJavaScriptEnabled());
    assertTrue(w.getDomStorageEnabled());
    assertFalse(w.getAllowFileAccess());
    assertFalse(w.getAllowContentAccess());
    assertFalse(w.getMediaPlaybackRequiresUserGesture());
    assertEquals(WebSettings.MIXED_CONTENT_NEVER_ALLOW, w.getMixedContentMode());
  }

  @Test
  public void ownPagesStayAndOthersLeave() {
    assertFalse(page.shouldOverrideUrlLoading(s.web(), request("https://t1.example.cn/card", true)));
    assertFalse(page.shouldOverrideUrlLoading(s.web(), request("https://App.example.cn:443/card", true)));
    assertNull(s.opened());
    for (String other : new String[] {"https://evil.example.com/", "http://t1.example.cn/", "https://t1.example.cn:8443/", "https://app.example.cn:8443/", "tel:12345", "weixin://pay"}) {
      assertTrue(other, page.shouldOverrideUrlLoading(s.web(), request(other, true)));
      Intent out = s.opened();
      assertEquals(Uri.parse(other), out.getData());
      assertTrue(out.hasCategory(Intent.CATEGORY_BROWSABLE));
      assertNull(out.getComponent());
    }
    for (String never : new String[] {"file:///etc/hosts", "content://a/b", "javascript:alert(1)", "data:text/html,x", "intent://x#Intent;end", "/relative"}) {
      assertTrue(never, page.shouldOverrideUrlLoading(s.web(), request(never, true)));
      assertNull(never, s.opened());
    }
    assertFalse("a frame leads nowhere but itself", page.shouldOverrideUrlLoading(s.web(), request("https://evil.example.com/", false)));
    assertTrue(page.shouldOverrideUrlLoading(s.web(), "https://evil.example.com/2"));
    assertNotNull(s.opened());
  }

  @Test
  public void aForeignPageCannotTakeTheConsentBack() {
    s.web().loadUrl("https://evil.example.com/");
    assertTrue(s.activity.follow(Uri.parse(Links.WITHDRAW)));
    assertEquals("2026-11", new Consent(Shell.context()).version());
    assertNotNull(s.web());
  }

  @Test
  public void aLinkOpensItsPage() {
    s.controller.newIntent(new Intent(Intent.ACTION_VIEW, Uri.parse("zjunion://open/vote?id=1#b")));
    assertEquals("https://t1.example.cn/vote?id=1#b", s.loaded());
    s.controller.newIntent(new Intent(Intent.ACTION_VIEW, Uri.parse("https://evil.example.com/x")));
    assertEquals("https://t1.example.cn/vote?id=1#b", s.loaded());
  }

  @Test
  @SuppressWarnings("deprecation")
  public void withoutNetworkAPageSaysSoAndTriesAgain() {
    if (android.os.Build.VERSION.SDK_INT >= 23) {
      page.onReceivedError(s.web(), request("https://t1.example.cn/picture.png", false), null);
      assertFalse(s.sees("No connection"));
      page.onReceivedError(s.web(), request("https://t1.example.cn/card", true), null);
      page.onReceivedError(s.web(), -2, "name not resolved", "https://t1.example.cn/other");
    } else {
      page.onReceivedError(s.web(), -2, "name not resolved", "https://t1.example.cn/card");
    }
    assertTrue(s.sees("No connection"));
    page.onPageFinished(s.web(), "https://t1.example.cn/card");
    assertTrue("the browser's own error page is not ours", s.sees("No connection"));
    s.press("Try again");
    assertEquals("https://t1.example.cn/card", s.loaded());
    page.onPageFinished(s.web(), "https://t1.example.cn/card");
    assertFalse(s.sees("No connection"));
  }

  @Test
  @Config(sdk = 35)
  @SuppressWarnings("deprecation")
  public void theOldWordOfAFailureCountsBeforeAndroid6() {
    for (final int level : new int[] {23, 22}) {
      Shell.on(level, new Runnable() {
        @Override
        public void run() {
          page.onReceivedError(s.web(), -2, "name not resolved", "https://t1.example.cn/card");
        }
      });
      assertEquals("level " + level, level < 23, s.sees("No connection"));
    }
  }

  @Test
  public void theStandingPagesBadCertificateIsSaid() {
    s.web().loadUrl("https://t1.example.cn/a");
    SslErrorHandler handler = Shadow.newInstanceOf(SslErrorHandler.class);
    page.onReceivedSslError(s.web(), handler, new SslError(SslError.SSL_UNTRUSTED, (SslCertificate) null, "https://t1.example.cn/a"));
    assertTrue(shadowOf(handler).wasCancelCalled());
    assertTrue(s.sees("The connection was not safe and was stopped"));
  }

  @Test
  public void aBadCertificateIsNeverPassed() {
    String[][] rows = {
      {"" + SslError.SSL_UNTRUSTED, Words.SSL_TRUST.in(false)},
      {"" + SslError.SSL_EXPIRED, Words.SSL_DATE.in(false)},
      {"" + SslError.SSL_NOTYETVALID, Words.SSL_DATE.in(false)},
      {"" + SslError.SSL_DATE_INVALID, Words.SSL_DATE.in(false)},
      {"" + SslError.SSL_IDMISMATCH, Words.SSL_HOST.in(false)},
      {"" + SslError.SSL_INVALID, Words.SSL_TRUST.in(false)},
    };
    for (String[] row : rows) {
      SslErrorHandler handler = Shadow.newInstanceOf(SslErrorHandler.class);
      SslError error = new SslError(Integer.parseInt(row[0]), (SslCertificate) null, START);
      page.onReceivedSslError(s.web(), handler, error);
      assertTrue(shadowOf(handler).wasCancelCalled());
      assertFalse(shadowOf(handler).wasProceedCalled());
      assertTrue(row[1], s.sees(row[1]));
    }
    s.press("Try again");
    assertEquals(START, s.loaded());
  }

  @Test
  public void aPicturesBadCertificateLeavesThePage() {
    SslErrorHandler handler = Shadow.newInstanceOf(SslErrorHandler.class);
    page.onReceivedSslError(s.web(), handler, new SslError(SslError.SSL_UNTRUSTED, (SslCertificate) null, "https://cdn.example.com/a.png"));
    assertTrue(shadowOf(handler).wasCancelCalled());
    assertFalse(s.sees(Words.SSL_TITLE.in(false)));
  }

  @Test
  public void aCrashLoadsThePageOnceAndThenAsks() {
    WebView first = s.web();
    first.loadUrl("https://t1.example.cn/meet");
    assertTrue(page.onRenderProcessGone(first, null));
    assertNotSame(first, s.web());
    assertTrue(shadowOf(first).wasDestroyCalled());
    assertEquals("https://t1.example.cn/meet", s.loaded());

    page.onRenderProcessGone(s.web(), null);
    assertNull(s.web());
    assertTrue(s.sees("The page closed unexpectedly"));
    s.press("Try again");
    assertEquals("https://t1.example.cn/meet", s.loaded());

    ShadowSystemClock.advanceBy(Duration.ofSeconds(11));
    page.onRenderProcessGone(s.web(), null);
    assertEquals("https://t1.example.cn/meet", s.loaded());
  }

  @Test
  @SuppressWarnings("deprecation")
  public void backGoesThroughThePagesThenLeaves() {
    shadowOf(s.web()).setCanGoBack(true);
    s.activity.onBackPressed();
    assertEquals(1, s.shadow().getGoBackInvocations());
    assertFalse(s.activity.isFinishing());
    shadowOf(s.web()).setCanGoBack(false);
    s.activity.onBackPressed();
    assertTrue(s.activity.isFinishing());
  }

  @Test
  @SuppressWarnings("deprecation")
  public void backLeavesTheWholeScreenFirst() {
    View video = new View(s.activity);
    final int[] hidden = {0};
    s.shadow().getWebChromeClient().onShowCustomView(video, new android.webkit.WebChromeClient.CustomViewCallback() {
      @Override
      public void onCustomViewHidden() {
        hidden[0]++;
      }
    });
    assertEquals(s.root(), video.getParent());
    s.activity.onBackPressed();
    assertNull(video.getParent());
    assertEquals(1, hidden[0]);
    assertFalse(s.activity.isFinishing());
  }

  private static WindowInsets insets(int type, Insets of) {
    return new WindowInsets.Builder().setInsets(type, of).build();
  }

  private void padded(int left, int top, int right, int bottom) {
    View r = s.root();
    assertEquals(Insets.of(left, top, right, bottom), Insets.of(r.getPaddingLeft(), r.getPaddingTop(), r.getPaddingRight(), r.getPaddingBottom()));
  }

  @Test
  @Config(sdk = 35)
  public void eachEdgeIsKeptFreeOnEveryAndroid() {
    final Insets edges = Insets.of(1, 2, 3, 4);
    for (int type : new int[] {WindowInsets.Type.statusBars(), WindowInsets.Type.navigationBars(), WindowInsets.Type.displayCutout(), WindowInsets.Type.ime()}) {
      s.root().dispatchApplyWindowInsets(insets(type, Insets.NONE));
      padded(0, 0, 0, 0);
      assertTrue(s.root().dispatchApplyWindowInsets(insets(type, edges)).isConsumed());
      padded(1, 2, 3, 4);
    }
    s.root().dispatchApplyWindowInsets(insets(WindowInsets.Type.tappableElement(), edges));
    padded(0, 0, 0, 0);
    Shell.on(30, new Runnable() {
      @Override
      public void run() {
        s.root().dispatchApplyWindowInsets(insets(WindowInsets.Type.ime(), edges));
      }
    });
    padded(1, 2, 3, 4);
    Shell.on(29, new Runnable() {
      @Override
      @SuppressWarnings("deprecation")
      public void run() {
        // What was there before Android 11 tells of the bars alone.
        s.root().dispatchApplyWindowInsets(insets(WindowInsets.Type.displayCutout(), edges));
        padded(0, 0, 0, 0);
        assertTrue(s.root().dispatchApplyWindowInsets(insets(WindowInsets.Type.systemBars(), edges)).getSystemWindowInsets().equals(Insets.NONE));
        padded(1, 2, 3, 4);
      }
    });
  }

  @Test
  @Config(sdk = 21)
  @SuppressWarnings("deprecation")
  public void theEdgesAreKeptFreeOnTheOldestAndroid() {
    WindowInsets all = ReflectionHelpers.callConstructor(WindowInsets.class, ReflectionHelpers.ClassParameter.from(android.graphics.Rect.class, new android.graphics.Rect(1, 2, 3, 4)));
    assertTrue(s.root().dispatchApplyWindowInsets(all).isConsumed());
    assertEquals(1, s.root().getPaddingLeft());
    assertEquals(2, s.root().getPaddingTop());
    assertEquals(3, s.root().getPaddingRight());
    assertEquals(4, s.root().getPaddingBottom());
  }

  @Test
  @Config(sdk = 35)
  @SuppressWarnings("deprecation")
  public void signsInTheBarsAreDarkOnLightColours() throws Exception {
    assertEquals(0, s.root().getSystemUiVisibility());
    assertEquals(0xFFC8161D, ((ColorDrawable) s.root().getBackground()).getColor());
    s.activity.config = new app.gonghui.shell.Config(ConfigTest.least().put("brand", "#FFD700").toString());
    int status = View.SYSTEM_UI_FLAG_LIGHT_STATUS_BAR;
    int both = status | View.SYSTEM_UI_FLAG_LIGHT_NAVIGATION_BAR;
    for (final int[] row : new int[][] {{22, 0}, {23, status}, {25, status}, {26, both}, {35, both}}) {
      Shell.on(row[0], new Runnable() {
        @Override
        public void run() {
          ReflectionHelpers.callInstanceMethod(s.activity, "bars");
        }
      });
      assertEquals("level " + row[0], row[1], s.root().getSystemUiVisibility());
    }
  }

  @Test
  public void theViewFillsTheScreenBelowAllElse() {
    assertEquals(s.web(), s.root().getChildAt(0));
    fills(s.web());
    assertEquals(0xFFFFFFFF, s.shadow().getBackgroundColor());
    assertTrue(s.shadow().getDownloadListener() instanceof Downloads);
    assertEquals(s.shadow().getDownloadListener(), s.shadow().getJavascriptInterface("gonghuiShell"));
    assertTrue(s.shadow().getWebViewClient() instanceof Page);
    assertTrue(s.shadow().wasOnResumeCalled());
    s.activity.offline("https://t1.example.cn/");
    fills(s.root().getChildAt(1));
    View video = new View(s.activity);
    s.activity.cover(video);
    fills(video);
    View other = new View(s.activity);
    s.activity.cover(other);
    assertNull("one at a time", video.getParent());
    assertEquals(s.root(), other.getParent());
    s.activity.cover(null);
    assertNull(other.getParent());
    s.activity.cover(null);
  }

  private static void fills(View v) {
    assertEquals(ViewGroup.LayoutParams.MATCH_PARENT, v.getLayoutParams().width);
    assertEquals(ViewGroup.LayoutParams.MATCH_PARENT, v.getLayoutParams().height);
  }

  @Test
  public void darkModeReachesTheView() {
    Configuration night = new Configuration(s.activity.getResources().getConfiguration());
    night.uiMode = Configuration.UI_MODE_NIGHT_YES;
    ReflectionHelpers.setField(Activity.class, s.activity, "mCalled", false);
    s.activity.onConfigurationChanged(night);
    assertEquals(0xFF141414, s.shadow().getBackgroundColor());
    assertEquals("Android is told", true, ReflectionHelpers.getField(s.activity, "mCalled"));
  }

  /** Notes what the test system does not. */
  @Implements(Resources.Theme.class)
  public static final class Theme {
    static int rebased;

    @Implementation
    protected void rebase() {
      rebased++;
    }
  }

  @Test
  @Config(sdk = 35, shadows = Theme.class)
  public void pagesLearnOfDarkModeFromAndroid10On() {
    for (final int level : new int[] {28, 29}) {
      Shell.on(level, new Runnable() {
        @Override
        public void run() {
          Theme.rebased = 0;
          s.activity.onConfigurationChanged(s.activity.getResources().getConfiguration());
        }
      });
      assertEquals("level " + level, level < 29 ? 0 : 1, Theme.rebased);
    }
  }

  @Test
  public void whatComesBeforeTheConsentFindsNoView() {
    new Consent(Shell.context()).withdraw();
    Shell none = Shell.start();
    none.activity.onConfigurationChanged(new Configuration());
    none.activity.onActivityResult(MainActivity.CHOOSE, -1, null);
    none.activity.run("x");
    none.controller.pause().resume().saveInstanceState(new Bundle()).pause().stop().destroy();
    assertNull(none.loaded());
  }

  @Test
  @SuppressWarnings("deprecation")
  public void beforeTheConsentBackLeaves() {
    new Consent(Shell.context()).withdraw();
    Shell none = Shell.start();
    none.activity.onBackPressed();
    assertTrue(none.activity.isFinishing());
  }

  @Test
  public void thePageIsThereAgainAfterTheSystemTookTheApp() {
    s.web().loadUrl("https://t1.example.cn/card");
    s.shadow().pushEntryToHistory("https://t1.example.cn/card");
    Bundle kept = new Bundle();
    s.controller.saveInstanceState(kept);
    assertTrue("with what Android keeps", kept.containsKey("android:viewHierarchyState"));
    ActivityController<MainActivity> later = Robolectric.buildActivity(MainActivity.class, new Intent(Intent.ACTION_MAIN)).setup(kept);
    WebView again = (WebView) ((ViewGroup) ((ViewGroup) later.get().findViewById(android.R.id.content)).getChildAt(0)).getChildAt(0);
    assertEquals("https://t1.example.cn/card", again.getUrl());
    ActivityController<MainActivity> empty = Robolectric.buildActivity(MainActivity.class, new Intent(Intent.ACTION_MAIN)).setup(new Bundle());
    again = (WebView) ((ViewGroup) ((ViewGroup) empty.get().findViewById(android.R.id.content)).getChildAt(0)).getChildAt(0);
    assertEquals(START, shadowOf(again).getLastLoadedUrl());
  }

  @Test
  public void scriptsRunInTheView() {
    s.activity.run("a script");
    assertEquals("a script", s.shadow().getLastEvaluatedJavascript());
  }

  @Test
  @SuppressWarnings("deprecation")
  public void backFromANoticeLeaves() {
    shadowOf(s.web()).setCanGoBack(true);
    s.activity.offline("https://t1.example.cn/");
    s.activity.onBackPressed();
    assertEquals(0, s.shadow().getGoBackInvocations());
    assertTrue(s.activity.isFinishing());
  }

  @Test
  public void aLinkThatNoAppTakesIsSaid() {
    shadowOf(Shell.app()).checkActivities(true);
    assertTrue(s.activity.follow(Uri.parse("weixin://pay")));
    assertEquals("No app on this phone can open this", Shell.said());
    s.activity.say(Words.SAVED, "x");
    Shell.context();
    org.robolectric.shadows.ShadowLooper.idleMainLooper();
    assertEquals(android.widget.Toast.LENGTH_LONG, org.robolectric.shadows.ShadowToast.getLatestToast().getDuration());
    assertEquals("Saved: x", Shell.said());
  }

  @Test
  public void theWantedPagesBadCertificateIsSaid() {
    s.web().loadUrl("https://t1.example.cn/a");
    page.shouldOverrideUrlLoading(s.web(), request("https://app.example.cn/b", true));
    SslErrorHandler handler = Shadow.newInstanceOf(SslErrorHandler.class);
    page.onReceivedSslError(s.web(), handler, new SslError(SslError.SSL_UNTRUSTED, (SslCertificate) null, "https://app.example.cn/b"));
    assertTrue(s.sees("The connection was not safe and was stopped"));
    assertTrue(shadowOf(handler).wasCancelCalled());
    assertFalse(s.activity.loading(null));
    assertFalse(s.activity.loading("https://t1.example.cn/a"));
    assertTrue(s.activity.loading("https://app.example.cn/b"));
    page.onPageFinished(s.web(), "https://app.example.cn/b");
    assertTrue(s.sees("The connection was not safe and was stopped"));
    s.press("Try again");
    assertEquals("https://app.example.cn/b", s.loaded());
  }

  @Test
  public void beforeAnyPageStandsEveryBadCertificateIsThePages() {
    WebView fresh = new WebView(s.activity);
    SslErrorHandler handler = Shadow.newInstanceOf(SslErrorHandler.class);
    page.onReceivedSslError(fresh, handler, new SslError(SslError.SSL_UNTRUSTED, (SslCertificate) null, "https://app.example.cn/b"));
    assertTrue(s.sees("The connection was not safe and was stopped"));
  }

  @Test
  public void tenSecondsPartACrashFromTheNext() {
    page.onRenderProcessGone(s.web(), null);
    ShadowSystemClock.advanceBy(Duration.ofMillis(10_000));
    page.onRenderProcessGone(s.web(), null);
    assertNotNull(s.web());
    ShadowSystemClock.advanceBy(Duration.ofMillis(9_999));
    page.onRenderProcessGone(s.web(), null);
    assertNull(s.web());
  }

  @Test
  public void aCrashBeforeAnyPageLoadsTheStart() {
    s.activity.offline(null);
    s.press("Try again");
    assertEquals(START, s.loaded());
    ReflectionHelpers.setField(s.activity, "web", new WebView(s.activity));
    page.onRenderProcessGone(s.web(), null);
    assertEquals(START, s.loaded());
  }

  @Test
  public void aCrashEndsTheWholeScreen() {
    View video = new View(s.activity);
    final int[] hidden = {0};
    s.shadow().getWebChromeClient().onShowCustomView(video, new android.webkit.WebChromeClient.CustomViewCallback() {
      @Override
      public void onCustomViewHidden() {
        hidden[0]++;
      }
    });
    page.onRenderProcessGone(s.web(), null);
    assertNull(video.getParent());
    assertEquals(1, hidden[0]);
    assertEquals("the dead view is gone", 1, s.root().getChildCount());
  }

  @Test
  public void thePageItselfLeavesTheWholeScreen() {
    View video = new View(s.activity);
    final int[] hidden = {0};
    s.shadow().getWebChromeClient().onShowCustomView(video, new android.webkit.WebChromeClient.CustomViewCallback() {
      @Override
      public void onCustomViewHidden() {
        hidden[0]++;
      }
    });
    s.shadow().getWebChromeClient().onHideCustomView();
    assertNull(video.getParent());
    s.activity.onBackPressed();
    assertEquals("it is not told what it has done", 0, hidden[0]);
    assertTrue(s.activity.isFinishing());
  }

  /** Notes what the test system does not. */
  @Implements(WebView.class)
  public static final class Debugging extends ShadowWebView {
    static Boolean enabled;

    @Implementation
    public static void setWebContentsDebuggingEnabled(boolean on) {
      enabled = on;
    }
  }

  @Test
  @Config(shadows = Debugging.class)
  public void onlyTrialPackagesAreOpenToDebuggers() throws Exception {
    Debugging.enabled = null;
    page.onRenderProcessGone(s.web(), null);
    assertEquals(false, Debugging.enabled);
    s.activity.config = new app.gonghui.shell.Config(ConfigTest.least().put("trial", true).toString());
    ShadowSystemClock.advanceBy(Duration.ofSeconds(11));
    page.onRenderProcessGone(s.web(), null);
    assertEquals(true, Debugging.enabled);
  }

  @Test
  public void theEdgesAreKeptFree() {
    if (android.os.Build.VERSION.SDK_INT < 30) {
      return;
    }
    android.view.WindowInsets insets = new android.view.WindowInsets.Builder()
        .setInsets(android.view.WindowInsets.Type.systemBars(), android.graphics.Insets.of(1, 20, 3, 40))
        .setInsets(android.view.WindowInsets.Type.ime(), android.graphics.Insets.of(0, 0, 0, 300))
        .build();
    s.root().dispatchApplyWindowInsets(insets);
    assertEquals(1, s.root().getPaddingLeft());
    assertEquals(20, s.root().getPaddingTop());
    assertEquals(3, s.root().getPaddingRight());
    assertEquals(300, s.root().getPaddingBottom());
  }

  @Test
  public void lightColoursGetDarkSigns() {
    assertFalse(app.gonghui.shell.Config.light(Color.parseColor("#C8161D")));
    assertFalse(app.gonghui.shell.Config.light(Color.BLACK));
    assertTrue(app.gonghui.shell.Config.light(Color.WHITE));
    assertTrue(app.gonghui.shell.Config.light(Color.parseColor("#FFD700")));
  }

  @Test
  public void theEndDestroysTheView() {
    WebView w = s.web();
    s.controller.pause();
    assertTrue(shadowOf(w).wasOnPauseCalled());
    s.controller.stop();
    ReflectionHelpers.setField(Activity.class, s.activity, "mCalled", false);
    s.controller.destroy();
    assertTrue(shadowOf(w).wasDestroyCalled());
    assertEquals("Android is told", true, ReflectionHelpers.getField(s.activity, "mCalled"));
  }
}
