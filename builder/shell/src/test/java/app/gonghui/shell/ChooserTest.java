package app.gonghui.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.Manifest;
import android.content.ComponentName;
import android.content.Intent;
import android.content.IntentFilter;
import android.net.Uri;
import android.webkit.ValueCallback;
import android.webkit.WebChromeClient;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowActivity;

/** A phone that lacks one app or another. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 35, qualifiers = "en")
public class ChooserTest {
  private Shell s;

  @Before
  public void start() {
    s = Shell.agreed();
    shadowOf(Shell.app()).grantPermissions(Manifest.permission.CAMERA);
    shadowOf(Shell.app()).checkActivities(true);
  }

  private Uri[][] choose(final boolean capture) {
    final Uri[][] got = {new Uri[0]};
    assertTrue("the page is told that it was heard", s.web().getWebChromeClient().onShowFileChooser(s.web(), new ValueCallback<Uri[]>() {
      @Override
      public void onReceiveValue(Uri[] files) {
        got[0] = files;
      }
    }, new WebChromeClient.FileChooserParams() {
      @Override
      public int getMode() {
        return MODE_OPEN;
      }

      @Override
      public String[] getAcceptTypes() {
        return new String[] {"image/jpeg"};
      }

      @Override
      public boolean isCaptureEnabled() {
        return capture;
      }

      @Override
      public CharSequence getTitle() {
        return "";
      }

      @Override
      public String getFilenameHint() {
        return null;
      }

      @Override
      public Intent createIntent() {
        return new Intent(Intent.ACTION_GET_CONTENT).setType("image/jpeg");
      }
    }));
    return got;
  }

  @Test
  public void whereNoAppHasFilesThatIsSaid() {
    assertNull(choose(false)[0]);
    assertEquals("No app on this phone can open this", Shell.said());
  }

  @Test
  public void whereOnlyTheCameraAppIsMissingAFileIsChosen() throws Exception {
    ComponentName files = new ComponentName("other.app", "other.app.Files");
    shadowOf(s.activity.getPackageManager()).addActivityIfNotPresent(files);
    IntentFilter takes = new IntentFilter(Intent.ACTION_GET_CONTENT);
    takes.addCategory(Intent.CATEGORY_DEFAULT);
    takes.addDataType("image/jpeg");
    shadowOf(s.activity.getPackageManager()).addIntentFilterForActivity(files, takes);
    Uri[][] got = choose(true);
    ShadowActivity.IntentForResult out = shadowOf(s.activity).getNextStartedActivityForResult();
    assertEquals(MainActivity.CHOOSE, out.requestCode);
    assertEquals("the page waits", 0, got[0].length);
    assertNull(Shell.said());
  }
}
