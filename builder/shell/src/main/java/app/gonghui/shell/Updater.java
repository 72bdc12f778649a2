package app.gonghui.shell;

import android.app.AlertDialog;
import android.app.DownloadManager;
import android.content.ActivityNotFoundException;
import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.DialogInterface;
import android.content.Intent;
import android.content.IntentFilter;
import android.content.pm.PackageInfo;
import android.net.Uri;
import android.os.Build;
import android.os.Environment;
import android.os.ParcelFileDescriptor;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import org.json.JSONException;

/** Looks once a start whether the body offers a newer package, has it downloaded, checks it and hands it to the installer. */
final class Updater extends BroadcastReceiver {
  private static final int EXPORTED = 2; // Context.RECEIVER_EXPORTED, from Android 13 on: the download service is another app

  private final MainActivity shell;
  private Update update;
  private long download = -1;
  private boolean listening;

  Updater(MainActivity shell) {
    this.shell = shell;
  }

  /** Fetches the manifest away from the screen's thread. */
  void look() {
    if (shell.config.update.length() == 0) {
      return;
    }
    new Thread("update") {
      @Override
      public void run() {
        try {
          final String manifest = fetch(question());
          shell.runOnUiThread(new Runnable() {
            @Override
            public void run() {
              offer(manifest);
            }
          });
        } catch (IOException e) {
          // No network, no update: the next start looks again.
          return;
        }
      }
    }.start();
  }

  /** The manifest's address, which says who asks and what that is: by the number the body offers a release to some first. */
  private String question() {
    String address = shell.config.update;
    PackageInfo own = Update.info(shell.getPackageManager(), shell.getPackageName());
    return address + (address.indexOf('?') < 0 ? "?" : "&") + "install=" + new Consent(shell).install() + "&version=" + (own == null ? 0 : own.versionCode);
  }

  private static String fetch(String address) throws IOException {
    HttpURLConnection c = (HttpURLConnection) new URL(address).openConnection();
    c.setConnectTimeout(10_000);
    c.setReadTimeout(10_000);
    try {
      if (c.getResponseCode() != 200) {
        throw new IOException("HTTP " + c.getResponseCode());
      }
      InputStream in = c.getInputStream();
      try {
        return new String(Config.bytes(in, 64 << 10), "UTF-8");
      } finally {
        in.close();
      }
    } finally {
      c.disconnect();
    }
  }

  /** Shows what is new, if it is. */
  void offer(String manifest) {
    try {
      update = new Update(manifest, shell.chinese());
    } catch (JSONException e) {
      return;
    }
    if (shell.isFinishing() || !update.offers(shell.getPackageManager(), shell.getPackageName())) {
      return;
    }
    new AlertDialog.Builder(shell)
        .setTitle(Words.UPDATE_TITLE.in(shell.chinese()) + update.title)
        .setMessage(update.notes)
        .setNegativeButton(Words.LATER.in(shell.chinese()), null)
        .setPositiveButton(Words.UPDATE.in(shell.chinese()), new DialogInterface.OnClickListener() {
          @Override
          public void onClick(DialogInterface dialog, int which) {
            download();
          }
        })
        .show();
  }

  private DownloadManager downloads() {
    return (DownloadManager) shell.getSystemService(Context.DOWNLOAD_SERVICE);
  }

  private void download() {
    if (!listening) {
      IntentFilter done = new IntentFilter(DownloadManager.ACTION_DOWNLOAD_COMPLETE);
      if (Build.VERSION.SDK_INT >= 33) {
        shell.registerReceiver(this, done, EXPORTED);
      } else {
        shell.registerReceiver(this, done);
      }
      listening = true;
    }
    DownloadManager.Request request = new DownloadManager.Request(Uri.parse(update.url));
    request.setTitle(shell.config.name(shell.chinese()) + " " + update.title);
    request.setMimeType(Files.PACKAGE);
    request.setDestinationInExternalFilesDir(shell, Environment.DIRECTORY_DOWNLOADS, "update-" + update.version + ".apk");
    download = downloads().enqueue(request);
    shell.say(Words.DOWNLOADING);
  }

  @Override
  public void onReceive(Context context, Intent intent) {
    long id = intent.getLongExtra(DownloadManager.EXTRA_DOWNLOAD_ID, -1);
    if (download < 0 || id != download) {
      return;
    }
    download = -1;
    // A copy of our own is checked and installed: nobody can change it in between.
    File own = new File(Files.folder(shell), "update.apk");
    boolean good;
    try {
      copy(id, own);
      good = update.matches(own, shell.getPackageManager(), shell.getPackageName());
    } catch (IOException e) {
      good = false;
    }
    downloads().remove(id);
    if (!good) {
      own.delete();
      shell.say(Words.UPDATE_BAD);
      return;
    }
    install(own);
  }

  private void copy(long id, File to) throws IOException {
    ParcelFileDescriptor from = downloads().openDownloadedFile(id);
    InputStream in = new ParcelFileDescriptor.AutoCloseInputStream(from);
    try {
      OutputStream out = new FileOutputStream(to);
      try {
        byte[] buffer = new byte[8192];
        int n;
        while ((n = in.read(buffer)) > 0) {
          out.write(buffer, 0, n);
        }
      } finally {
        out.close();
      }
    } finally {
      in.close();
    }
  }

  void install(File file) {
    Uri uri;
    if (Build.VERSION.SDK_INT >= 24) {
      uri = Files.address(shell, file.getName());
    } else {
      // The installer of those days takes files only, and must be able to read them.
      file.setReadable(true, false);
      file.getParentFile().setExecutable(true, false);
      uri = Uri.fromFile(file);
    }
    Intent intent = new Intent(Intent.ACTION_VIEW)
        .setDataAndType(uri, Files.PACKAGE)
        .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION | Intent.FLAG_ACTIVITY_NEW_TASK);
    try {
      shell.startActivity(intent);
    } catch (ActivityNotFoundException e) {
      shell.say(Words.NO_APP);
    }
  }

  void stop() {
    if (listening) {
      shell.unregisterReceiver(this);
      listening = false;
    }
  }
}
