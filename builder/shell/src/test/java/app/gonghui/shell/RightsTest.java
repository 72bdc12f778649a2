package app.gonghui.shell;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.Manifest;
import android.app.Activity;
import android.content.ClipData;
import android.content.Intent;
import android.net.Uri;
import android.provider.MediaStore;
import android.webkit.GeolocationPermissions;
import android.webkit.PermissionRequest;
import android.webkit.ValueCallback;
import android.webkit.WebChromeClient;
import java.util.Arrays;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowActivity;
import org.robolectric.shadows.ShadowProcess;
import org.robolectric.util.ReflectionHelpers;

@RunWith(RobolectricTestRunner.class)
@Config(sdk = 35, qualifiers = "en")
public class RightsTest {
  private Shell s;
  private WebChromeClient chrome;

  @Before
  public void start() {
    s = Shell.agreed();
    chrome = s.web().getWebChromeClient();
  }

  private static final class Asked extends PermissionRequest {
    final String origin;
    final String[] resources;
    String[] granted;
    boolean denied;

    Asked(String origin, String... resources) {
      this.origin = origin;
      this.resources = resources;
    }

    @Override
    public Uri getOrigin() {
      return Uri.parse(origin);
    }

    @Override
    public String[] getResources() {
      return resources;
    }

    @Override
    public void grant(String[] r) {
      granted = r;
    }

    @Override
    public void deny() {
      denied = true;
    }
  }

  private String[] question() {
    ShadowActivity.PermissionsRequest r = shadowOf(s.activity).getLastRequestedPermission();
    return r == null ? null : r.requestedPermissions;
  }

  private void answer(String... granted) {
    ShadowActivity.PermissionsRequest r = shadowOf(s.activity).getLastRequestedPermission();
    shadowOf(Shell.app()).grantPermissions(granted);
    ReflectionHelpers.setField(Activity.class, s.activity, "mHasCurrentPermissionsRequest", false); // as the system does before it tells
    s.activity.onRequestPermissionsResult(r.requestCode, r.requestedPermissions, new int[r.requestedPermissions.length]);
  }

  @Test
  public void aVoiceCallDoesNotAskForTheCamera() {
    Asked call = new Asked("https://t1.example.cn/", PermissionRequest.RESOURCE_AUDIO_CAPTURE);
    chrome.onPermissionRequest(call);
    assertArrayEquals(new String[] {Manifest.permission.RECORD_AUDIO}, question());
    assertNull(call.granted);
    answer(Manifest.permission.RECORD_AUDIO);
    assertArrayEquals(new String[] {PermissionRequest.RESOURCE_AUDIO_CAPTURE}, call.granted);
    assertFalse(call.denied);
  }

  @Test
  public void whatThePersonGrantsThePageGets() {
    Asked call = new Asked("https://t1.example.cn/", PermissionRequest.RESOURCE_VIDEO_CAPTURE, PermissionRequest.RESOURCE_AUDIO_CAPTURE, PermissionRequest.RESOURCE_MIDI_SYSEX);
    chrome.onPermissionRequest(call);
    assertArrayEquals(new String[] {Manifest.permission.CAMERA, Manifest.permission.RECORD_AUDIO}, question());
    answer(Manifest.permission.RECORD_AUDIO);
    assertArrayEquals(new String[] {PermissionRequest.RESOURCE_AUDIO_CAPTURE}, call.granted);
  }

  @Test
  public void aRefusalReachesThePage() {
    Asked call = new Asked("https://t1.example.cn/", PermissionRequest.RESOURCE_VIDEO_CAPTURE);
    chrome.onPermissionRequest(call);
    answer();
    assertTrue(call.denied);
    assertNull(call.granted);
  }

  @Test
  public void othersPagesAskInVain() {
    shadowOf(Shell.app()).grantPermissions(Manifest.permission.CAMERA, Manifest.permission.RECORD_AUDIO);
    Asked call = new Asked("https://evil.example.com/", PermissionRequest.RESOURCE_AUDIO_CAPTURE);
    chrome.onPermissionRequest(call);
    assertTrue(call.denied);
    assertNull(question());
    Asked key = new Asked("https://t1.example.cn/", PermissionRequest.RESOURCE_PROTECTED_MEDIA_ID);
    chrome.onPermissionRequest(key);
    assertTrue(key.denied);
    assertNull(question());
  }

