package app.gonghui.shell;

import android.app.Activity;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import android.os.Build;
import android.util.SparseArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Asks the person for rights, one question at a time, and only for those that the package declares. */
final class Ask {
  interface Answer {
    /** Tells that the person has answered; what is granted is then to be looked up by {@link Ask#granted}. */
    void answered();
  }

  private final Activity activity;
  private final SparseArray<Answer> waiting = new SparseArray<Answer>();
  private int last = 100;

  Ask(Activity activity) {
    this.activity = activity;
  }

  boolean granted(String permission) {
    return activity.checkPermission(permission, android.os.Process.myPid(), android.os.Process.myUid()) == PackageManager.PERMISSION_GRANTED;
  }

  boolean declared(String permission) {
    try {
      PackageInfo info = activity.getPackageManager().getPackageInfo(activity.getPackageName(), PackageManager.GET_PERMISSIONS);
      return info.requestedPermissions != null && Arrays.asList(info.requestedPermissions).contains(permission);
    } catch (PackageManager.NameNotFoundException e) {
      return false;
    }
  }

  void ask(List<String> permissions, Answer then) {
    List<String> missing = new ArrayList<String>();
    for (String p : permissions) {
      if (declared(p) && !granted(p)) {
        missing.add(p);
      }
    }
    if (missing.isEmpty() || Build.VERSION.SDK_INT < 23) {
      then.answered();
      return;
    }
    last++;
    waiting.put(last, then);
    activity.requestPermissions(missing.toArray(new String[0]), last);
  }

  void answered(int request) {
    Answer then = waiting.get(request);
    waiting.remove(request);
    if (then != null) {
      then.answered();
    }
  }
}
