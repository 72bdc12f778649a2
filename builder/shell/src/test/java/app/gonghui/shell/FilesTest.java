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
import android.content.ContentProvider;
import android.content.ContentResolver;
import android.content.ContentValues;
import android.content.Context;
import android.content.pm.ProviderInfo;
import android.database.Cursor;
import android.net.Uri;
import android.provider.OpenableColumns;
import android.util.Base64;
import android.util.Pair;
import android.webkit.CookieManager;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowContentResolver;
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
    assertEquals("Cookie: session=1\nUser-Agent: agent\n", headers(r));
  }

  @Test
  public void aFileOfOthersComesWithout() {
    CookieManager.getInstance().setCookie("https://evil.example.com/a.pdf", "session=1");
    downloads.onDownloadStart("https://evil.example.com/a.pdf", "agent", null, "application/pdf", 5);
    assertEquals("User-Agent: agent\n", headers(manager().getRequest(0)));
    downloads.onDownloadStart("file:///etc/hosts", "agent", null, "text/plain", 5);
    assertEquals(1, manager().getRequestCount());
  }

  @Test
  @Config(sdk = 35)
  public void aDownloadIsShownAndGoesWhereThePersonFindsIt() {
    downloads.onDownloadStart("https://t1.example.cn/x", "agent", "attachment; filename=\"list.pdf\"", "application/pdf", 5);
    assertEquals("Download started", Shell.said());
    ShadowDownloadManager.ShadowRequest common = shadowOf(manager().getRequest(0));
    assertEquals("list.pdf", common.getTitle());
    assertEquals("application/pdf", common.getMimeType());
    assertEquals(DownloadManager.Request.VISIBILITY_VISIBLE_NOTIFY_COMPLETED, common.getNotificationVisibility());
    assertTrue(common.getDestination().getPath().endsWith("/Download/list.pdf"));
    assertFalse(common.getDestination().getPath().contains("cn.example.union"));
    assertEquals(1, common.getRequestHeaders().size()); // no cookie is there to be sent
    Shell.on(29, new Runnable() {
      @Override
      public void run() {
        downloads.onDownloadStart("https://t1.example.cn/x", "agent", null, "application/pdf", 5);
      }
    });
    assertFalse(shadowOf(manager().getRequest(1)).getDestination().getPath().contains("cn.example.union"));
    Shell.on(28, new Runnable() {
      @Override
      public void run() {
        downloads.onDownloadStart("https://t1.example.cn/y.pdf", "agent", null, "application/pdf", 5);
      }
    });
    assertTrue(shadowOf(manager().getRequest(2)).getDestination().getPath().matches(".*cn.example.union.*/Download/y.pdf"));
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
    assertEquals("(async()=>{const t=\"" + t + "\",s=window.gonghuiShell;try{const b=await(await fetch(\"blob:https:\\/\\/t1.example.cn\\/1-2\")).blob();"
        + "for(let i=0;i<b.size;i+=393216){const r=new FileReader();await new Promise((y,n)=>{r.onload=y;r.onerror=n;r.readAsDataURL(b.slice(i,i+393216))});"
        + "s.part(t,r.result.slice(r.result.indexOf(',')+1))}s.end(t,true)}catch(e){s.end(t,false)}})()", s.shadow().getLastEvaluatedJavascript());
    downloads.end("guess", true);
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
    ShadowToast.reset();
    downloads.part(t, Base64.encodeToString(new byte[] {1}, 0));
    downloads.end(null, true);
    assertNull(Shell.said());
    new Downloads(s.activity).part(t, "AA==");
    new Downloads(s.activity).end(t, true);
    assertNull("nothing is awaited", Shell.said());
  }

  @Test
  @Config(sdk = 21)
  public void aBlobIsNamedByItsKindUnlessThePageNamesIt() {
    for (String[] row : new String[][] {{null, "file.txt"}, {"", "file.txt"}, {"attachment; filename=\"a.txt\"", "a.txt"}}) {
      downloads.onDownloadStart("blob:https://t1.example.cn/1-2", "agent", row[0], "text/plain", 5);
      downloads.end(token(), true);
      assertEquals("Saved: " + row[1], Shell.said());
      assertTrue(new File(s.activity.getExternalFilesDir("Download"), row[1]).delete());
    }
  }

  @Test
  @Config(sdk = 21)
  public void aBlobMayBeSoLargeAndNoLarger() {
    String part = Base64.encodeToString(new byte[16 << 20], Base64.NO_WRAP);
    for (int more = 0; more < 2; more++) {
      downloads.onDownloadStart("blob:https://t1.example.cn/1-2", "agent", null, "text/plain", 5);
      String t = token();
      for (int i = 0; i < 4; i++) {
        downloads.part(t, part);
      }
      if (more > 0) {
        downloads.part(t, "AA==");
        downloads.part(t, "AA==");
      }
      downloads.end(t, true);
      assertEquals(more > 0 ? "The file could not be saved" : "Saved: file.txt", Shell.said());
    }
    File f = new File(s.activity.getExternalFilesDir("Download"), "file.txt");
    assertEquals(64 << 20, f.length());
    assertTrue(f.delete());
  }

  /** A store that has just crashed. */
  @Implements(ContentResolver.class)
  public static final class Crashed extends ShadowContentResolver {
    @Override
    @Implementation
    protected OutputStream openOutputStream(Uri uri) {
      return null;
    }
  }

  @Test
  @Config(sdk = 35, shadows = Crashed.class)
  public void aStoreThatHasCrashedTakesNothing() {
    downloads.onDownloadStart("data:text/plain;base64,aGk=", "agent", null, "text/plain", 2);
    assertEquals("The file could not be saved", Shell.said());
  }

  @Test
  @Config(sdk = 35)
  public void aStreamThatFailsIsClosed() {
    Store store = store();
    store.place = Uri.parse("content://media/external/downloads/8");
    final boolean[] closed = {false};
    shadowOf(s.activity.getContentResolver()).registerOutputStream(store.place, new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("full");
      }

      @Override
      public void close() {
        closed[0] = true;
      }
    });
    downloads.onDownloadStart("data:text/plain;base64,aGk=", "agent", null, "text/plain", 2);
    assertEquals("The file could not be saved", Shell.said());
    assertTrue(closed[0]);
  }

  private Store store() {
    Store store = new Store();
    ProviderInfo info = new ProviderInfo();
    info.authority = "media";
    store.attachInfo(s.activity, info);
    ShadowContentResolver.registerProviderInternal("media", store);
    return store;
  }

  /** The common store of Android 10 and later. */
  private static final class Store extends ContentProvider {
    ContentValues values;
    Uri asked;
    Uri place;

    @Override
    public boolean onCreate() {
      return true;
    }

    @Override
    public Uri insert(Uri uri, ContentValues v) {
      asked = uri;
      values = v;
      return place;
    }

    @Override
    public Cursor query(Uri uri, String[] a, String b, String[] c, String d) {
      return null;
    }

    @Override
    public int update(Uri uri, ContentValues a, String b, String[] c) {
      return 0;
    }

    @Override
    public int delete(Uri uri, String b, String[] c) {
      return 0;
    }

    @Override
    public String getType(Uri uri) {
      return null;
    }
  }

  @Test
  @Config(sdk = 35)
  public void fromAndroid10OnTheCommonStoreTakesTheFile() {
    final Store store = store();
    store.place = Uri.parse("content://media/external/downloads/7");
    final boolean[] closed = {false};
    ByteArrayOutputStream kept = new ByteArrayOutputStream() {
      @Override
      public void close() {
        closed[0] = true;
      }
    };
    shadowOf(s.activity.getContentResolver()).registerOutputStream(store.place, kept);
    Shell.on(29, new Runnable() {
      @Override
      public void run() {
        downloads.onDownloadStart("data:text/plain;base64,aGk=", "agent", null, "text/plain", 2);
      }
    });
    assertEquals("Saved: file.txt", Shell.said());
    assertEquals("content://media/external/downloads", store.asked.toString());
    assertEquals(2, store.values.size());
    assertEquals("file.txt", store.values.getAsString("_display_name"));
    assertEquals("text/plain", store.values.getAsString("mime_type"));
    assertEquals("hi", kept.toString());
    assertTrue(closed[0]);

    store.place = null;
    downloads.onDownloadStart("data:text/plain;base64,aGk=", "agent", null, "text/plain", 2);
    assertEquals("The file could not be saved", Shell.said());
    Shell.on(28, new Runnable() {
      @Override
      public void run() {
        store.asked = null;
        downloads.onDownloadStart("data:text/plain;base64,aGk=", "agent", null, "text/plain", 2);
      }
    });
    assertNull("before, the app's own folder", store.asked);
    assertTrue(new File(s.activity.getExternalFilesDir("Download"), "file.txt").delete());
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
    ShadowToast.reset();
    File f = new File(s.activity.getExternalFilesDir("Download"), "file.txt");
    assertEquals(2, f.length());
    assertTrue(f.delete());
    for (String bad : new String[] {"data:text/plain,hi", "data:text/plain;base64", "data:text/plain;base64;x,aGk="}) {
      downloads.onDownloadStart(bad, "agent", null, "text/plain", 2);
      assertEquals(bad, "The file could not be saved", Shell.said());
    }
    downloads.onDownloadStart("ftp://t1.example.cn/x", "agent", null, "text/plain", 2);
    assertNull(Shell.said());
  }

  private static Runnable[] changes(final ContentResolver c, final Uri to) {
    return new Runnable[] {
      new Runnable() {
        @Override
        public void run() {
          c.insert(to, new ContentValues());
        }
      },
      new Runnable() {
        @Override
        public void run() {
          c.update(to, new ContentValues(), null, null);
        }
      },
      new Runnable() {
        @Override
        public void run() {
          c.delete(to, null, null);
        }
      },
    };
  }

  @Test
  public void theProviderKeepsToItsFolder() throws Exception {
    ContentResolver c = s.activity.getContentResolver();
    assertTrue(new Files().onCreate());
    Uri to = Files.fresh(s.activity, "photo.jpg");
    try {
      c.openInputStream(to);
      fail("who reads makes no file");
    } catch (FileNotFoundException e) {
      assertEquals(0, Files.folder(s.activity).list().length);
    }
    assertNotEquals(to, Files.fresh(s.activity, "photo.jpg"));
    OutputStream out = c.openOutputStream(to);
    out.write(new byte[] {1, 2});
    out.close();
    InputStream in = c.openInputStream(to);
    assertEquals(1, in.read());
    in.close();
    try (Cursor row = c.query(to, null, null, null, null)) {
      assertTrue(row.moveToFirst());
      assertEquals(to.getLastPathSegment(), row.getString(row.getColumnIndex(OpenableColumns.DISPLAY_NAME)));
      assertEquals(2, row.getLong(row.getColumnIndex(OpenableColumns.SIZE)));
    }
    assertEquals("image/jpeg", c.getType(to));
    assertEquals("image/jpeg", new Files().getType(Uri.parse("content:photo")));
    assertTrue(to.toString().matches("content://cn\\.example\\.union\\.files/[0-9a-f-]{36}-photo\\.jpg"));
    assertEquals(new File(s.activity.getCacheDir(), "shared"), Files.folder(s.activity));
    assertEquals(2, new File(Files.folder(s.activity), to.getLastPathSegment()).length());
    try (Cursor row = c.query(to, new String[] {"_size", "other", "_display_name"}, null, null, null)) {
      assertTrue(row.moveToFirst());
      assertEquals(3, row.getColumnCount());
      assertEquals(2, row.getLong(0));
      assertTrue(row.isNull(1));
      assertEquals(to.getLastPathSegment(), row.getString(2));
      assertFalse(row.moveToNext());
    }
    for (Runnable change : changes(c, to)) {
      try {
        change.run();
        fail();
      } catch (UnsupportedOperationException e) {
        assertNull(e.getMessage());
      }
    }
    assertEquals(Files.PACKAGE, c.getType(Files.address(s.activity, "update.apk")));

    for (String path : new String[] {"../shared_prefs/consent.xml", "..", ".", "%2e%2e%2fshared_prefs%2fconsent.xml", "%2fetc", "a/b", ""}) {
      Uri bad = Uri.parse("content://cn.example.union.files/" + path);
      try {
        c.openInputStream(bad);
        fail(path);
      } catch (FileNotFoundException e) {
        assertEquals(bad.toString(), e.getMessage());
        try (Cursor none = c.query(bad, null, null, null, null)) {
          assertEquals(0, none.getCount());
        }
      }
    }
    assertNull(s.opened());
  }
}