  @Test
  public void whatIsGrantedIsNotAskedAgain() {
    shadowOf(Shell.app()).grantPermissions(Manifest.permission.CAMERA);
    Asked call = new Asked("https://t1.example.cn/", PermissionRequest.RESOURCE_VIDEO_CAPTURE);
    chrome.onPermissionRequest(call);
    assertNull(question());
    assertArrayEquals(new String[] {PermissionRequest.RESOURCE_VIDEO_CAPTURE}, call.granted);
  }

  private Boolean place(String origin) {
    final Boolean[] got = {null};
    chrome.onGeolocationPermissionsShowPrompt(origin, new GeolocationPermissions.Callback() {
      @Override
      public void invoke(String o, boolean allow, boolean retain) {
        assertFalse("the next time is asked anew", retain);
        got[0] = allow;
      }
    });
    if (question() != null) {
      assertNull(got[0]);
      assertArrayEquals(new String[] {Manifest.permission.ACCESS_FINE_LOCATION, Manifest.permission.ACCESS_COARSE_LOCATION}, question());
      answer(Manifest.permission.ACCESS_COARSE_LOCATION);
    }
    return got[0];
  }

  @Test
  public void thePlaceIsAskedForTogether() {
    assertEquals(false, place("https://evil.example.com/"));
    assertNull(question());
    shadowOf(Shell.app()).grantPermissions(Manifest.permission.ACCESS_FINE_LOCATION);
    assertEquals("even when the app may", false, place("https://evil.example.com/"));
    shadowOf(Shell.app()).denyPermissions(Manifest.permission.ACCESS_FINE_LOCATION);
    assertEquals(true, place("https://t1.example.cn/"));
  }

  private static final class Params extends WebChromeClient.FileChooserParams {
    final boolean capture;
    final int mode;
    final String[] types;

    Params(boolean capture, int mode, String... types) {
      this.capture = capture;
      this.mode = mode;
      this.types = types;
    }

    @Override
    public int getMode() {
      return mode;
    }

    @Override
    public String[] getAcceptTypes() {
      return types;
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
      return new Intent(Intent.ACTION_GET_CONTENT).setType(types[0]);
    }
  }

  private Uri[][] choose(Params p) {
    final Uri[][] got = {new Uri[0]};
    assertTrue(chrome.onShowFileChooser(s.web(), new ValueCallback<Uri[]>() {
      @Override
      public void onReceiveValue(Uri[] files) {
        got[0] = files;
      }
    }, p));
    return got;
  }

  @Test
  public void filesAreChosenWithoutAnyRight() {
    Uri[][] got = choose(new Params(false, WebChromeClient.FileChooserParams.MODE_OPEN_MULTIPLE, "image/*"));
    assertNull(question());
    ShadowActivity.IntentForResult out = shadowOf(s.activity).getNextStartedActivityForResult();
    assertEquals(Intent.ACTION_GET_CONTENT, out.intent.getAction());
    assertTrue(out.intent.getBooleanExtra(Intent.EXTRA_ALLOW_MULTIPLE, false));
    Intent two = new Intent();
    two.setClipData(ClipData.newRawUri("", Uri.parse("content://a/1")));
    two.getClipData().addItem(new ClipData.Item(Uri.parse("content://a/2")));
    s.activity.onActivityResult(out.requestCode, Activity.RESULT_OK, two);
    assertArrayEquals(new Uri[] {Uri.parse("content://a/1"), Uri.parse("content://a/2")}, got[0]);
  }

