package app.gonghui.shell.recorded;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;

/**
 * Answers addresses like recorded://200/x with that status and notes what is done with the connection. Java finds it by its name and loads
 * it outside the test system: only system properties are the same on both sides, "recorded.body" with the answer and "recorded" with what
 * was done.
 */
public final class Handler extends URLStreamHandler {
  private static void note(String what) {
    System.setProperty("recorded", System.getProperty("recorded") + what + ";");
  }

  @Override
  protected URLConnection openConnection(final URL url) {
    return new HttpURLConnection(url) {
      @Override
      public void connect() {}

      @Override
      public boolean usingProxy() {
        return false;
      }

      @Override
      public void setConnectTimeout(int milliseconds) {
        note("connect " + milliseconds);
      }

      @Override
      public void setReadTimeout(int milliseconds) {
        note("read " + milliseconds);
      }

      @Override
      public int getResponseCode() {
        return Integer.parseInt(url.getHost());
      }

      @Override
      public InputStream getInputStream() {
        return new ByteArrayInputStream(System.getProperty("recorded.body").getBytes(StandardCharsets.UTF_8)) {
          @Override
          public void close() {
            note("closed");
          }
        };
      }

      @Override
      public void disconnect() {
        note("disconnected");
      }
    };
  }
}
