package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;
import static org.robolectric.Shadows.shadowOf;

import android.app.AlertDialog;
import android.app.DownloadManager;
import android.content.Context;
import android.content.DialogInterface;
import android.content.Intent;
import android.content.pm.PackageInfo;
import android.content.pm.Signature;
import android.net.Uri;
import android.os.ParcelFileDescriptor;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowAlertDialog;
import org.robolectric.shadows.ShadowApplication;
import org.robolectric.shadows.ShadowDownloadManager;
import org.robolectric.shadows.ShadowLooper;
import org.robolectric.util.ReflectionHelpers;

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
    PackageInfo own = shadowOf(s.activity.getPackageManager()).getInternalMutablePackageInfo("cn.example.union");
    own.signatures = new Signature[] {new Signature(CONTENT)};
    assertFalse("nobody but the body updates its app", matches(manifest()));
    own.signatures = null;
    assertFalse(matches(manifest()));
    own.signatures = new Signature[] {new Signature(CERTIFICATE)};
    assertTrue(matches(manifest()));
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

  @Test
  public void anUnencryptedAddressIsRefused() throws Exception {
    try {
      new Update(manifest().put("url", "http://t1.example.cn/app/8.apk").toString(), false);
      fail();
    } catch (JSONException e) {
      assertEquals("url, sha256 or certificate", e.getMessage());
    }
    for (String sum : new String[] {"sha256", "certificate"}) {
      for (String bad : new String[] {"", sum(CONTENT).substring(1), sum(CONTENT) + "0"}) {
        try {
          new Update(manifest().put(sum, bad).toString(), false);
          fail(sum + " " + bad);
        } catch (JSONException e) {
          assertEquals("url, sha256 or certificate", e.getMessage());
        }
      }
    }
  }

  @Test
  public void whatThePhoneDoesNotKnowIsNotOffered() throws Exception {
    assertFalse(new Update(manifest().toString(), false).offers(s.activity.getPackageManager(), "cn.example.other"));
    assertFalse(new Update(manifest().toString(), false).matches(file, s.activity.getPackageManager(), "cn.example.other"));
    assertTrue(file.delete());
    assertFalse("a file that cannot be read has no sum", matches(manifest().put("size", 0)));
  }

  @Test
  public void sumsAreWrittenInSmallDigits() {
    assertEquals("000f10ff", Update.hex(new byte[] {0, 15, 16, -1}));
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

  private DownloadManager downloads() {
    return (DownloadManager) s.activity.getSystemService(Context.DOWNLOAD_SERVICE);
  }

  private Updater offered(JSONObject manifest) {
    Updater updater = new Updater(s.activity);
    updater.offer(manifest.toString());
    ShadowAlertDialog.getLatestAlertDialog().getButton(DialogInterface.BUTTON_POSITIVE).performClick();
    ShadowLooper.idleMainLooper();
    return updater;
  }

  @Test
  public void theDownloadIsNamedAndListenedForOnce() throws Exception {
    int before = listeners();
    Updater updater = offered(manifest());
    assertEquals("Download started", Shell.said());
    ShadowDownloadManager.ShadowRequest r = shadowOf(shadowOf(downloads()).getRequest(0));
    assertEquals("Zhejiang Unions 1.1", r.getTitle());
    assertEquals(Files.PACKAGE, r.getMimeType());
    assertTrue(r.getDestination().getPath().endsWith("/Download/update-8.apk"));
    assertEquals(before + 1, listeners());
    updater.offer(manifest().toString());
    ShadowAlertDialog.getLatestAlertDialog().getButton(DialogInterface.BUTTON_POSITIVE).performClick();
    ShadowLooper.idleMainLooper();
    assertEquals(before + 1, listeners());
    updater.stop();
    assertEquals(before, listeners());
    updater.stop();
    offered(manifest());
    assertEquals("another start listens anew", before + 1, listeners());
  }

  @Test
  public void theEndOfTheAppEndsTheListening() throws Exception {
    int before = listeners();
    Updater updater = ReflectionHelpers.getField(s.activity, "updater");
    updater.offer(manifest().toString());
    ShadowAlertDialog.getLatestAlertDialog().getButton(DialogInterface.BUTTON_POSITIVE).performClick();
    ShadowLooper.idleMainLooper();
    assertEquals(before + 1, listeners());
    s.controller.pause().stop().destroy();
    assertEquals(before, listeners());
  }

  @Test
  @Config(qualifiers = "zh-rCN")
  public void theOfferSpeaksTheLanguageOfTheScreen() throws Exception {
    offered(manifest().put("notes", new JSONObject().put("en", "Faster").put("zh", "更快")));
    AlertDialog dialog = ShadowAlertDialog.getLatestAlertDialog();
    assertEquals("发现新版本 1.1", shadowOf(dialog).getTitle());
    assertEquals("更快", shadowOf(dialog).getMessage());
    assertEquals("立即更新", dialog.getButton(DialogInterface.BUTTON_POSITIVE).getText().toString());
    assertEquals("以后再说", dialog.getButton(DialogInterface.BUTTON_NEGATIVE).getText().toString());
    assertEquals("浙江工会 1.1", shadowOf(shadowOf(downloads()).getRequest(0)).getTitle());
    assertEquals("开始下载", Shell.said());
  }

  private int listeners() {
    return shadowOf(Shell.app()).getReceiversForIntent(new Intent(DownloadManager.ACTION_DOWNLOAD_COMPLETE)).size();
  }

  @Test
  @Config(sdk = 35)
  public void theDownloadServiceMayCallFromAndroid13On() throws Exception {
    for (final int level : new int[] {32, 33}) {
      Shell.on(level, new Runnable() {
        @Override
        public void run() {
          try {
            offered(manifest());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
      });
      java.util.List<ShadowApplication.Wrapper> all = shadowOf(Shell.app()).getRegisteredReceivers();
      assertEquals("level " + level, level < 33 ? 0 : Context.RECEIVER_EXPORTED, all.get(all.size() - 1).flags);
    }
  }

  @Test
  public void laterMeansLater() throws Exception {
    Updater updater = new Updater(s.activity);
    updater.offer(manifest().toString());
    AlertDialog dialog = ShadowAlertDialog.getLatestAlertDialog();
    assertEquals("Later", dialog.getButton(DialogInterface.BUTTON_NEGATIVE).getText().toString());
    assertEquals("Update now", dialog.getButton(DialogInterface.BUTTON_POSITIVE).getText().toString());
    dialog.getButton(DialogInterface.BUTTON_NEGATIVE).performClick();
    ShadowLooper.idleMainLooper();
    assertEquals(0, shadowOf(downloads()).getRequestCount());
  }

  @Test
  public void whoLeavesIsNotAsked() throws Exception {
    s.activity.finish();
    new Updater(s.activity).offer(manifest().toString());
    assertNull(ShadowAlertDialog.getLatestAlertDialog());
  }

  /** A download service that hands over what the test gives. */
  private void delivers(File what) {
    Deliveries.file = what;
    Deliveries.removed = -1;
  }

  /** Stands in for the part of the download service that the test system leaves out. */
  @Implements(DownloadManager.class)
  public static final class Deliveries extends ShadowDownloadManager {
    static File file;
    static long removed;

    @Implementation
    protected ParcelFileDescriptor openDownloadedFile(long id) throws FileNotFoundException {
      return ParcelFileDescriptor.open(file, ParcelFileDescriptor.MODE_READ_ONLY);
    }

    @Override
    @Implementation
    protected int remove(long... ids) {
      removed = ids[0];
      return 1;
    }
  }

  /** The number of the latest download. */
  private long number() {
    return shadowOf(shadowOf(downloads()).getRequest(shadowOf(downloads()).getRequestCount() - 1)).getId();
  }

  private static Intent done(long id) {
    return new Intent(DownloadManager.ACTION_DOWNLOAD_COMPLETE).putExtra(DownloadManager.EXTRA_DOWNLOAD_ID, id);
  }

  @Test
  @Config(shadows = Deliveries.class)
  public void whatCameIsCheckedAndInstalled() throws Exception {
    byte[] large = new byte[20_000];
    large[19_999] = 1;
    java.nio.file.Files.write(file.toPath(), large);
    delivers(file);
    File own = new File(Files.folder(s.activity), "update.apk");
    PackageInfo p = new PackageInfo();
    p.packageName = "cn.example.union";
    p.versionCode = 8;
    p.signatures = new Signature[] {new Signature(CERTIFICATE)};
    shadowOf(s.activity.getPackageManager()).setPackageArchiveInfo(own.getPath(), p);

    Updater updater = offered(manifest().put("size", large.length).put("sha256", sum(large)));
    Shell.said();
    updater.onReceive(s.activity, new Intent());
    assertNull(s.opened());
    updater.onReceive(s.activity, done(number()));
    Intent install = s.opened();
    assertEquals(Files.PACKAGE, install.getType());
    assertNull(Shell.said());
    assertEquals(number(), Deliveries.removed);
    org.junit.Assert.assertArrayEquals(large, java.nio.file.Files.readAllBytes(own.toPath()));
    assertEquals(0, Shell.held(file));
    assertEquals(0, Shell.held(own));
    updater.onReceive(s.activity, done(number()));
    assertNull("installed once", s.opened());
  }

  @Test
  @Config(shadows = Deliveries.class)
  public void whatIsNotAsAnnouncedIsThrownAway() throws Exception {
    delivers(file);
    Updater updater = offered(manifest().put("size", 5));
    Shell.said();
    updater.onReceive(s.activity, done(number()));
    assertNull(s.opened());
    assertEquals("The package did not pass its check and was deleted", Shell.said());
    assertEquals(number(), Deliveries.removed);
    assertFalse(new File(Files.folder(s.activity), "update.apk").exists());

    delivers(new File("not there"));
    updater = offered(manifest());
    Shell.said();
    updater.onReceive(s.activity, done(number()));
    assertNull(s.opened());
    assertEquals("The package did not pass its check and was deleted", Shell.said());
    assertEquals(number(), Deliveries.removed);
  }

  /** A file that every read of its beginning fails on. */
  private static final File UNREADABLE = new File("/proc/self/mem");

  @Test
  @Config(shadows = Deliveries.class)
  public void nothingIsHeldOpenAfterAFailure() throws Exception {
    int before = Shell.held(UNREADABLE);
    File own = new File(Files.folder(s.activity), "update.apk");
    delivers(UNREADABLE);
    offered(manifest()).onReceive(s.activity, done(number()));
    assertFalse(own.exists());
    assertEquals(0, Shell.held(own));
    assertTrue(Shell.held(UNREADABLE) <= before);

    delivers(file);
    assertTrue(own.mkdir());
    offered(manifest()).onReceive(s.activity, done(number()));
    assertEquals(0, Shell.held(file));

    assertFalse(new Update(manifest().put("size", 0).toString(), false).matches(UNREADABLE, s.activity.getPackageManager(), "cn.example.union"));
    assertTrue(Shell.held(UNREADABLE) <= before);
    assertNull(s.opened());
  }

  @Test
  public void beforeAnythingIsDownloadedNothingIsInstalled() {
    new Updater(s.activity).onReceive(s.activity, done(-1));
    new Updater(s.activity).onReceive(s.activity, new Intent());
    assertNull(s.opened());
    assertNull(Shell.said());
  }

  /** The first line of the last question. */
  private static volatile String asked;

  /** A server of the body's that answers a few times. */
  private static String serve(final String... answers) throws Exception {
    final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    new Thread("server") {
      @Override
      public void run() {
        for (String answer : answers) {
          try (Socket one = server.accept()) {
            InputStream in = one.getInputStream();
            StringBuilder head = new StringBuilder();
            for (int newlines = 0; newlines < 2; ) {
              int c = in.read();
              head.append((char) c);
              newlines = c == '\n' ? newlines + 1 : c == '\r' ? newlines : 0;
            }
            asked = head.substring(0, head.indexOf("\r"));
            one.getOutputStream().write(answer.getBytes("UTF-8"));
          } catch (IOException e) {
            return;
          }
        }
      }
    }.start();
    return "http://127.0.0.1:" + server.getLocalPort() + "/update.json";
  }

  private void ask() throws Exception {
    final Throwable[] died = {null};
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(new Thread.UncaughtExceptionHandler() {
      @Override
      public void uncaughtException(Thread t, Throwable e) {
        died[0] = e;
      }
    });
    new Updater(s.activity).look();
    Shell.quiet();
    Thread.setDefaultUncaughtExceptionHandler(before);
    assertNull("whatever the answer, the app goes on", died[0]);
    ShadowLooper.idleMainLooper();
  }

  private AlertDialog looked(String answer) throws Exception {
    ShadowAlertDialog.reset();
    s.activity.config = new app.gonghui.shell.Config(ConfigTest.least().put("update", serve(answer)).toString());
    ask();
    return ShadowAlertDialog.getLatestAlertDialog();
  }

  @Test
  public void theManifestIsFetchedAndOffered() throws Exception {
    String body = manifest().put("notes", new JSONObject().put("en", "更快")).toString();
    int length = body.getBytes("UTF-8").length;
    AlertDialog d = looked("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n" + body);
    assertEquals("更快", shadowOf(d).getMessage());
    assertNull(looked("HTTP/1.1 203 Other\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n" + body));
    char[] space = new char[(64 << 10) - length];
    java.util.Arrays.fill(space, ' ');
    assertNotNull(looked("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body + new String(space)));
    assertNull(looked("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body + new String(space) + " "));
  }

  /** The number stays the same as long as the consent does, which it says nothing of; the version is the own one. */
  @Test
  public void theQuestionSaysWhoAsksAndWhatThatIs() throws Exception {
    String refusal = "HTTP/1.1 404 None\r\nConnection: close\r\n\r\n";
    looked(refusal);
    String first = asked;
    assertTrue(first, first.matches("GET /update\\.json\\?install=[0-9a-f]{32}&version=7 HTTP/1\\.1"));
    looked(refusal);
    assertEquals(first, asked);
    assertTrue(first.contains(new Consent(s.activity).install()));
    assertFalse(new Consent(s.activity).install().equals("00000000000000000000000000000000"));
    new Consent(s.activity).withdraw();
    looked(refusal);
    assertFalse(first.equals(asked));
  }

  @Test
  public void whoDoesNotKnowItsVersionSaysNone() throws Exception {
    shadowOf(s.activity.getPackageManager()).removePackage("cn.example.union");
    looked("HTTP/1.1 404 None\r\nConnection: close\r\n\r\n");
    assertTrue(asked, asked.endsWith("&version=0 HTTP/1.1"));
  }

  /** What is done with a connection. */
  private String connection(int status, String body) throws Exception {
    System.setProperty("java.protocol.handler.pkgs", "app.gonghui.shell");
    System.setProperty("recorded.body", body);
    System.setProperty("recorded", "");
    s.activity.config = new app.gonghui.shell.Config(ConfigTest.least().put("update", "recorded://" + status + "/x").toString());
    ask();
    return System.getProperty("recorded");
  }

  @Test
  public void aConnectionIsBoundedAndLetGo() throws Exception {
    assertEquals("connect 10000;read 10000;closed;disconnected;", connection(200, manifest().toString()));
    assertNotNull(ShadowAlertDialog.getLatestAlertDialog());
    assertEquals("connect 10000;read 10000;disconnected;", connection(404, ""));
    assertEquals("connect 10000;read 10000;closed;disconnected;", connection(200, new String(new char[(64 << 10) + 1])));
  }

  @Test
  public void theFirstPageThatStandsLooksOnce() throws Exception {
    String refusal = "HTTP/1.1 404 None\r\nConnection: close\r\n\r\n";
    s.activity.config = new app.gonghui.shell.Config(ConfigTest.least().put("update", serve(refusal, refusal)).toString());
    asked = null;
    s.activity.offline("https://t.example.cn/");
    s.activity.pageStands();
    Shell.quiet();
    assertNull("an error page is none", asked);
    s.press("Try again");
    s.activity.pageStands();
    Shell.quiet();
    assertNotNull(asked);
    asked = null;
    s.activity.pageStands();
    Shell.quiet();
    assertNull(asked);
  }

  @Test
  public void anAddressWithAQuestionIsAddedTo() throws Exception {
    String refusal = "HTTP/1.1 404 None\r\nConnection: close\r\n\r\n";
    s.activity.config = new app.gonghui.shell.Config(ConfigTest.least().put("update", serve(refusal) + "?a=b").toString());
    ask();
    assertTrue(asked, asked.startsWith("GET /update.json?a=b&install="));
  }

  @Test
  public void withoutAnAddressNobodyIsAsked() throws Exception {
    s.activity.config = new app.gonghui.shell.Config(ConfigTest.least().toString());
    ask();
    assertFalse("nor is a number made up", s.activity.getSharedPreferences("consent", 0).contains("install"));
  }

  @Test
  @Config(sdk = 35)
  public void theWayToTheInstallerTurnsAtAndroid7() {
    for (final int level : new int[] {23, 24}) {
      Shell.on(level, new Runnable() {
        @Override
        public void run() {
          new Updater(s.activity).install(file);
        }
      });
      Intent install = s.opened();
      assertEquals(level < 24 ? "file" : "content", install.getData().getScheme());
      assertEquals(Intent.ACTION_VIEW, install.getAction());
      assertEquals(Intent.FLAG_GRANT_READ_URI_PERMISSION | Intent.FLAG_ACTIVITY_NEW_TASK, install.getFlags());
    }
  }

  @Test
  public void withoutAnInstallerThatIsSaid() {
    shadowOf(Shell.app()).checkActivities(true);
    new Updater(s.activity).install(file);
    assertEquals("No app on this phone can open this", Shell.said());
  }

  @Test
  public void theInstallerMayReadTheFile() throws Exception {
    java.nio.file.Files.setPosixFilePermissions(file.toPath(), PosixFilePermissions.fromString("rw-------"));
    java.nio.file.Files.setPosixFilePermissions(file.getParentFile().toPath(), PosixFilePermissions.fromString("rwx------"));
    new Updater(s.activity).install(file);
    Intent install = s.opened();
    assertNotNull(install);
    assertEquals(Files.PACKAGE, install.getType());
    if (android.os.Build.VERSION.SDK_INT >= 24) {
      assertEquals(Uri.parse("content://cn.example.union.files/x.apk"), install.getData());
      assertTrue((install.getFlags() & Intent.FLAG_GRANT_READ_URI_PERMISSION) != 0);
    } else {
      assertEquals(Uri.fromFile(file), install.getData());
      assertTrue(java.nio.file.Files.getPosixFilePermissions(file.toPath()).contains(PosixFilePermission.OTHERS_READ));
      assertTrue(java.nio.file.Files.getPosixFilePermissions(file.getParentFile().toPath()).contains(PosixFilePermission.OTHERS_EXECUTE));
    }
  }
}
