package app.gonghui.shell;

import android.Manifest;
import android.content.ActivityNotFoundException;
import android.content.ClipData;
import android.content.Intent;
import android.net.Uri;
import android.provider.MediaStore;
import android.view.View;
import android.webkit.GeolocationPermissions;
import android.webkit.PermissionRequest;
import android.webkit.ValueCallback;
import android.webkit.WebChromeClient;
import android.webkit.WebView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a page asks of the phone: camera, microphone, place, files, the whole screen. */
final class Chrome extends WebChromeClient {
  private final MainActivity shell;
  private ValueCallback<Uri[]> choosing;
  private Uri photo;
  private CustomViewCallback whole;

  Chrome(MainActivity shell) {
    this.shell = shell;
  }

  @Override
  public void onPermissionRequest(final PermissionRequest request) {
    if (!shell.config.own(request.getOrigin())) {
      request.deny();
      return;
    }
    // Only what the page asks for: a call without a picture does not ask for the camera.
    final List<String> wanted = new ArrayList<String>();
    for (String r : request.getResources()) {
      if (permission(r) != null) {
        wanted.add(permission(r));
      }
    }
    shell.ask.ask(wanted, new Ask.Answer() {
      @Override
      public void answered() {
        List<String> granted = new ArrayList<String>();
        for (String r : request.getResources()) {
          String p = permission(r);
          if (p != null && shell.ask.granted(p)) {
            granted.add(r);
          }
        }
        if (granted.isEmpty()) {
          request.deny();
        } else {
          request.grant(granted.toArray(new String[0]));
        }
      }
    });
  }

  private static String permission(String resource) {
    if (PermissionRequest.RESOURCE_VIDEO_CAPTURE.equals(resource)) {
      return Manifest.permission.CAMERA;
    }
    if (PermissionRequest.RESOURCE_AUDIO_CAPTURE.equals(resource)) {
      return Manifest.permission.RECORD_AUDIO;
    }
    return null;
  }

  @Override
  public void onGeolocationPermissionsShowPrompt(final String origin, final GeolocationPermissions.Callback callback) {
    if (!shell.config.own(Uri.parse(origin))) {
      callback.invoke(origin, false, false);
      return;
    }
    // Asked for together: from Android 12 on the precise place alone is refused without a question.
    shell.ask.ask(Arrays.asList(Manifest.permission.ACCESS_FINE_LOCATION, Manifest.permission.ACCESS_COARSE_LOCATION), new Ask.Answer() {
      @Override
      public void answered() {
        boolean granted = shell.ask.granted(Manifest.permission.ACCESS_FINE_LOCATION) || shell.ask.granted(Manifest.permission.ACCESS_COARSE_LOCATION);
        callback.invoke(origin, granted, false);
      }
    });
  }

  @Override
  public boolean onShowFileChooser(WebView view, ValueCallback<Uri[]> callback, final FileChooserParams params) {
    chosen(null);
    choosing = callback;
    if (!params.isCaptureEnabled() || !wantsImage(params.getAcceptTypes())) {
      return choose(params);
    }
    // A package that declares the camera may take a picture by another app only when it is granted.
    shell.ask.ask(Arrays.asList(Manifest.permission.CAMERA), new Ask.Answer() {
      @Override
      public void answered() {
        if (shell.ask.declared(Manifest.permission.CAMERA) && !shell.ask.granted(Manifest.permission.CAMERA) || !capture()) {
          choose(params);
        }
      }
    });
    return true;
  }

  private static boolean wantsImage(String[] types) {
    for (String t : types) {
      if (t.startsWith("image/")) {
        return true;
      }
    }
    return false;
  }

  private boolean choose(FileChooserParams params) {
    Intent pick = params.createIntent();
    if (params.getMode() == FileChooserParams.MODE_OPEN_MULTIPLE) {
      pick.putExtra(Intent.EXTRA_ALLOW_MULTIPLE, true);
    }
    return start(pick, MainActivity.CHOOSE);
  }

  private boolean capture() {
    photo = Files.fresh(shell, "photo.jpg");
    Intent take = new Intent(MediaStore.ACTION_IMAGE_CAPTURE).putExtra(MediaStore.EXTRA_OUTPUT, photo);
    take.setClipData(ClipData.newRawUri("", photo));
    take.addFlags(Intent.FLAG_GRANT_WRITE_URI_PERMISSION | Intent.FLAG_GRANT_READ_URI_PERMISSION);
    return start(take, MainActivity.CAPTURE);
  }

  private boolean start(Intent intent, int request) {
    try {
      shell.startActivityForResult(intent, request);
      return true;
    } catch (ActivityNotFoundException e) {
      if (request == MainActivity.CHOOSE) {
        shell.say(Words.NO_APP);
        chosen(null);
      }
      return request == MainActivity.CHOOSE;
    }
  }

  /** Takes the answer of the chooser or the camera. */
  void result(int request, boolean ok, Intent data) {
    if (!ok) {
      chosen(null);
    } else if (request == MainActivity.CAPTURE) {
      chosen(new Uri[] {photo});
    } else if (data != null && data.getClipData() != null) {
      ClipData clip = data.getClipData();
      Uri[] all = new Uri[clip.getItemCount()];
      for (int i = 0; i < all.length; i++) {
        all[i] = clip.getItemAt(i).getUri();
      }
      chosen(all);
    } else {
      chosen(data == null || data.getData() == null ? null : new Uri[] {data.getData()});
    }
  }

  /** Answers the page, which waits for ever otherwise and cannot ask again. */
  private void chosen(Uri[] files) {
    if (choosing != null) {
      choosing.onReceiveValue(files);
      choosing = null;
    }
  }

  @Override
  public void onShowCustomView(View view, CustomViewCallback callback) {
    whole = callback;
    shell.cover(view);
  }

  @Override
  public void onHideCustomView() {
    whole = null;
    shell.cover(null);
  }

  /** Leaves the whole screen; false when nothing took it. */
  boolean leaveWholeScreen() {
    if (whole == null) {
      return false;
    }
    whole.onCustomViewHidden();
    onHideCustomView();
    return true;
  }
}
