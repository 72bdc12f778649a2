package app.gonghui.shell;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.DownloadManager;
import android.content.Intent;
import android.content.pm.PackageInfo;
import android.content.pm.Signature;
import java.io.File;
import java.security.MessageDigest;
import java.util.Locale;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** How a manifest may write what it announces, and that nothing counts without one. */
@RunWith(RobolectricTestRunner.class)
@SuppressWarnings("deprecation")
public class ManifestTest {
  private static String sum(byte[] b) throws Exception {
    return Update.hex(MessageDigest.getInstance("SHA-256").digest(b));
  }

  @Test
  public void sumsMayBeWrittenInLargeDigits() throws Exception {
    Shell s = Shell.agreed();
    byte[] certificate = {1, 2, 3};
    byte[] content = {7, 7};
    shadowOf(s.activity.getPackageManager()).getInternalMutablePackageInfo("cn.example.union").signatures = new Signature[] {new Signature(certificate)};
    File file = new File(Files.folder(s.activity), "x.apk");
    java.nio.file.Files.write(file.toPath(), content);
    PackageInfo its = new PackageInfo();
    its.packageName = "cn.example.union";
    its.versionCode = 8;
    its.signatures = new Signature[] {new Signature(certificate)};
    shadowOf(s.activity.getPackageManager()).setPackageArchiveInfo(file.getPath(), its);
    JSONObject manifest = new JSONObject()
        .put("versionCode", 8).put("versionName", "1.1").put("url", "https://t1.example.cn/app/8.apk").put("size", content.length)
        .put("sha256", sum(content).toUpperCase(Locale.ROOT)).put("certificate", sum(certificate).toUpperCase(Locale.ROOT));
    assertTrue(new Update(manifest.toString(), false).matches(file, s.activity.getPackageManager(), "cn.example.union"));
    java.nio.file.Files.write(file.toPath(), new byte[] {7, 8});
    assertFalse(new Update(manifest.toString(), false).matches(file, s.activity.getPackageManager(), "cn.example.union"));
  }

  @Test
  public void downloadsOfOthersCountForNothing() {
    Shell s = Shell.agreed();
    new Updater(s.activity).onReceive(s.activity, new Intent().putExtra(DownloadManager.EXTRA_DOWNLOAD_ID, 0L));
    assertNull(s.opened());
    assertNull(Shell.said());
  }
}
