package app.gonghui.mutate;

import java.util.ArrayList;
import java.util.List;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;
import org.junit.runner.notification.RunNotifier;
import org.junit.runners.model.FrameworkMethod;
import org.junit.runners.model.InitializationError;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.internal.bytecode.InstrumentationConfiguration;

/** The tests of one class, one at a time. */
final class Tests extends RobolectricTestRunner {
  Tests(Class<?> type) throws InitializationError {
    super(type);
  }

  @Override
  protected InstrumentationConfiguration createClassLoaderConfig(FrameworkMethod method) {
    return new InstrumentationConfiguration.Builder(super.createClassLoaderConfig(method)).doNotAcquirePackage("app.gonghui.mutate.").build();
  }

  /** One test on one API level. */
  final class One {
    private final FrameworkMethod method;
    final String name;

    /** How long it takes on the classes as they are, in milliseconds. */
    long usual;

    private One(FrameworkMethod method) {
      this.method = method;
      this.name = describeChild(method).getClassName().replaceAll(".*\\.", "") + "." + describeChild(method).getMethodName();
    }

    /** Runs the test; gives what it failed with, or null. */
    Throwable run() {
      Throwable[] failed = {null};
      RunNotifier notifier = new RunNotifier();
      notifier.addListener(new RunListener() {
        @Override
        public void testFailure(Failure failure) {
          failed[0] = failure.getException();
        }
      });
      runChild(method, notifier);
      return failed[0];
    }
  }

  List<One> all() {
    List<One> out = new ArrayList<>();
    for (FrameworkMethod m : getChildren()) {
      out.add(new One(m));
    }
    return out;
  }
}
