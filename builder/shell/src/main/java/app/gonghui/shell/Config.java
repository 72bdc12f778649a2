package app.gonghui.shell;

import android.content.Context;
import android.content.res.Configuration;
import android.graphics.Color;
import android.net.Uri;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** What differs from body to body: assets/config.json, which the builder writes. */
final class Config {
  static final String FILE = "config.json";

  final Uri start;
  final String scheme;
  final String update;
  final String consentVersion;
  final String policy;
  final boolean trial;
  private final Set<String> hosts = new HashSet<String>();
  private final JSONObject json;

  Config(String text) throws JSONException {
    json = new JSONObject(text);
    start = Uri.parse(json.getString("start"));
    scheme = json.optString("scheme");
    update = json.optString("update");
    JSONObject consent = json.getJSONObject("consent");
    consentVersion = consent.getString("version");
    policy = consent.getString("policy");
    trial = json.optBoolean("trial");
    hosts.add(start.getHost().toLowerCase(Locale.ROOT));
    JSONArray more = json.optJSONArray("hosts");
    for (int i = 0; more != null && i < more.length(); i++) {
      hosts.add(more.getString(i));
    }
  }

  static Config read(Context context) {
    try {
      InputStream in = context.getAssets().open(FILE);
      try {
        return new Config(new String(bytes(in, 1 << 20), "UTF-8"));
      } finally {
        in.close();
      }
    } catch (IOException | JSONException e) {
      throw new IllegalStateException(FILE, e);
    }
  }

  /** Reads a stream to its end; one longer than most is an error. */
  static byte[] bytes(InputStream in, int most) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    int n;
    while ((n = in.read(buffer)) > 0) {
      out.write(buffer, 0, n);
      if (out.size() > most) {
        throw new IOException("more than " + most + " bytes");
      }
    }
    return out.toByteArray();
  }

  /** Tells whether a page is the body's own: its host is known and it is encrypted. */
  boolean own(Uri page) {
    if (page == null || !"https".equals(page.getScheme()) || page.getHost() == null) {
      return false;
    }
    String host = page.getHost().toLowerCase(Locale.ROOT);
    return hosts.contains(host) && port(page) == (host.equalsIgnoreCase(start.getHost()) ? port(start) : 443);
  }

  private static int port(Uri u) {
    return u.getPort() < 0 ? 443 : u.getPort();
  }

  String name(boolean chinese) {
    return said(json.optJSONObject("name"), chinese);
  }

  String consentTitle(boolean chinese) {
    return said(json.optJSONObject("consent").optJSONObject("title"), chinese);
  }

  String consentText(boolean chinese) {
    return said(json.optJSONObject("consent").optJSONObject("text"), chinese);
  }

  static String said(JSONObject both, boolean chinese) {
    return both == null ? "" : both.optString(chinese ? "zh" : "en");
  }

  /** The phone's language decides; where it is neither, the body's choice. */
  boolean chinese(Locale locale) {
    String language = locale.getLanguage();
    if (language.equals("zh") || language.equals("en")) {
      return language.equals("zh");
    }
    return !"en".equals(json.optString("language"));
  }

  int brand() {
    return Color.parseColor(json.optString("brand", "#C8161D"));
  }

  int ground(Configuration c) {
    return night(c) ? Color.parseColor(json.optString("groundDark", "#141414")) : Color.parseColor(json.optString("ground", "#FFFFFF"));
  }

  int ink(Configuration c) {
    return light(ground(c)) ? 0xFF1F1F1F : 0xFFF0F0F0;
  }

  private static boolean night(Configuration c) {
    return (c.uiMode & Configuration.UI_MODE_NIGHT_MASK) == Configuration.UI_MODE_NIGHT_YES;
  }

  /** Tells whether dark text is read better on a colour than white (relative luminance, WCAG 2.1). */
  static boolean light(int color) {
    return 0.2126 * linear(Color.red(color)) + 0.7152 * linear(Color.green(color)) + 0.0722 * linear(Color.blue(color)) > 0.179;
  }

  private static double linear(int channel) {
    double c = channel / 255.0;
    return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }
}
