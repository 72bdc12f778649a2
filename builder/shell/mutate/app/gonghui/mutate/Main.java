package app.gonghui.mutate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs the shell's tests on its mutants, each only by the tests that come by the place changed, in one JVM.
 *
 * <p>Arguments: the compiled classes, the same with line numbers, the compiled tests, the file of results, seconds to work. Each line of
 * results is a mutant: id, class, line, kind, what was changed, what became of it (killed, slow, survived, unreached), the test that
 * saw it, and the sum of that test's class, or of all classes of tests when none did. A mutant that stands there with sums that still
 * hold is not run again, and tests that have not seen it and have not changed neither; the last line about a mutant counts. The file is
 * of these classes alone. The exit status is 0 when all have been run, {@link #MORE} when some are left.
 */
public final class Main {
  private static final int MORE = 3;

  /** After so many mutants it is tried whether the tests still pass without one. */
  private static final int BATCH = 25;

  /** So many tests are run on each mutant before the others are run on those that these do not see. */
  private static final int LIKELY = 12;

  /** A test on a mutant may take so many milliseconds of computing, and so many of waiting, beyond what it usually takes. */
  private static final long MOST_CPU = 6_000;
  private static final long MOST_WAIT = 45_000;

  private final Map<String, byte[]> classes;
  private final List<Mutant> mutants = new ArrayList<>();
  private final List<Tests.One> tests = new ArrayList<>();
  private final Map<Tests.One, BitSet> reached = new HashMap<>();
  private final Path results;

  /** Keeps where the tests come by, under the sum of all tests. */
  private final Path reach;

  private final Map<String, byte[]> testClasses;
  private final String sum;
  private final Map<String, String> sums = new HashMap<>();

  /** The classes of tests, with their sums, that have not seen a mutant. */
  private final Map<String, Set<String>> blind = new HashMap<>();
  private final Swap swap;

  /** What became of the latest mutants, and the tests that killed them. */
  private final List<String> pending = new ArrayList<>();
  private final Set<Tests.One> unproved = new LinkedHashSet<>();

  /** The tests that killed the mutants of a method, the latest first: they are likely to kill the next one. */
  private final Map<String, List<Tests.One>> killers = new HashMap<>();

  private Main(String[] arguments) throws Exception {
    classes = classes(Path.of(arguments[0]));
    Map<String, byte[]> lines = classes(Path.of(arguments[1]));
    for (String type : classes.keySet()) {
      mutants.addAll(Mutator.mutants(classes.get(type), lines.get(type)));
    }
    results = Path.of(arguments[3]);
    reach = Path.of(arguments[3] + ".reach");
    testClasses = classes(Path.of(arguments[2]));
    sum = sum(testClasses, name -> true);
    swap = new Swap(classes, mutants);
    try (Stream<Path> files = Files.list(Path.of(arguments[2], "app/gonghui/shell"))) {
      for (Path p : files.sorted().collect(Collectors.toList())) {
        String name = p.getFileName().toString();
        if (name.endsWith("Test.class")) {
          tests.addAll(new Tests(Class.forName("app.gonghui.shell." + name.replace(".class", ""))).all());
        }
      }
    }
  }

  private static Map<String, byte[]> classes(Path folder) throws IOException {
    Map<String, byte[]> out = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path p : files.filter(f -> f.toString().endsWith(".class")).collect(Collectors.toList())) {
        out.put(folder.relativize(p).toString().replace(".class", ""), Files.readAllBytes(p));
      }
    }
    return out;
  }

  public static void main(String[] arguments) throws Exception {
    long end = System.nanoTime() + Long.parseLong(arguments[4]) * 1_000_000_000L;
    int status = new Main(arguments).run(end);
    System.out.flush();
    // Threads of mutants may still run.
    Runtime.getRuntime().halt(status);
  }

  private int run(long end) throws Exception {
    Set<String> done = new HashSet<>();
    Set<String> once = new HashSet<>();
    if (Files.exists(results)) {
      for (String line : Files.readAllLines(results)) {
        String[] fields = line.split("\t", -1);
        once.add(fields[0]);
        if (sums(fields[6]).equals(fields[7])) {
          done.add(fields[0]);
        } else {
          done.remove(fields[0]);
          blind.put(fields[0], fields[6].isEmpty() ? Set.of(fields[7].split(" ")) : Set.of());
        }
      }
    }
    // What has never been run comes first: most of what lives goes on living.
    List<Integer> order = IntStream.range(0, mutants.size()).boxed().sorted(Comparator.comparing(i -> once.contains(mutants.get(i).id))).collect(Collectors.toList());
    reach();
    int ran = 0;
    List<Integer> hard = new ArrayList<>();
    for (int at = 0; at < order.size() + hard.size(); at++) {
      boolean first = at < order.size();
      int i = first ? order.get(at) : hard.get(at - order.size());
      Mutant m = mutants.get(i);
      if (done.contains(m.id)) {
        continue;
      }
      if (System.nanoTime() > end) {
        prove();
        System.out.println(ran + " mutants were run, " + (mutants.size() - done.size() - ran) + " are left");
        return MORE;
      }
      String[] fate = fate(m, i, first ? LIKELY : Integer.MAX_VALUE);
      if (fate == null) {
        hard.add(i);
        continue;
      }
      pending.add(String.join("\t", m.id, m.outermost(), String.valueOf(m.line), m.kind.name().toLowerCase(), m.what, fate[0], fate[1], sums(fate[1])));
      ran++;
      if (pending.size() >= BATCH) {
        prove();
      }
    }
    prove();
    return 0;
  }

  /** A test's class and its sum, or without a test all classes of tests and theirs. */
  private String sums(String test) {
    if (!test.isEmpty()) {
      return type(test) + ":" + sum(type(test));
    }
    return tests.stream().map(t -> type(t.name)).distinct().sorted().map(t -> t + ":" + sum(t)).collect(Collectors.joining(" "));
  }

  private static String type(String test) {
    return test.substring(0, test.indexOf('.'));
  }

  /** The sum of a class of tests with what it shares with others. */
  private String sum(String type) {
    String path = "app/gonghui/shell/" + type;
    return sums.computeIfAbsent(type, k -> sum(testClasses, name -> name.equals(path) || name.startsWith(path + "$") || name.equals("app/gonghui/shell/Shell")));
  }

  private static String sum(Map<String, byte[]> classes, Predicate<String> which) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      classes.forEach((name, code) -> {
        if (which.test(name)) {
          digest.update(code);
        }
      });
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Keeps the latest results if the tests that killed pass again with no mutant awake: a failure because of what an earlier mutant left
   * behind proves nothing.
   */
  private void prove() throws Exception {
    for (Tests.One t : unproved) {
      Throwable failed = run(t, new boolean[1]);
      if (failed != null) {
        System.err.println(t.name + " fails with no mutant awake, after " + pending);
        failed.printStackTrace();
        Runtime.getRuntime().halt(1);
      }
    }
    Files.write(results, pending, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    unproved.clear();
    pending.clear();
  }

  /** Where each test comes by, found out once for these classes and tests. */
  private void reach() throws Exception {
    Map<String, String[]> known = new HashMap<>();
    if (Files.exists(reach)) {
      List<String> lines = Files.readAllLines(reach);
      for (String line : lines.subList(1, lines.size())) {
        String[] fields = line.split("\t");
        known.put(fields[0], fields);
      }
      if (!lines.get(0).equals(sum)) {
        known.clear();
      }
    }
    if (known.isEmpty()) {
      probe();
      List<String> lines = new ArrayList<>(List.of(sum));
      for (Tests.One t : tests) {
        lines.add(t.name + "\t" + t.usual + "\t" + Base64.getEncoder().encodeToString(reached.get(t).toByteArray()));
      }
      Files.write(reach, lines, StandardCharsets.UTF_8);
      return;
    }
    for (Tests.One t : tests) {
      String[] fields = known.get(t.name);
      t.usual = Long.parseLong(fields[1]);
      reached.put(t, fields.length < 3 ? new BitSet() : BitSet.valueOf(Base64.getDecoder().decode(fields[2])));
    }
  }

  /** Runs all tests with no mutant awake and notes where each comes by. */
  private void probe() {
    for (Tests.One t : tests) {
      Probe.record();
      long began = System.nanoTime();
      Throwable failed = t.run();
      t.usual = (System.nanoTime() - began) / 1_000_000;
      reached.put(t, Probe.recorded());
      if (failed != null) {
        throw new IllegalStateException(t.name + " fails without any change", failed);
      }
    }
  }

  /** The tests that come by a mutant's place, the likeliest to see it first. A static initialiser concerns all that come by its class. */
  private List<Tests.One> concerned(Mutant m, int number) {
    List<Tests.One> out = new ArrayList<>();
    for (Tests.One t : tests) {
      BitSet seen = reached.get(t);
      boolean by = seen.get(number);
      for (int i = 0; m.initialises() && !by && i < mutants.size(); i++) {
        by = seen.get(i) && mutants.get(i).outermost().equals(m.outermost());
      }
      if (by) {
        out.add(t);
      }
    }
    List<Tests.One> likely = killers.getOrDefault(m.type + m.method, List.of());
    out.sort(Comparator.<Tests.One>comparingInt(t -> likely.contains(t) ? likely.indexOf(t) : likely.size()).thenComparingLong(t -> t.usual));
    return out;
  }

  /** What becomes of a mutant, and by which test; null when so many tests do not see it and others are left. */
  private String[] fate(Mutant m, int number, int most) throws Exception {
    List<Tests.One> concerned = concerned(m, number);
    if (concerned.isEmpty()) {
      return new String[] {"unreached", ""};
    }
    for (Tests.One t : concerned) {
      if (blind.getOrDefault(m.id, Set.of()).contains(sums(t.name))) {
        continue;
      }
      if (most-- == 0) {
        return null;
      }
      boolean[] slow = {false};
      Probe.wake(number);
      if (m.initialises()) {
        swap.init(m.type);
      }
      Throwable failed = run(t, slow);
      Probe.sleep();
      if (m.initialises()) {
        swap.init(m.type);
      }
      if (failed != null) {
        List<Tests.One> likely = killers.computeIfAbsent(m.type + m.method, k -> new ArrayList<>());
        likely.remove(t);
        likely.add(0, t);
        unproved.add(t);
        return new String[] {slow[0] ? "slow" : "killed", t.name};
      }
    }
    return new String[] {"survived", ""};
  }

  /** Runs a test, and ends it when it takes too long. */
  private static Throwable run(Tests.One t, boolean[] slow) throws InterruptedException {
    Throwable[] failed = {null};
    Thread runner = new Thread(() -> failed[0] = t.run(), "runner");
    Watch watch = new Watch();
    runner.start();
    while (true) {
      runner.join(200);
      if (!runner.isAlive()) {
        return failed[0];
      }
      if (watch.spent() > MOST_CPU + 4 * t.usual || watch.waited() > MOST_WAIT) {
        slow[0] = true;
        if (!watch.stop(runner)) {
          System.err.println(t.name + " cannot be ended");
          Runtime.getRuntime().halt(1);
        }
        return failed[0] == null ? new IllegalStateException("too slow") : failed[0];
      }
    }
  }
}
