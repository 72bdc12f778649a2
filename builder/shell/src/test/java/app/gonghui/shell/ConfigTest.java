package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import android.content.ContextWrapper;
import android.content.res.AssetManager;
import android.content.res.Configuration;
import android.content.res.Resources;
import android.graphics.Color;
import android.net.Uri;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.util.ReflectionHelpers;

@RunWith(RobolectricTestRunner.class)
public class ConfigTest {
  /** The least that a body's settings hold; more goes in by the test. */
  static JSONObject least() throws Exception {
    return new JSONObject()
        .put("start", "https://T.example.cn/")
        .put("consent", new JSONObject().put("version", "1").put("policy", "https://www.example.cn/privacy"));
  }

  private static boolean own(Config c, String page) {
    return c.own(Uri.parse(page));
  }

  @Test
  public void theFileOfThePackageIsRead() {
    Config c = Config.read(Shell.context());
    assertEquals("https://t1.example.cn/?from=app", c.start.toString());
    assertEquals("zjunion", c.scheme);
    assertEquals("https://update.invalid/update.json", c.update);
    assertEquals("2026-11", c.consentVersion);
    assertEquals("https://www.example.cn/privacy", c.policy);
    assertFalse(c.trial);
    assertEquals("浙江工会", c.name(true));
    assertEquals("Zhejiang Unions", c.name(false));
    assertEquals("隐私保护说明", c.consentTitle(true));
    assertEquals("Privacy notice", c.consentTitle(false));
    assertEquals("我们怎样处理您的个人信息", c.consentText(true));
    assertEquals("How we treat your personal data", c.consentText(false));
  }

  @Test
  public void withoutTheFileNothingStarts() {
    try {
      Config.read(new ContextWrapper(Shell.context()) {
        @Override
        public AssetManager getAssets() {
          return Resources.getSystem().getAssets();
        }
      });
      fail();
    } catch (IllegalStateException e) {
      assertEquals("config.json", e.getMessage());
      assertTrue(e.getCause() instanceof FileNotFoundException);
    }
  }

  /** Reads a file of that many bytes; tells what it came to, and that nothing is held open. */
  private static Config read(int bytes) throws Exception {
    File apk = File.createTempFile("assets", ".apk");
    try (ZipOutputStream zip = new ZipOutputStream(new FileOutputStream(apk))) {
      zip.putNextEntry(new ZipEntry("assets/config.json"));
      byte[] all = new byte[bytes];
      Arrays.fill(all, (byte) ' ');
      byte[] least = least().toString().getBytes("UTF-8");
      System.arraycopy(least, 0, all, 0, least.length);
      zip.write(all);
    }
    final AssetManager assets = ReflectionHelpers.callConstructor(AssetManager.class);
    ReflectionHelpers.callInstanceMethod(assets, "addAssetPath", ReflectionHelpers.ClassParameter.from(String.class, apk.getPath()));
    int open = ReflectionHelpers.getField(assets, "mNumRefs");
    try {
      return Config.read(new ContextWrapper(Shell.context()) {
        @Override
        public AssetManager getAssets() {
          return assets;
        }
      });
    } finally {
      assertEquals("files held open", open, (int) ReflectionHelpers.<Integer>getField(assets, "mNumRefs"));
      assertTrue(apk.delete());
    }
  }

  @Test
  @org.robolectric.annotation.Config(sdk = 35)
  public void aFileOfTheWrongSizeIsRefusedAndClosed() throws Exception {
    assertEquals("1", read(1 << 20).consentVersion);
    try {
      read((1 << 20) + 1);
      fail();
    } catch (IllegalStateException e) {
      assertEquals("more than 1048576 bytes", e.getCause().getMessage());
    }
  }

  @Test
  public void whatIsLeftOutIsEmpty() throws Exception {
    Config c = new Config(least().toString());
    assertEquals("", c.scheme);
    assertEquals("", c.update);
    assertEquals("", c.name(true));
    assertEquals("", c.consentTitle(false));
    assertFalse(c.trial);
    assertTrue(new Config(least().put("trial", true).toString()).trial);
  }

