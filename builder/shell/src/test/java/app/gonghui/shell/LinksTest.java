package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import android.content.Intent;
import android.net.Uri;
import org.json.JSONArray;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class LinksTest {
  private Config config;

  @Before
  public void read() throws Exception {
    config = new Config(ConfigTest.least().put("scheme", "union").put("hosts", new JSONArray().put("a.cn")).toString());
  }

  private String page(String action, String link) {
    Uri page = Links.page(config, new Intent(action, link == null ? null : Uri.parse(link)));
    return page == null ? null : page.toString();
  }

  @Test
  public void linksThatStartTheAppOpenPagesOfTheBody() throws Exception {
    assertEquals("https://a.cn/x?y#z", page(Intent.ACTION_VIEW, "https://a.cn/x?y#z"));
    assertEquals("https://T.example.cn/a%20b?c=%26#d", page(Intent.ACTION_VIEW, "union://open/a%20b?c=%26#d"));
    assertEquals("https://T.example.cn/", page(Intent.ACTION_VIEW, "union://open"));
    assertEquals("https://T.example.cn/", page(Intent.ACTION_VIEW, "union:///"));
    for (String nothing : new String[] {"union:open", "other://open/x", "https://evil.example.com/", "http://a.cn/", "", null}) {
      assertNull(nothing, page(Intent.ACTION_VIEW, nothing));
    }
    assertNull(page(Intent.ACTION_MAIN, "https://a.cn/x"));
    assertNull(page(Intent.ACTION_SEND, "union://open/x"));
    assertNull(Links.page(config, null));

    Config without = new Config(ConfigTest.least().toString());
    assertNull(Links.page(without, new Intent(Intent.ACTION_VIEW, Uri.parse("//open/x"))));
    assertNull(Links.page(without, new Intent(Intent.ACTION_VIEW, Uri.parse("union://open/x"))));
  }

  private Links.Way way(String from, String to) {
    return Links.way(config, from == null ? null : Uri.parse(from), Uri.parse(to));
  }

  @Test
  public void eachSchemeLeadsOneWay() {
    for (String nowhere : new String[] {"x", "file:///etc", "FILE:///etc", "content://a/b", "javascript:x", "data:,x", "intent:#Intent;end", "android-app://a.b"}) {
      assertEquals(nowhere, Links.Way.NOWHERE, way("https://a.cn/", nowhere));
    }
    for (String inside : new String[] {"https://a.cn/", "about:blank", "About:blank", "blob:https://a.cn/1"}) {
      assertEquals(inside, Links.Way.INSIDE, way("https://evil.example.com/", inside));
    }
    for (String out : new String[] {"https://evil.example.com/", "http://a.cn/", "tel:1", "weixin://x"}) {
      assertEquals(out, Links.Way.OTHER_APP, way("https://a.cn/", out));
    }
  }

  @Test
  public void onlyTheBodyTakesTheConsentBack() {
    assertEquals(Links.Way.WITHDRAW, way("https://a.cn/", "gonghui-shell:withdraw-consent"));
    assertEquals(Links.Way.NOWHERE, way("https://evil.example.com/", "gonghui-shell:withdraw-consent"));
    assertEquals(Links.Way.NOWHERE, way(null, "gonghui-shell:withdraw-consent"));
    assertEquals(Links.Way.OTHER_APP, way("https://a.cn/", "gonghui-shell:withdraw-consent?"));
  }

  @Test
  public void otherAppsGetALinkAsABrowserWouldGiveIt() {
    Intent out = Links.outside(Uri.parse("tel:1"));
    assertEquals(Intent.ACTION_VIEW, out.getAction());
    assertEquals(Uri.parse("tel:1"), out.getData());
    assertEquals(1, out.getCategories().size());
    assertEquals(true, out.hasCategory(Intent.CATEGORY_BROWSABLE));
    assertEquals(Intent.FLAG_ACTIVITY_NEW_TASK, out.getFlags());
  }
}
