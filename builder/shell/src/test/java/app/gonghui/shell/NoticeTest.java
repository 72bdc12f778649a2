package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.graphics.Typeface;
import android.graphics.drawable.ColorDrawable;
import android.graphics.drawable.GradientDrawable;
import android.view.Gravity;
import android.view.View;
import android.view.ViewGroup.LayoutParams;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.ScrollView;
import android.widget.TextView;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

/** On a screen of one and a half pixels a unit. */
@RunWith(RobolectricTestRunner.class)
@Config(qualifiers = "en-hdpi")
public class NoticeTest {
  private Shell s;

  @Before
  public void start() {
    s = Shell.start();
  }

  private Notice notice(String... more) throws Exception {
    org.json.JSONObject json = ConfigTest.least();
    for (int i = 0; i < more.length; i += 2) {
      json.put(more[i], more[i + 1]);
    }
    return new Notice(s.activity, new app.gonghui.shell.Config(json.toString()), "Title", "Text");
  }

  private static final View.OnClickListener NOTHING = new View.OnClickListener() {
    @Override
    public void onClick(View v) {}
  };

  @Test
  public void oneNoticeStandsAtATime() {
    s.press("Do not agree");
    s.press("Back to the notice");
    assertEquals(1, s.root().getChildCount());
  }

  @Test
  public void titleAndTextStandInTheBodysColours() throws Exception {
    LinearLayout v = notice("ground", "#102030").view;
    assertEquals(LinearLayout.VERTICAL, v.getOrientation());
    assertEquals(0xFF102030, ((ColorDrawable) v.getBackground()).getColor());
    assertEquals(36, v.getPaddingLeft());
    assertEquals(48, v.getPaddingTop());
    assertEquals(36, v.getPaddingRight());
    assertEquals(24, v.getPaddingBottom());
    TextView head = (TextView) v.getChildAt(0);
    assertEquals("Title", head.getText().toString());
    assertEquals(22 * 1.5f, head.getTextSize(), 0.01);
    assertEquals(0xFFF0F0F0, head.getCurrentTextColor());
    assertSame(Typeface.DEFAULT_BOLD, head.getTypeface());
    ScrollView scroll = (ScrollView) v.getChildAt(1);
    LinearLayout.LayoutParams place = (LinearLayout.LayoutParams) scroll.getLayoutParams();
    assertEquals(LayoutParams.MATCH_PARENT, place.width);
    assertEquals("a long text leaves room for the buttons", 0, place.height);
    assertEquals(1, place.weight, 0);
    TextView body = (TextView) scroll.getChildAt(0);
    assertEquals("Text", body.getText().toString());
    assertEquals(24, body.getTextSize(), 0.01);
    assertEquals(1.4f, body.getLineSpacingMultiplier(), 0);
    assertEquals(0, body.getLineSpacingExtra(), 0);
    assertEquals(0, body.getPaddingLeft());
    assertEquals(24, body.getPaddingTop());
    assertEquals(0, body.getPaddingRight());
    assertEquals(24, body.getPaddingBottom());
    assertEquals(0xFF1F1F1F, ((TextView) notice().view.getChildAt(0)).getCurrentTextColor());
  }

  @Test
  @Config(sdk = 35)
  public void readersOfTheScreenHearAHeading() throws Exception {
    for (final int level : new int[] {27, 28}) {
      final TextView[] head = {null};
      Shell.on(level, new Runnable() {
        @Override
        public void run() {
          try {
            head[0] = (TextView) notice().view.getChildAt(0);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
      });
      assertEquals("level " + level, level >= 28, head[0].isAccessibilityHeading());
    }
    assertFalse(notice().view.isAccessibilityHeading());
  }

  private static Button button(Notice n, boolean main) {
    assertSame(n, n.button("Press", main, NOTHING));
    return (Button) n.view.getChildAt(n.view.getChildCount() - 1);
  }

  @Test
  public void buttonsAreLargeAndSayWhatTheyAre() throws Exception {
    Button b = button(notice("brand", "#C8161D"), true);
    assertEquals("Press", b.getText().toString());
    assertNull("as it is written", b.getTransformationMethod());
    assertEquals(24, b.getTextSize(), 0.01);
    assertEquals(72, b.getMinHeight());
    assertEquals(Gravity.CENTER, b.getGravity());
    assertNull(b.getStateListAnimator());
    assertTrue(b.hasOnClickListeners());
    LinearLayout.LayoutParams place = (LinearLayout.LayoutParams) b.getLayoutParams();
    assertEquals(18, place.topMargin);
    assertEquals(LayoutParams.MATCH_PARENT, place.width);
    assertEquals(LayoutParams.WRAP_CONTENT, place.height);
    GradientDrawable shape = (GradientDrawable) b.getBackground();
    assertEquals(0xFFC8161D, shadowOf(shape).getLastSetColor());
    assertEquals(0, shadowOf(shape).getStrokeWidth());
    assertEquals(0xFFFFFFFF, b.getCurrentTextColor());
    assertEquals(0xFF1F1F1F, button(notice("brand", "#FFD700"), true).getCurrentTextColor());
  }

  @Test
  @Config(sdk = 35)
  public void cornersAreRound() throws Exception {
    assertEquals(15, ((GradientDrawable) button(notice(), true).getBackground()).getCornerRadius(), 0);
  }

  @Test
  public void otherButtonsAreLinesInTheTextsColour() throws Exception {
    Button b = button(notice("ground", "#102030"), false);
    GradientDrawable shape = (GradientDrawable) b.getBackground();
    assertEquals(0, shadowOf(shape).getLastSetColor());
    assertEquals(2, shadowOf(shape).getStrokeWidth());
    assertEquals(0x40F0F0F0, shadowOf(shape).getStrokeColor());
    assertEquals(0xFFF0F0F0, b.getCurrentTextColor());
  }
}