  @Test
  public void choosingNothingAnswersThePageToo() {
    Uri[][] got = choose(new Params(false, WebChromeClient.FileChooserParams.MODE_OPEN, "*/*"));
    ShadowActivity.IntentForResult out = shadowOf(s.activity).getNextStartedActivityForResult();
    assertFalse(out.intent.getBooleanExtra(Intent.EXTRA_ALLOW_MULTIPLE, false));
    s.activity.onActivityResult(out.requestCode, Activity.RESULT_CANCELED, null);
    assertNull(got[0]);
    got = choose(new Params(false, WebChromeClient.FileChooserParams.MODE_OPEN, "*/*"));
    s.activity.onActivityResult(MainActivity.CHOOSE, Activity.RESULT_OK, new Intent().setData(Uri.parse("content://a/3")));
    assertArrayEquals(new Uri[] {Uri.parse("content://a/3")}, got[0]);
  }

  @Test
  public void aPictureIsTakenWhenTheCameraIsGranted() {
    Uri[][] got = choose(new Params(true, WebChromeClient.FileChooserParams.MODE_OPEN, "image/jpeg"));
    assertArrayEquals(new String[] {Manifest.permission.CAMERA}, question());
    answer(Manifest.permission.CAMERA);
    ShadowActivity.IntentForResult out = shadowOf(s.activity).getNextStartedActivityForResult();
    assertEquals(MediaStore.ACTION_IMAGE_CAPTURE, out.intent.getAction());
    Uri to = out.intent.getParcelableExtra(MediaStore.EXTRA_OUTPUT);
    assertEquals("cn.example.union.files", to.getAuthority());
    assertTrue((out.intent.getFlags() & Intent.FLAG_GRANT_WRITE_URI_PERMISSION) != 0);
    s.activity.onActivityResult(out.requestCode, Activity.RESULT_OK, null);
    assertArrayEquals(new Uri[] {to}, got[0]);
  }

  @Test
  public void whoTurnsBackHasChosenNothing() {
    shadowOf(Shell.app()).grantPermissions(Manifest.permission.CAMERA);
    Uri[][] got = choose(new Params(true, WebChromeClient.FileChooserParams.MODE_OPEN, "image/jpeg"));
    s.activity.onActivityResult(MainActivity.CAPTURE, Activity.RESULT_CANCELED, null);
    assertNull("a picture that was not taken", got[0]);
    got = choose(new Params(false, WebChromeClient.FileChooserParams.MODE_OPEN, "*/*"));
    s.activity.onActivityResult(MainActivity.CHOOSE, Activity.RESULT_CANCELED, new Intent().setData(Uri.parse("content://a/3")));
    assertNull(got[0]);
  }

  @Test
  public void rightsAreThoseOfThisProcess() {
    ShadowProcess.setPid(4711);
    assertFalse(s.activity.ask.granted(Manifest.permission.CAMERA));
    shadowOf(Shell.app()).grantPermissions(Manifest.permission.CAMERA);
    assertTrue(s.activity.ask.granted(Manifest.permission.CAMERA));
  }

  @Test
  public void withoutTheCameraAFileIsChosen() {
    choose(new Params(true, WebChromeClient.FileChooserParams.MODE_OPEN, "image/jpeg"));
    answer();
    assertEquals(Intent.ACTION_GET_CONTENT, shadowOf(s.activity).getNextStartedActivityForResult().intent.getAction());
    choose(new Params(true, WebChromeClient.FileChooserParams.MODE_OPEN, "application/pdf"));
    assertEquals(Intent.ACTION_GET_CONTENT, shadowOf(s.activity).getNextStartedActivityForResult().intent.getAction());
  }

  private void startNothing() {
    shadowOf(Shell.app()).checkActivities(true);
  }

  @Test
  public void thePictureGoesToTheCameraAlone() {
    choose(new Params(true, WebChromeClient.FileChooserParams.MODE_OPEN, "text/plain", "image/*"));
    answer(Manifest.permission.CAMERA);
    ShadowActivity.IntentForResult out = shadowOf(s.activity).getNextStartedActivityForResult();
    assertEquals(MainActivity.CAPTURE, out.requestCode);
    Uri to = out.intent.getParcelableExtra(MediaStore.EXTRA_OUTPUT);
    assertTrue(to.toString().endsWith("-photo.jpg"));
    assertEquals(Intent.FLAG_GRANT_WRITE_URI_PERMISSION | Intent.FLAG_GRANT_READ_URI_PERMISSION, out.intent.getFlags());
    assertEquals(1, out.intent.getClipData().getItemCount());
    assertEquals(to, out.intent.getClipData().getItemAt(0).getUri());
    assertEquals("", out.intent.getClipData().getDescription().getLabel());
  }

