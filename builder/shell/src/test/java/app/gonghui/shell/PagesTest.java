package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.content.Intent;
import android.graphics.Color;
import android.net.Uri;
import android.net.http.SslCertificate;
import android.net.http.SslError;
import android.view.View;
import android.webkit.SslErrorHandler;
import android.webkit.WebResourceRequest;
import android.webkit.WebSettings;
import android.webkit.WebView;
import java.time.Duration;
import java.util.Map;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowSystemClock;

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
    s.controller.stop().destroy();
    assertTrue(shadowOf(w).wasDestroyCalled());
  }
}
