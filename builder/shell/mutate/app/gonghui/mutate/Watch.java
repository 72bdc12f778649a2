package app.gonghui.mutate;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the threads that run the shell's code have computed since, and their end. */
final class Watch {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final long began = System.nanoTime();
  private final Map<Long, Long> before = new HashMap<>();

  Watch() {
    for (long id : THREADS.getAllThreadIds()) {
      before.put(id, THREADS.getThreadCpuTime(id));
    }
  }

  /** Milliseconds that the busiest thread has computed, the machine's other work not counted. */
  long spent() {
    long most = 0;
    for (long id : THREADS.getAllThreadIds()) {
      most = Math.max(most, THREADS.getThreadCpuTime(id) - before.getOrDefault(id, 0L));
    }
    return most / 1_000_000;
  }

  /** Milliseconds that have gone by. */
  long waited() {
    return (System.nanoTime() - began) / 1_000_000;
  }

  /** Ends the threads that are in the shell's code until the runner ends; false if it does not. */
  @SuppressWarnings({"deprecation", "removal"})
  boolean stop(Thread runner) throws InterruptedException {
    for (int i = 0; i < 50 && runner.isAlive(); i++) {
      List<Thread> inside = new ArrayList<>();
      Thread.getAllStackTraces().forEach((thread, stack) -> {
        for (StackTraceElement e : stack) {
          if (e.getClassName().startsWith("app.gonghui.shell.") && thread != runner) {
            inside.add(thread);
            break;
          }
        }
      });
      for (Thread t : inside) {
        t.stop();
      }
      runner.join(200);
    }
    return !runner.isAlive();
  }
}