  @Test
  public void withoutACameraAppAFileIsChosen() {
    shadowOf(Shell.app()).grantPermissions(Manifest.permission.CAMERA);
    startNothing();
    Uri[][] got = choose(new Params(true, WebChromeClient.FileChooserParams.MODE_OPEN, "image/jpeg"));
    assertEquals("No app on this phone can open this", Shell.said());
    assertNull("the page is answered", got[0]);
    assertNull(shadowOf(s.activity).getNextStartedActivityForResult());

    shadowOf(Shell.app()).checkActivities(false);
    got = choose(new Params(true, WebChromeClient.FileChooserParams.MODE_OPEN, "image/jpeg"));
    assertEquals(MainActivity.CAPTURE, shadowOf(s.activity).getNextStartedActivityForResult().requestCode);
    assertNull("one app is asked", shadowOf(s.activity).getNextStartedActivityForResult());
    assertEquals("the page waits", 0, got[0].length);
    assertNull(Shell.said());
  }

  @Test
  public void aPackageWithoutTheCameraMayUseTheCameraApp() throws Exception {
    shadowOf(s.activity.getPackageManager()).getInternalMutablePackageInfo("cn.example.union").requestedPermissions = new String[] {Manifest.permission.INTERNET};
    choose(new Params(true, WebChromeClient.FileChooserParams.MODE_OPEN, "image/jpeg"));
    assertNull(question());
    assertEquals(MainActivity.CAPTURE, shadowOf(s.activity).getNextStartedActivityForResult().requestCode);
    shadowOf(s.activity.getPackageManager()).getInternalMutablePackageInfo("cn.example.union").requestedPermissions = null;
    assertFalse(s.activity.ask.declared(Manifest.permission.CAMERA));
  }

  @Test
  public void aSecondQuestionAnswersTheFirst() {
    Uri[][] first = choose(new Params(false, WebChromeClient.FileChooserParams.MODE_OPEN, "*/*"));
    Uri[][] second = choose(new Params(false, WebChromeClient.FileChooserParams.MODE_OPEN, "*/*"));
    assertNull(first[0]);
    assertEquals(0, second[0].length);
    first[0] = new Uri[] {Uri.EMPTY};
    s.activity.onActivityResult(99, Activity.RESULT_OK, new Intent().setData(Uri.parse("content://a/3")));
    assertEquals("another's answer", 0, second[0].length);
    s.activity.onActivityResult(MainActivity.CHOOSE, Activity.RESULT_OK, new Intent());
    assertNull(second[0]);
    assertEquals("answered once", 1, first[0].length);
    Uri[][] third = choose(new Params(false, WebChromeClient.FileChooserParams.MODE_OPEN, "*/*"));
    s.activity.onActivityResult(MainActivity.CHOOSE, Activity.RESULT_OK, null);
    assertNull(third[0]);
    third[0] = new Uri[0];
    s.activity.onActivityResult(MainActivity.CHOOSE, Activity.RESULT_OK, new Intent().setData(Uri.parse("content://a/4")));
    assertEquals("answered once", 0, third[0].length);
  }

