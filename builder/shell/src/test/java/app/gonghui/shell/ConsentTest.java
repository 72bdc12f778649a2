package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.content.Intent;
import android.net.Uri;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

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

  @Test
  public void noRightIsAskedForAtTheStart() {
    Shell s = Shell.agreed();
    assertNull(shadowOf(s.activity).getLastRequestedPermission());
  }
}
