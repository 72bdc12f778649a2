package app.gonghui.shell;

import android.net.Uri;
import android.net.http.SslError;
import android.webkit.RenderProcessGoneDetail;
import android.webkit.SslErrorHandler;
import android.webkit.WebResourceError;
import android.webkit.WebResourceRequest;
import android.webkit.WebView;
import android.webkit.WebViewClient;

/** Decides where pages may lead and what shows when one cannot. */
final class Page extends WebViewClient {
  private final MainActivity shell;

  Page(MainActivity shell) {
    this.shell = shell;
  }

  @Override
  public boolean shouldOverrideUrlLoading(WebView view, WebResourceRequest request) {
    return request.isForMainFrame() && shell.follow(request.getUrl());
  }

  @Override
  @SuppressWarnings("deprecation") // before Android 7 this is the one that is called
  public boolean shouldOverrideUrlLoading(WebView view, String url) {
    return shell.follow(Uri.parse(url));
  }

  @Override
  public void onPageFinished(WebView view, String url) {
    shell.pageStands();
  }

  @Override
  public void onReceivedError(WebView view, WebResourceRequest request, WebResourceError error) {
    if (request.isForMainFrame()) {
      shell.offline(request.getUrl().toString());
    }
  }

  @Override
  @SuppressWarnings("deprecation") // before Android 6 this is the one that is called, for the main frame alone
  public void onReceivedError(WebView view, int code, String description, String url) {
    if (android.os.Build.VERSION.SDK_INT < 23) {
      shell.offline(url);
    }
  }

  @Override
  public void onReceivedSslError(WebView view, SslErrorHandler handler, SslError error) {
    // Never proceed: neither page nor picture comes over a connection that someone else may have made.
    handler.cancel();
    String page = view.getUrl();
    if (page == null || page.equals(error.getUrl()) || shell.loading(error.getUrl())) {
      shell.unsafe(error);
    }
  }

  @Override
  public boolean onRenderProcessGone(WebView view, RenderProcessGoneDetail detail) {
    shell.crashed();
    return true;
  }
}