  @Test
  public void answersComeToTheirQuestions() {
    Asked voice = new Asked("https://t1.example.cn/", PermissionRequest.RESOURCE_AUDIO_CAPTURE);
    Asked picture = new Asked("https://t1.example.cn/", PermissionRequest.RESOURCE_VIDEO_CAPTURE);
    Asked again = new Asked("https://t1.example.cn/", PermissionRequest.RESOURCE_AUDIO_CAPTURE);
    chrome.onPermissionRequest(voice);
    int first = shadowOf(s.activity).getLastRequestedPermission().requestCode;
    chrome.onPermissionRequest(picture);
    chrome.onPermissionRequest(again);
    assertFalse("a question beside an open one waits", picture.denied);
    assertArrayEquals(new String[] {Manifest.permission.RECORD_AUDIO}, question());
    assertTrue("requests of the shell's own are told apart", first > MainActivity.CAPTURE);
    s.activity.onRequestPermissionsResult(7, new String[0], new int[0]);
    assertNull(voice.granted);
    answer(Manifest.permission.RECORD_AUDIO);
    assertNotNull(voice.granted);
    assertNull(picture.granted);
    assertArrayEquals(new String[] {Manifest.permission.CAMERA}, question());
    voice.granted = null;
    s.activity.onRequestPermissionsResult(first, new String[0], new int[0]);
    assertNull("answered once", voice.granted);
    assertFalse(picture.denied);
    assertNull(again.granted);
    answer();
    assertTrue(picture.denied);
    assertArrayEquals("what is granted meanwhile is not asked", new String[] {PermissionRequest.RESOURCE_AUDIO_CAPTURE}, again.granted);
    again.granted = null;
    picture.denied = false;
    s.activity.onRequestPermissionsResult(shadowOf(s.activity).getLastRequestedPermission().requestCode, new String[0], new int[0]);
    assertFalse(picture.denied);
    assertNull(again.granted);
  }

  @Test
  public void beforeAndroid6RightsComeWithTheInstallation() {
    final Asked call = new Asked("https://t1.example.cn/", PermissionRequest.RESOURCE_AUDIO_CAPTURE);
    Shell.on(22, new Runnable() {
      @Override
      public void run() {
        chrome.onPermissionRequest(call);
      }
    });
    assertNull(question());
    assertTrue(call.denied);
    final Asked later = new Asked("https://t1.example.cn/", PermissionRequest.RESOURCE_AUDIO_CAPTURE);
    Shell.on(23, new Runnable() {
      @Override
      public void run() {
        chrome.onPermissionRequest(later);
      }
    });
    assertNotNull(question());
    assertFalse(later.denied);
  }

  @Test
  public void eitherPlaceWillDoAndNoneIsARefusal() {
    shadowOf(Shell.app()).grantPermissions(Manifest.permission.ACCESS_FINE_LOCATION);
    final Boolean[] got = {null};
    GeolocationPermissions.Callback callback = new GeolocationPermissions.Callback() {
      @Override
      public void invoke(String o, boolean allow, boolean retain) {
        assertEquals("https://t1.example.cn/", o);
        got[0] = allow;
      }
    };
    chrome.onGeolocationPermissionsShowPrompt("https://t1.example.cn/", callback);
    assertArrayEquals(new String[] {Manifest.permission.ACCESS_COARSE_LOCATION}, question());
    answer();
    assertEquals(true, got[0]);
    shadowOf(Shell.app()).denyPermissions(Manifest.permission.ACCESS_FINE_LOCATION);
    chrome.onGeolocationPermissionsShowPrompt("https://t1.example.cn/", callback);
    answer();
    assertEquals(false, got[0]);
  }

  @Test
  public void aPackageThatIsNotThereDeclaresNothing() {
    shadowOf(s.activity.getPackageManager()).removePackage("cn.example.union");
    assertFalse(s.activity.ask.declared(Manifest.permission.CAMERA));
  }

  @Test
  public void rightsThatThePackageLacksAreNotAskedFor() {
    assertTrue(s.activity.ask.declared(Manifest.permission.CAMERA));
    assertFalse(s.activity.ask.declared(Manifest.permission.READ_CONTACTS));
    final boolean[] answered = {false};
    s.activity.ask.ask(Arrays.asList(Manifest.permission.READ_CONTACTS), new Ask.Answer() {
      @Override
      public void answered() {
        answered[0] = true;
      }
    });
    assertTrue(answered[0]);
    assertNull(question());
    assertNotNull(s.web());
  }
}
