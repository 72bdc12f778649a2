package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;

import android.webkit.WebView;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** What an earlier package has kept counts for a later one: the names of files and fields stay. */
@RunWith(RobolectricTestRunner.class)
public class EarlierTest {
  @Test
  public void theConsentCounts() {
    Shell.context().getSharedPreferences("consent", 0).edit().putString("version", "2026-11").putLong("at", 5).commit();
    assertNotNull(Shell.start().web());
    assertEquals(5, new Consent(Shell.context()).at());
  }

  @Test
  public void thePhonesAgentIsAddedToWhatWasAgreed() {
    Shell s = Shell.agreed();
    String phones = new WebView(s.activity).getSettings().getUserAgentString();
    assertFalse(phones.isEmpty());
    assertEquals(phones + " GonghuiShell/1 consent/2026-11", s.web().getSettings().getUserAgentString());
  }

  @Test
  public void whoHasAgreedComesToTheLinksPageAtOnce() {
    Shell.agree();
    assertEquals("https://t1.example.cn/card?x=1", Shell.start("zjunion://open/card?x=1").loaded());
  }
}
