package app.gonghui.shell;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;
import static org.robolectric.Shadows.shadowOf;

import android.app.DownloadManager;
import android.content.ContentResolver;
import android.content.Context;
import android.database.Cursor;
import android.net.Uri;
import android.provider.OpenableColumns;
import android.util.Base64;
import android.util.Pair;
import android.webkit.CookieManager;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowDownloadManager;
import org.robolectric.shadows.ShadowLooper;
import org.robolectric.shadows.ShadowToast;

@RunWith(RobolectricTestRunner.class)
@Config(qualifiers = "en")
public class FilesTest {
  private Shell s;
  private Downloads downloads;

  @Before
  public void start() {
    s = Shell.agreed();
    downloads = new Downloads(s.activity);
  }

  private ShadowDownloadManager manager() {
    return shadowOf((DownloadManager) s.activity.getSystemService(Context.DOWNLOAD_SERVICE));
  }

  @Test
  public void aFileOfTheBodyComesWithTheSession() {
    CookieManager.getInstance().setCookie("https://t1.example.cn/a.pdf", "session=1");
    downloads.onDownloadStart("https://t1.example.cn/a.pdf", "agent", null, "application/pdf", 5);
    assertEquals(1, manager().getRequestCount());
    DownloadManager.Request r = manager().getRequest(0);
    assertEquals(Uri.parse("https://t1.example.cn/a.pdf"), shadowOf(r).getUri());
    assertTrue(headers(r).contains("session=1"));
    assertTrue(headers(r).contains("agent"));
  }

  @Test
  public void aFileOfOthersComesWithout() {
    CookieManager.getInstance().setCookie("https://evil.example.com/a.pdf", "session=1");
    downloads.onDownloadStart("https://evil.example.com/a.pdf", "agent", null, "application/pdf", 5);
    assertFalse(headers(manager().getRequest(0)).contains("session=1"));
    downloads.onDownloadStart("file:///etc/hosts", "agent", null, "text/plain", 5);
    assertEquals(1, manager().getRequestCount());
  }

  private static String headers(DownloadManager.Request r) {
    StringBuilder all = new StringBuilder();
    for (Pair<String, String> h : shadowOf(r).getRequestHeaders()) {
      all.append(h.first).append(": ").append(h.second).append('\n');
    }
    return all.toString();
  }

  private String token() {
    Matcher m = Pattern.compile("const t=\"([0-9a-f-]{36})\"").matcher(s.shadow().getLastEvaluatedJavascript());
    assertTrue(m.find());
    return m.group(1);
  }

  @Test
  @Config(sdk = 21)
  public void aBlobIsSaved() throws Exception {
    downloads.onDownloadStart("blob:https://t1.example.cn/1-2", "agent", "attachment; filename=\"card.png\"", "image/png", 5);
    String t = token();
    assertTrue(s.shadow().getLastEvaluatedJavascript().contains("blob:https"));
    downloads.part("guess", Base64.encodeToString(new byte[] {9}, 0));
    downloads.part(t, Base64.encodeToString(new byte[] {1, 2, 3}, 0));
    downloads.part(t, Base64.encodeToString(new byte[] {4}, 0));
    downloads.end("guess", true);
    downloads.end(t, true);
    ShadowLooper.idleMainLooper();
    assertEquals("Saved: card.png", ShadowToast.getTextOfLatestToast());
    File f = new File(s.activity.getExternalFilesDir("Download"), "card.png");
    assertArrayEquals(new byte[] {1, 2, 3, 4}, java.nio.file.Files.readAllBytes(f.toPath()));
    f.delete();
    downloads.end(t, true);
    assertFalse("a token is good once", f.exists());
  }

  @Test
  @Config(sdk = 35)
  public void whatCannotBeSavedIsSaid() {
    downloads.onDownloadStart("blob:https://t1.example.cn/1-2", "agent", "", "image/png", 5);
    downloads.end(token(), false);
    ShadowLooper.idleMainLooper();
    assertEquals("The file could not be saved", ShadowToast.getTextOfLatestToast());
  }

  @Test
  @Config(sdk = 21)
  public void aDataAddressIsSaved() {
    downloads.onDownloadStart("data:text/plain;base64,aGk=", "agent", null, "text/plain", 2);
    ShadowLooper.idleMainLooper();
    assertEquals("Saved: file.txt", ShadowToast.getTextOfLatestToast());
    downloads.onDownloadStart("data:text/plain,hi", "agent", null, "text/plain", 2);
    ShadowLooper.idleMainLooper();
    assertEquals("The file could not be saved", ShadowToast.getTextOfLatestToast());
  }

  @Test
  public void theProviderKeepsToItsFolder() throws Exception {
    ContentResolver c = s.activity.getContentResolver();
    Uri to = Files.fresh(s.activity, "photo.jpg");
    assertNotEquals(to, Files.fresh(s.activity, "photo.jpg"));
    OutputStream out = c.openOutputStream(to);
    out.write(new byte[] {1, 2});
    out.close();
    InputStream in = c.openInputStream(to);
    assertEquals(1, in.read());
    in.close();
    Cursor row = c.query(to, null, null, null, null);
    assertTrue(row.moveToFirst());
    assertEquals(to.getLastPathSegment(), row.getString(row.getColumnIndex(OpenableColumns.DISPLAY_NAME)));
    assertEquals(2, row.getLong(row.getColumnIndex(OpenableColumns.SIZE)));
    assertEquals("image/jpeg", c.getType(to));
    assertEquals(Files.PACKAGE, c.getType(Files.address(s.activity, "update.apk")));

    for (String path : new String[] {"../shared_prefs/consent.xml", "..", ".", "%2e%2e%2fshared_prefs%2fconsent.xml", "a/b", ""}) {
      Uri bad = Uri.parse("content://cn.example.union.files/" + path);
      try {
        c.openInputStream(bad);
        fail(path);
      } catch (FileNotFoundException e) {
        assertEquals(0, c.query(bad, null, null, null, null).getCount());
      }
    }
    assertNull(s.opened());
  }
}
