package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.AlertDialog;
import android.app.DownloadManager;
import android.content.Context;
import android.content.DialogInterface;
import android.content.Intent;
import android.content.pm.PackageInfo;
import android.content.pm.Signature;
import android.net.Uri;
import java.io.File;
import java.io.FileOutputStream;
import java.security.MessageDigest;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowAlertDialog;
import org.robolectric.shadows.ShadowLooper;

@RunWith(RobolectricTestRunner.class)
@Config(qualifiers = "en")
@SuppressWarnings("deprecation")
public class UpdateTest {
  private static final byte[] CERTIFICATE = {1, 2, 3};
  private static final byte[] CONTENT = {7, 7, 7, 7};
  private Shell s;
  private File file;

  @Before
  public void start() throws Exception {
    s = Shell.agreed();
    PackageInfo own = shadowOf(s.activity.getPackageManager()).getInternalMutablePackageInfo("cn.example.union");
    own.signatures = new Signature[] {new Signature(CERTIFICATE)};
    own.versionCode = 7;
    file = new File(Files.folder(s.activity), "x.apk");
    FileOutputStream out = new FileOutputStream(file);
    out.write(CONTENT);
    out.close();
    its("cn.example.union", 8, CERTIFICATE);
  }

  private void its(String id, int version, byte[]... certificates) {
    PackageInfo p = new PackageInfo();
    p.packageName = id;
    p.versionCode = version;
    p.signatures = new Signature[certificates.length];
    for (int i = 0; i < certificates.length; i++) {
      p.signatures[i] = new Signature(certificates[i]);
    }
    shadowOf(s.activity.getPackageManager()).setPackageArchiveInfo(file.getPath(), p);
  }

  private static String sum(byte[] b) throws Exception {
    return Update.hex(MessageDigest.getInstance("SHA-256").digest(b));
  }

  private static JSONObject manifest() throws Exception {
    return new JSONObject()
        .put("versionCode", 8).put("versionName", "1.1").put("url", "https://t1.example.cn/app/8.apk").put("size", CONTENT.length)
        .put("sha256", sum(CONTENT)).put("certificate", sum(CERTIFICATE)).put("notes", new JSONObject().put("en", "Faster"));
  }

  private boolean offers(JSONObject m) throws Exception {
    return new Update(m.toString(), false).offers(s.activity.getPackageManager(), "cn.example.union");
  }

  private boolean matches(JSONObject m) throws Exception {
    return new Update(m.toString(), false).matches(file, s.activity.getPackageManager(), "cn.example.union");
  }

  @Test
  public void onlyANewerPackageOfTheSameCertificateIsOffered() throws Exception {
    assertTrue(offers(manifest()));
    assertTrue(offers(manifest().put("certificate", sum(CERTIFICATE).toUpperCase())));
    assertFalse(offers(manifest().put("versionCode", 7)));
    assertFalse(offers(manifest().put("versionCode", 6)));
    assertFalse(offers(manifest().put("certificate", sum(CONTENT))));
  }

  @Test
  public void onlyWhatWasAnnouncedIsInstalled() throws Exception {
    assertTrue(matches(manifest()));
    assertFalse(matches(manifest().put("sha256", sum(CERTIFICATE))));
    assertFalse(matches(manifest().put("size", 5)));
    assertFalse(matches(manifest().put("certificate", sum(CONTENT))));
    assertFalse(matches(manifest().put("versionCode", 9)));
    its("cn.example.other", 8, CERTIFICATE);
    assertFalse(matches(manifest()));
    its("cn.example.union", 8, CONTENT);
    assertFalse(matches(manifest()));
    its("cn.example.union", 8, CERTIFICATE, CONTENT);
    assertFalse(matches(manifest()));
    if (android.os.Build.VERSION.SDK_INT > 21) { // the test system of 21 has no answer for a file that is no package
      shadowOf(s.activity.getPackageManager()).setPackageArchiveInfo(file.getPath(), null);
      assertFalse(matches(manifest()));
    }
  }

  @Test(expected = JSONException.class)
  public void anUnencryptedAddressIsRefused() throws Exception {
    new Update(manifest().put("url", "http://t1.example.cn/app/8.apk").toString(), false);
  }

  @Test
  public void theOfferSaysWhatIsNewAndDownloads() throws Exception {
    Updater updater = new Updater(s.activity);
    updater.offer("no manifest");
    updater.offer(manifest().put("versionCode", 7).toString());
    assertNull(ShadowAlertDialog.getLatestAlertDialog());
    updater.offer(manifest().toString());
    AlertDialog dialog = ShadowAlertDialog.getLatestAlertDialog();
    assertEquals("New version 1.1", shadowOf(dialog).getTitle());
    assertEquals("Faster", shadowOf(dialog).getMessage());
    DownloadManager downloads = (DownloadManager) s.activity.getSystemService(Context.DOWNLOAD_SERVICE);
    assertEquals(0, shadowOf(downloads).getRequestCount());
    dialog.getButton(DialogInterface.BUTTON_POSITIVE).performClick();
    ShadowLooper.idleMainLooper();
    assertEquals(1, shadowOf(downloads).getRequestCount());
    assertEquals(Uri.parse("https://t1.example.cn/app/8.apk"), shadowOf(shadowOf(downloads).getRequest(0)).getUri());

    // Downloads of others do not concern it.
    updater.onReceive(s.activity, new Intent().putExtra(DownloadManager.EXTRA_DOWNLOAD_ID, 99L));
    assertNull(s.opened());
    updater.stop();
  }

  @Test
  public void theInstallerMayReadTheFile() {
    new Updater(s.activity).install(file);
    Intent install = s.opened();
    assertNotNull(install);
    assertEquals(Files.PACKAGE, install.getType());
    if (android.os.Build.VERSION.SDK_INT >= 24) {
      assertEquals(Uri.parse("content://cn.example.union.files/x.apk"), install.getData());
      assertTrue((install.getFlags() & Intent.FLAG_GRANT_READ_URI_PERMISSION) != 0);
    } else {
      assertEquals(Uri.fromFile(file), install.getData());
    }
  }
}
