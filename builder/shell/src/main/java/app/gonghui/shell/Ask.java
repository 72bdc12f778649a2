package app.gonghui.shell;

import android.app.Activity;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import android.os.Build;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/** Asks the person for rights, one question at a time, and only for those that the package declares. */
final class Ask {
  interface Answer {
    /** Tells that the person has answered; what is granted is then to be looked up by {@link Ask#granted}. */
    void answered();
  }

  private final Activity activity;
  private final Queue<Question> waiting = new ArrayDeque<Question>();

  /** Whether the first that waits is on the screen, and the number of its request, beyond those of {@link MainActivity}. */
  private boolean open;
  private int number = 100;

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
    waiting.add(new Question(permissions, then));
    next();
  }

  /** Asks what waits the longest, if nothing is being asked: Android itself refuses a second question beside an open one. */
  private void next() {
    while (!open && !waiting.isEmpty()) {
      List<String> missing = missing(waiting.peek().permissions);
      if (missing.isEmpty() || Build.VERSION.SDK_INT < 23) {
        waiting.remove().then.answered();
        continue;
      }
      open = true;
      number++;
      activity.requestPermissions(missing.toArray(new String[0]), number);
    }
  }

  private List<String> missing(List<String> permissions) {
    List<String> out = new ArrayList<String>();
    for (String p : permissions) {
      if (declared(p) && !granted(p)) {
        out.add(p);
      }
    }
    return out;
  }

  void answered(int request) {
    if (open && request == number) {
      open = false;
      waiting.remove().then.answered();
      next();
    }
  }

  private static final class Question {
    final List<String> permissions;
    final Answer then;

    Question(List<String> permissions, Answer then) {
      this.permissions = permissions;
      this.then = then;
    }
  }
}