  @Test
  public void hostAndPortMakeAPageTheBodysOwn() throws Exception {
    Config plain = new Config(least().put("hosts", new org.json.JSONArray().put("a.cn").put("b.cn")).toString());
    for (String own : new String[] {"https://t.example.cn/x", "https://T.EXAMPLE.CN:443/", "https://a.cn/", "https://b.cn:443/"}) {
      assertTrue(own, own(plain, own));
    }
    for (String other : new String[] {"https://c.cn/", "https://t.example.cn:444/", "https://a.cn:8443/", "http://a.cn/", "https:", "mailto:a@a.cn", "https:a.cn", "https://t.example.cn:0/"}) {
      assertFalse(other, own(plain, other));
    }
    assertFalse(plain.own(null));

    Config port = new Config(least().put("start", "https://t.example.cn:8443/").put("hosts", new org.json.JSONArray().put("a.cn")).toString());
    assertTrue(own(port, "https://t.example.cn:8443/"));
    assertFalse("another program may answer there", own(port, "https://t.example.cn/"));
    assertTrue(own(port, "https://a.cn/"));
    assertFalse(own(port, "https://a.cn:8443/"));
    Config zero = new Config(least().put("start", "https://t.example.cn:0/").toString());
    assertTrue(own(zero, "https://t.example.cn:0/"));
    assertFalse(own(zero, "https://t.example.cn/"));
  }

  @Test
  public void thePhonesLanguageDecidesAndThenTheBodys() throws Exception {
    Config body = new Config(least().put("language", "en").toString());
    assertTrue(body.chinese(Locale.CHINA));
    assertFalse(body.chinese(Locale.UK));
    assertFalse(body.chinese(Locale.GERMANY));
    assertTrue(new Config(least().toString()).chinese(Locale.GERMANY));
    assertFalse(new Config(least().put("language", "zh").toString()).chinese(Locale.US));
  }

  private static Configuration mode(int night) {
    Configuration c = new Configuration();
    c.uiMode = night;
    return c;
  }

  @Test
  public void coloursFollowDayAndNight() throws Exception {
    Configuration day = mode(Configuration.UI_MODE_TYPE_NORMAL | Configuration.UI_MODE_NIGHT_NO);
    Configuration night = mode(Configuration.UI_MODE_TYPE_CAR | Configuration.UI_MODE_NIGHT_YES);
    Config none = new Config(least().toString());
    assertEquals(0xFFC8161D, none.brand());
    assertEquals(0xFFFFFFFF, none.ground(day));
    assertEquals(0xFF141414, none.ground(night));
    assertEquals(0xFF1F1F1F, none.ink(day));
    assertEquals(0xFFF0F0F0, none.ink(night));
    Config own = new Config(least().put("brand", "#010203").put("ground", "#040506").put("groundDark", "#F7F8F9").toString());
    assertEquals(0xFF010203, own.brand());
    assertEquals(0xFF040506, own.ground(day));
    assertEquals(0xFFF7F8F9, own.ground(night));
    assertEquals(0xFFF0F0F0, own.ink(day));
    assertEquals(0xFF1F1F1F, own.ink(night));
  }

  /** Colours near the border, and such as an error in one part of the formula puts on the other side. */
  @Test
  public void darkTextStandsOnLightColours() {
    for (String light : new String[] {"#FFFFFF", "#FFD700", "#006CFF", "#0676D7", "#767676"}) {
      assertTrue(light, Config.light(Color.parseColor(light)));
    }
    for (String dark : new String[] {"#000000", "#C8161D", "#036DFA", "#0047FF", "#000073", "#00007D", "#757575"}) {
      assertFalse(dark, Config.light(Color.parseColor(dark)));
    }
  }

  @Test
  public void aStreamIsReadToItsBound() throws Exception {
    byte[] all = new byte[20_000];
    all[19_999] = 7;
    byte[] got = Config.bytes(new ByteArrayInputStream(all), 20_000);
    assertEquals(20_000, got.length);
    assertEquals(7, got[19_999]);
    assertEquals(0, Config.bytes(new ByteArrayInputStream(new byte[0]), 0).length);
    try {
      assertNotNull(Config.bytes(new ByteArrayInputStream(all), 19_999));
      fail();
    } catch (IOException e) {
      assertEquals("more than 19999 bytes", e.getMessage());
    }
  }
}
