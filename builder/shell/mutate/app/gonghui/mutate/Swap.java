package app.gonghui.mutate;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Loads the shell's classes with their mutants in them. */
public final class Swap implements ClassFileTransformer {
  private static Instrumentation jvm;

  private final Map<String, byte[]> compiled;
  private final Map<String, byte[]> schemas = new HashMap<>();

  public static void premain(String arguments, Instrumentation instrumentation) {
    jvm = instrumentation;
  }

  /** Takes the classes as they are compiled; what is loaded under their names must be these. */
  Swap(Map<String, byte[]> compiled, List<Mutant> mutants) {
    this.compiled = compiled;
    compiled.forEach((type, code) -> schemas.put(type, Mutator.schema(code, mutants)));
    jvm.addTransformer(this);
  }

  @Override
  public byte[] transform(ClassLoader loader, String type, Class<?> redefined, ProtectionDomain domain, byte[] code) {
    byte[] expected = compiled.get(type);
    if (expected == null || !sandbox(loader)) {
      return null;
    }
    if (!Arrays.equals(expected, code)) {
      System.err.println(type + " is loaded in another form than the one compiled");
      Runtime.getRuntime().halt(1);
    }
    return schemas.get(type);
  }

  /** Robolectric loads the app for each API level by a loader of its own. */
  private static boolean sandbox(ClassLoader loader) {
    return loader != null && loader.getClass().getName().contains("Sandbox");
  }

  /** Makes the statics of a class anew, wherever it is loaded. */
  void init(String type) throws ReflectiveOperationException {
    String name = type.replace('/', '.');
    for (Class<?> c : jvm.getAllLoadedClasses()) {
      if (!c.getName().equals(name) || !sandbox(c.getClassLoader())) {
        continue;
      }
      Method init = c.getDeclaredMethod(Mutator.INIT);
      init.setAccessible(true);
      try {
        init.invoke(null);
      } catch (InvocationTargetException e) {
        // A mutant that cannot even start: its tests see what it left undone.
        continue;
      }
    }
  }
}
