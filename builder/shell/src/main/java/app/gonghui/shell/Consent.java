package app.gonghui.shell;

import android.content.Context;
import android.content.SharedPreferences;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Locale;

/** Which version of the privacy notice this person has agreed to, and when; and what goes with the consent. */
final class Consent {
  private static final String VERSION = "version";
  private static final String AT = "at";
  private static final String INSTALL = "install";

  private final SharedPreferences kept;

  Consent(Context context) {
    kept = context.getSharedPreferences("consent", Context.MODE_PRIVATE);
  }

  /** The version agreed to, or null. */
  String version() {
    return kept.getString(VERSION, null);
  }

  /** When it was agreed to, in milliseconds since 1970. */
  long at() {
    return kept.getLong(AT, 0);
  }

  boolean needed(Config config) {
    return !config.consentVersion.equals(version());
  }

  /** Keeps the answer before anything goes on: what is not kept was not given. */
  boolean record(Config config, long now) {
    return kept.edit().putString(VERSION, config.consentVersion).putLong(AT, now).commit();
  }

  /** The number by which the body counts this installation: made up here, told of nothing else, forgotten with the consent. */
  String install() {
    String number = kept.getString(INSTALL, null);
    if (number == null) {
      byte[] random = new byte[16];
      new SecureRandom().nextBytes(random);
      number = String.format(Locale.ROOT, "%032x", new BigInteger(1, random));
      kept.edit().putString(INSTALL, number).commit();
    }
    return number;
  }

  void withdraw() {
    kept.edit().clear().commit();
  }
}
