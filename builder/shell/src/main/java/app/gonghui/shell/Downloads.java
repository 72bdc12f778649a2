package app.gonghui.shell;

import android.app.DownloadManager;
import android.content.ContentValues;
import android.content.Context;
import android.net.Uri;
import android.os.Build;
import android.os.Environment;
import android.provider.MediaStore;
import android.util.Base64;
import android.webkit.CookieManager;
import android.webkit.DownloadListener;
import android.webkit.JavascriptInterface;
import android.webkit.URLUtil;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.json.JSONObject;

/** Saves what a page offers: files of a server, and those that the page has made itself (blob:). */
final class Downloads implements DownloadListener {
  /** The name by which scripts find {@link #part}. */
  static final String BRIDGE = "gonghuiShell";

  /** The most that a page may make itself, in bytes. */
  static final int MOST = 64 << 20;

  private final MainActivity shell;
  private ByteArrayOutputStream parts;
  private String token;
  private String name;
  private String type;

  Downloads(MainActivity shell) {
    this.shell = shell;
  }

  @Override
  public void onDownloadStart(String url, String agent, String disposition, String mime, long length) {
    String file = URLUtil.guessFileName(url, disposition, mime);
    if (url.startsWith("blob:")) {
      fetch(url, mime, disposition == null || disposition.length() == 0 ? named(mime) : file);
    } else if (url.startsWith("data:")) {
      int comma = url.indexOf(',');
      boolean base64 = comma > 0 && url.substring(0, comma).endsWith(";base64");
      if (base64) {
        save(named(mime), mime, Base64.decode(url.substring(comma + 1), Base64.DEFAULT));
      } else {
        shell.say(Words.NOT_SAVED);
      }
    } else if (URLUtil.isNetworkUrl(url)) {
      enqueue(url, agent, mime, file);
    }
  }

  private static String named(String mime) {
    return URLUtil.guessFileName("https://localhost/file", null, mime);
  }

  private void enqueue(String url, String agent, String mime, String file) {
    DownloadManager.Request request = new DownloadManager.Request(Uri.parse(url));
    // The session goes with the body's own addresses only.
    String cookie = shell.config.own(Uri.parse(url)) ? CookieManager.getInstance().getCookie(url) : null;
    if (cookie != null) {
      request.addRequestHeader("Cookie", cookie);
    }
    request.addRequestHeader("User-Agent", agent);
    request.setMimeType(mime);
    request.setTitle(file);
    request.setNotificationVisibility(DownloadManager.Request.VISIBILITY_VISIBLE_NOTIFY_COMPLETED);
    if (Build.VERSION.SDK_INT >= 29) {
      request.setDestinationInExternalPublicDir(Environment.DIRECTORY_DOWNLOADS, file);
    } else {
      // The common folder would need a right of its own there.
      request.setDestinationInExternalFilesDir(shell, Environment.DIRECTORY_DOWNLOADS, file);
    }
    ((DownloadManager) shell.getSystemService(Context.DOWNLOAD_SERVICE)).enqueue(request);
    shell.say(Words.DOWNLOADING);
  }

  /** Has the page read its blob and hand it over in parts, under a token that only this script knows. */
  private void fetch(String url, String mime, String file) {
    synchronized (this) {
      token = UUID.randomUUID().toString();
      parts = new ByteArrayOutputStream();
      type = mime;
      name = file;
    }
    shell.run("(async()=>{const t=" + JSONObject.quote(token) + ",s=window." + BRIDGE
        + ";try{const b=await(await fetch(" + JSONObject.quote(url) + ")).blob();"
        + "for(let i=0;i<b.size;i+=393216){const r=new FileReader();"
        + "await new Promise((y,n)=>{r.onload=y;r.onerror=n;r.readAsDataURL(b.slice(i,i+393216))});"
        + "s.part(t,r.result.slice(r.result.indexOf(',')+1))}s.end(t,true)}catch(e){s.end(t,false)}})()");
  }

  @JavascriptInterface
  public synchronized void part(String t, String base64) {
    if (token == null || !token.equals(t) || parts == null) {
      return;
    }
    byte[] b = Base64.decode(base64, Base64.DEFAULT);
    if (parts.size() + b.length > MOST) {
      parts = null;
      return;
    }
    parts.write(b, 0, b.length);
  }

  @JavascriptInterface
  public synchronized void end(String t, boolean whole) {
    if (token == null || !token.equals(t)) {
      return;
    }
    token = null;
    if (whole && parts != null) {
      save(name, type, parts.toByteArray());
    } else {
      shell.say(Words.NOT_SAVED);
    }
    parts = null;
  }

  private void save(String file, String mime, byte[] content) {
    try {
      OutputStream out = open(file, mime);
      try {
        out.write(content);
      } finally {
        out.close();
      }
      shell.say(Words.SAVED, file);
    } catch (IOException e) {
      shell.say(Words.NOT_SAVED);
    }
  }

  private OutputStream open(String file, String mime) throws IOException {
    if (Build.VERSION.SDK_INT < 29) {
      return new FileOutputStream(new File(shell.getExternalFilesDir(Environment.DIRECTORY_DOWNLOADS), file));
    }
    ContentValues values = new ContentValues();
    values.put(MediaStore.MediaColumns.DISPLAY_NAME, file);
    values.put(MediaStore.MediaColumns.MIME_TYPE, mime);
    Uri to = shell.getContentResolver().insert(MediaStore.Downloads.EXTERNAL_CONTENT_URI, values);
    OutputStream out = to == null ? null : shell.getContentResolver().openOutputStream(to);
    if (out == null) {
      throw new IOException("no place for " + file);
    }
    return out;
  }
}
