package app.gonghui.shell;

import android.content.Context;
import android.content.SharedPreferences;

/** Which version of the privacy notice this person has agreed to, and when. */
final class Consent {
  private static final String VERSION = "version";
  private static final String AT = "at";

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

  void withdraw() {
    kept.edit().clear().commit();
  }
}
