package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.content.Intent;
import android.graphics.drawable.GradientDrawable;
import android.net.Uri;
import android.webkit.CookieManager;
import android.webkit.WebStorage;
import android.widget.Button;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowWebStorage;
import org.robolectric.util.ReflectionHelpers;

@RunWith(RobolectricTestRunner.class)
public class ConsentTest {
  @Test
  @Config(qualifiers = "zh-rCN")
  public void nothingIsLoadedBeforeTheAnswer() {
    Shell s = Shell.start("zjunion://open/card");
    assertTrue(s.sees("隐私保护说明"));
    assertTrue(s.sees("我们怎样处理您的个人信息"));
    assertNull(s.web());
    assertNull(s.opened());
    assertNull(new Consent(Shell.context()).version());
  }

  @Test
  @Config(qualifiers = "zh-rCN")
  public void agreeingIsKeptAndOpensWhatWasWanted() {
    Shell s = Shell.start("zjunion://open/card?x=1");
    long before = System.currentTimeMillis();
    s.press("同意并继续");
    assertEquals("https://t1.example.cn/card?x=1", s.loaded());
    assertFalse(s.sees("隐私保护说明"));
    Consent kept = new Consent(Shell.context());
    assertEquals("2026-11", kept.version());
    assertTrue(kept.at() >= before);
    assertTrue(s.web().getSettings().getUserAgentString().endsWith(" GonghuiShell/1 consent/2026-11"));

    assertEquals("https://t1.example.cn/?from=app", Shell.start().loaded());
  }

  @Test
  public void anotherVersionAsksAnew() {
    Shell.context().getSharedPreferences("consent", 0).edit().putString("version", "2025-01").commit();
    assertNull(Shell.start().web());
  }

  @Test
  @Config(qualifiers = "en")
  public void refusingLeavesTwoWaysOn() {
    Shell s = Shell.start();
    s.press("Do not agree");
    assertTrue(s.sees("You did not agree to the privacy notice"));
    assertNull(s.web());
    s.press("Read the whole privacy policy");
    Intent policy = s.opened();
    assertEquals(Intent.ACTION_VIEW, policy.getAction());
    assertEquals(Uri.parse("https://www.example.cn/privacy"), policy.getData());
    assertTrue(policy.hasCategory(Intent.CATEGORY_BROWSABLE));

    s.press("Back to the notice");
    assertTrue(s.sees("Privacy notice"));
    s.press("Read the whole privacy policy");
    assertEquals(Uri.parse("https://www.example.cn/privacy"), s.opened().getData());
    s.press("Do not agree");
    assertFalse(s.activity.isFinishing());
    s.press("Leave the app");
    assertTrue(s.activity.isFinishing());
    assertNull(new Consent(Shell.context()).version());
  }

  private static boolean main(Shell s, String label) {
    return shadowOf((GradientDrawable) s.find(Button.class, label).getBackground()).getLastSetColor() != 0;
  }

  @Test
  @Config(qualifiers = "zh-rCN")
  public void eachNoticeHasOneMainButtonAndOneLanguage() {
    Shell s = Shell.start();
    assertTrue(main(s, "同意并继续"));
    assertFalse(main(s, "查看完整隐私政策"));
    assertFalse(main(s, "不同意"));
    s.press("不同意");
    assertTrue(s.sees("您未同意隐私说明"));
    assertTrue(s.sees(Words.REFUSED.in(true)));
    assertTrue(main(s, "返回查看说明"));
    assertFalse(main(s, "查看完整隐私政策"));
    assertFalse(main(s, "退出应用"));
    Shell.agree();
    s = Shell.start();
    s.activity.offline("https://t1.example.cn/");
    assertTrue(s.sees("网络连接不上"));
    assertTrue(s.sees("请检查网络后重试。"));
    assertTrue(main(s, "重试"));
  }

  @Test
  @Config(qualifiers = "en")
  public void aPageOfTheBodyTakesTheConsentBack() {
    Shell s = Shell.agreed();
    assertEquals("https://t1.example.cn/?from=app", s.loaded());
    assertTrue(s.activity.follow(Uri.parse(Links.WITHDRAW)));
    assertNull(s.web());
    assertTrue(s.sees("Privacy notice"));
    assertNull(new Consent(Shell.context()).version());
    s.press("Agree and continue");
    assertEquals("https://t1.example.cn/?from=app", s.loaded());
  }

  @Test
  public void aLinkToTheRunningAppWaitsForTheAnswer() {
    Shell s = Shell.start();
    s.controller.newIntent(new Intent(Intent.ACTION_VIEW, Uri.parse("https://app.example.cn/vote")));
    assertNull(s.web());
    s.press(Words.AGREE.in(s.activity.chinese()));
    assertEquals("https://app.example.cn/vote", s.loaded());
  }

  @Test
  @Config(qualifiers = "de")
  public void otherLanguagesGetTheBodysChoice() {
    assertTrue(Shell.start().sees("隐私保护说明"));
  }

  /** Notes what the test system does not. */
  @Implements(WebStorage.class)
  public static final class Storage extends ShadowWebStorage {
    static int deleted;

    @Implementation
    protected void deleteAllData() {
      deleted++;
    }
  }

  @Test
  @Config(shadows = Storage.class)
  public void nothingOfThePagesIsLeftWhenTheConsentIsTakenBack() {
    Shell s = Shell.agreed();
    CookieManager.getInstance().setCookie("https://t1.example.cn/", "session=1");
    assertEquals("session=1", CookieManager.getInstance().getCookie("https://t1.example.cn/"));
    Storage.deleted = 0;
    s.activity.follow(Uri.parse(Links.WITHDRAW));
    assertNull(CookieManager.getInstance().getCookie("https://t1.example.cn/"));
    assertEquals(1, Storage.deleted);
    assertEquals(0, new Consent(Shell.context()).at());
  }

  /** Storage that is full or broken. */
  @Implements(className = "android.app.SharedPreferencesImpl$EditorImpl")
  public static final class Full {
    @Implementation
    protected boolean commit() {
      return false;
    }
  }

  @Test
  @Config(qualifiers = "en", shadows = Full.class)
  public void whatCannotBeKeptWasNotGiven() {
    Shell s = Shell.start();
    s.press("Agree and continue");
    assertNull(s.web());
    assertTrue(s.sees("Privacy notice"));
  }

  /** A phone ends an app that does not tell Android of its start. */
  @Test
  public void androidIsToldOfTheStart() {
    ActivityController<MainActivity> app = Robolectric.buildActivity(MainActivity.class);
    ReflectionHelpers.setField(Activity.class, app.get(), "mCalled", false);
    app.create();
    assertEquals(true, ReflectionHelpers.getField(app.get(), "mCalled"));
  }

  @Test
  public void noRightIsAskedForAtTheStart() {
    Shell s = Shell.agreed();
    assertNull(shadowOf(s.activity).getLastRequestedPermission());
  }
}
