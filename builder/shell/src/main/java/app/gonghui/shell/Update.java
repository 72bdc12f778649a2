package app.gonghui.shell;

import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import org.json.JSONException;
import org.json.JSONObject;

/** A newer package that the body offers. It is installed only if file, id, version and certificate are the ones announced. */
final class Update {
  /** Of a SHA-256 in hexadecimal digits. */
  private static final int SUM = 64;

  final long version;
  final String title;
  final String url;
  final String notes;
  private final long size;
  private final String sha256;
  private final String certificate;

  Update(String manifest, boolean chinese) throws JSONException {
    JSONObject o = new JSONObject(manifest);
    version = o.getLong("versionCode");
    title = o.getString("versionName");
    url = o.getString("url");
    size = o.getLong("size");
    sha256 = o.getString("sha256").toLowerCase(Locale.ROOT);
    certificate = o.getString("certificate").toLowerCase(Locale.ROOT);
    notes = Config.said(o.optJSONObject("notes"), chinese);
    // Sums that are not whole could be those of nothing.
    if (!url.startsWith("https://") || sha256.length() != SUM || certificate.length() != SUM) {
      throw new JSONException("url, sha256 or certificate");
    }
  }

  /** Tells whether this is worth offering to the app that runs: it is newer, and of the same certificate. */
  boolean offers(PackageManager packages, String id) {
    PackageInfo own = info(packages, id);
    return own != null && version > own.versionCode && certificate.equals(certificate(own));
  }

  /** Tells whether the file is what the manifest announced and Android would take as an update. */
  boolean matches(File file, PackageManager packages, String id) {
    PackageInfo own = info(packages, id);
    // Android's parser reads nothing but what was announced.
    if (own == null || file.length() != size || !sha256.equals(digest(file))) {
      return false;
    }
    @SuppressWarnings("deprecation") // the later form gives nothing for files on Android 9
    PackageInfo its = packages.getPackageArchiveInfo(file.getPath(), PackageManager.GET_SIGNATURES);
    return its != null && id.equals(its.packageName) && its.versionCode == version && certificate.equals(certificate(its))
        && certificate.equals(certificate(own));
  }

  @SuppressWarnings("deprecation")
  static PackageInfo info(PackageManager packages, String id) {
    try {
      return packages.getPackageInfo(id, PackageManager.GET_SIGNATURES);
    } catch (PackageManager.NameNotFoundException e) {
      return null;
    }
  }

  /** SHA-256 of the one certificate of a package; none for two. */
  @SuppressWarnings("deprecation")
  private static String certificate(PackageInfo p) {
    return p.signatures == null || p.signatures.length != 1 ? "" : hex(sha256().digest(p.signatures[0].toByteArray()));
  }

  private static String digest(File file) {
    try {
      InputStream in = new FileInputStream(file);
      try {
        MessageDigest sum = sha256();
        byte[] buffer = new byte[8192];
        int n;
        while ((n = in.read(buffer)) > 0) {
          sum.update(buffer, 0, n);
        }
        return hex(sum.digest());
      } finally {
        in.close();
      }
    } catch (IOException e) {
      return "";
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hex(byte[] b) {
    StringBuilder out = new StringBuilder();
    for (byte x : b) {
      out.append(Character.forDigit(x >> 4 & 15, 16)).append(Character.forDigit(x & 15, 16));
    }
    return out.toString();
  }
}
