package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.database.Cursor;
import android.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

@RunWith(RobolectricTestRunner.class)
@Config(qualifiers = "en")
public class ProviderTest {
  @Test
  public void nameAndSizeAreAllThereIsToKnow() {
    Shell s = Shell.agreed();
    try (Cursor row = s.activity.getContentResolver().query(Files.fresh(s.activity, "photo.jpg"), null, null, null, null)) {
      assertEquals(2, row.getColumnCount());
      assertEquals(1, row.getCount());
    }
  }

  /** One byte more than a page may hand over. */
  @Test
  @Config(sdk = 21)
  public void aByteTooManyIsTooMany() {
    Shell s = Shell.agreed();
    Downloads downloads = new Downloads(s.activity);
    downloads.onDownloadStart("blob:https://t1.example.cn/1-2", "agent", null, "text/plain", 5);
    Matcher m = Pattern.compile("const t=\"([0-9a-f-]{36})\"").matcher(s.shadow().getLastEvaluatedJavascript());
    assertTrue(m.find());
    String part = Base64.encodeToString(new byte[16 << 20], Base64.NO_WRAP);
    for (int i = 0; i < 4; i++) {
      downloads.part(m.group(1), part);
    }
    downloads.part(m.group(1), "AA==");
    downloads.end(m.group(1), true);
    assertEquals("The file could not be saved", Shell.said());
  }
}
