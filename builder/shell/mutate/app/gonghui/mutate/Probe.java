package app.gonghui.mutate;

import java.util.BitSet;

/** Which mutant is awake, and which places the shell's code comes by. The classes under test ask it at every place. */
public final class Probe {
  private static final int NONE = -1;

  private static volatile int awake = NONE;
  private static BitSet seen;

  private Probe() {}

  public static boolean awake(int mutant) {
    if (seen != null) {
      see(mutant);
    }
    return mutant == awake;
  }

  private static synchronized void see(int mutant) {
    if (seen != null) {
      seen.set(mutant);
    }
  }

  static void wake(int mutant) {
    awake = mutant;
  }

  static void sleep() {
    awake = NONE;
  }

  /** Notes from now on which places are come by. */
  static synchronized void record() {
    seen = new BitSet();
  }

  /** What was seen since; nothing is noted any more. */
  static synchronized BitSet recorded() {
    BitSet out = seen;
    seen = null;
    return out;
  }
}
