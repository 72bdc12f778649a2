package app.gonghui.shell;

import android.content.ContentProvider;
import android.content.ContentValues;
import android.content.Context;
import android.database.Cursor;
import android.database.MatrixCursor;
import android.net.Uri;
import android.os.ParcelFileDescriptor;
import android.provider.OpenableColumns;
import java.io.File;
import java.io.FileNotFoundException;
import java.util.List;
import java.util.UUID;

/** Hands single files to other apps: a picture to be taken, a package to be installed. Only whom the shell grants it may come. */
public final class Files extends ContentProvider {
  static final String PACKAGE = "application/vnd.android.package-archive";

  /** The folder for what is shared, which the system may empty. */
  static File folder(Context context) {
    File f = new File(context.getCacheDir(), "shared");
    f.mkdirs();
    return f;
  }

  /** An address for a new file of that ending; nobody can guess it. */
  static Uri fresh(Context context, String ending) {
    return address(context, UUID.randomUUID() + "-" + ending);
  }

  static Uri address(Context context, String name) {
    return new Uri.Builder().scheme("content").authority(context.getPackageName() + ".files").appendPath(name).build();
  }

  private File file(Uri uri) throws FileNotFoundException {
    List<String> path = uri.getPathSegments();
    String name = path.size() == 1 ? path.get(0) : "";
    // A name, not a path: what is outside the folder stays there.
    if (name.length() == 0 || name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw new FileNotFoundException(uri.toString());
    }
    return new File(folder(getContext()), name);
  }

  @Override
  public boolean onCreate() {
    return true;
  }

  @Override
  public ParcelFileDescriptor openFile(Uri uri, String mode) throws FileNotFoundException {
    return ParcelFileDescriptor.open(file(uri), ParcelFileDescriptor.parseMode(mode));
  }

  @Override
  public String getType(Uri uri) {
    return uri.getPath() != null && uri.getPath().endsWith(".apk") ? PACKAGE : "image/jpeg";
  }

  @Override
  public Cursor query(Uri uri, String[] columns, String where, String[] args, String order) {
    String[] names = columns == null ? new String[] {OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE} : columns;
    MatrixCursor out = new MatrixCursor(names);
    try {
      File f = file(uri);
      Object[] row = new Object[names.length];
      for (int i = 0; i < row.length; i++) {
        if (OpenableColumns.DISPLAY_NAME.equals(names[i])) {
          row[i] = f.getName();
        } else if (OpenableColumns.SIZE.equals(names[i])) {
          row[i] = f.length();
        }
      }
      out.addRow(row);
    } catch (FileNotFoundException e) {
      return out;
    }
    return out;
  }

  @Override
  public Uri insert(Uri uri, ContentValues values) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int delete(Uri uri, String where, String[] args) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int update(Uri uri, ContentValues values, String where, String[] args) {
    throw new UnsupportedOperationException();
  }
}
