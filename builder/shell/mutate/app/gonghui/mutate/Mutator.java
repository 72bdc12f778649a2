package app.gonghui.mutate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/**
 * Makes mutants of compiled classes, of every branch, call and constant:
 *
 * <ul>
 *   <li>a condition is turned round, and where it is about more or less, its border is moved by one; a case goes where the others go;
 *   <li>a call is left out, its result being 0, false or null, or what it was called on where that is of the same type; an object
 *       is made and thrown away;
 *   <li>a number is one more, 1 is 0; a text is empty, an empty one is not.
 * </ul>
 *
 * What cannot be: the call of another constructor of the same object, without which a class is not valid, and null, beside which
 * there is nothing. All changes leave the types on the stack as they are.
 */
final class Mutator {
  /** Where the body of a static initialiser is while mutants are run, so that it can be run again. */
  static final String INIT = "mutate$init";

  private Mutator() {}

  static ClassNode read(byte[] code) {
    ClassNode n = new ClassNode();
    new ClassReader(code).accept(n, ClassReader.SKIP_FRAMES);
    return n;
  }

  /** All mutants of a class; lines is the same class compiled with line numbers. */
  static List<Mutant> mutants(byte[] code, byte[] lines) {
    ClassNode c = read(code);
    ClassNode numbered = read(lines);
    List<Mutant> out = new ArrayList<>();
    for (int i = 0; i < c.methods.size(); i++) {
      MethodNode m = c.methods.get(i);
      List<Mutant> found = mutants(c.name, m);
      name(found, c, m);
      int[] at = lines(m, numbered.methods.get(i));
      for (Mutant f : found) {
        f.line = at[f.at];
      }
      out.addAll(found);
    }
    return out;
  }

  private static List<Mutant> mutants(String type, MethodNode m) {
    List<Mutant> out = new ArrayList<>();
    int fresh = 0; // objects that are made and not yet initialised
    List<AbstractInsnNode> all = real(m.instructions);
    for (int at = 0; at < all.size(); at++) {
      AbstractInsnNode n = all.get(at);
      if (n.getOpcode() == Opcodes.NEW) {
        fresh++;
      }
      if (n instanceof JumpInsnNode && n.getOpcode() != Opcodes.GOTO) {
        out.add(new Mutant(type, m.name, m.desc, at, Mutant.Kind.BRANCH, 0, "a condition turned round"));
        if (border(n.getOpcode()) != n.getOpcode()) {
          out.add(new Mutant(type, m.name, m.desc, at, Mutant.Kind.BRANCH, 1, "a border moved by one"));
        }
      }
      List<LabelNode> cases = cases(n);
      for (int i = 0; i < cases.size(); i++) {
        if (cases.get(i) != other(n)) {
          out.add(new Mutant(type, m.name, m.desc, at, Mutant.Kind.BRANCH, i, "a case left out"));
        }
      }
      if (n instanceof MethodInsnNode) {
        MethodInsnNode call = (MethodInsnNode) n;
        String owner = call.owner.substring(call.owner.lastIndexOf('/') + 1);
        if (!call.name.equals("<init>")) {
          out.add(new Mutant(type, m.name, m.desc, at, Mutant.Kind.CALL, 0, owner + "." + call.name + " not called"));
        } else if (fresh > 0) {
          fresh--;
          out.add(new Mutant(type, m.name, m.desc, at, Mutant.Kind.CALL, 0, "new " + owner + " is null"));
        }
      }
      Object value = constant(n);
      if (value != null) {
        Object other = n instanceof IincInsnNode ? (Integer) value + 1 : next(value);
        out.add(new Mutant(type, m.name, m.desc, at, Mutant.Kind.CONSTANT, 0, said(value) + " is " + said(other)));
      }
    }
    return out;
  }

  private static String said(Object value) {
    return value instanceof String ? '"' + value.toString() + '"' : value.toString();
  }

  private static void name(List<Mutant> found, ClassNode c, MethodNode m) {
    long same = c.methods.stream().filter(o -> o.name.equals(m.name)).count();
    StringBuilder name = new StringBuilder(m.name);
    if (same > 1) {
      name.append('(');
      for (Type t : Type.getArgumentTypes(m.desc)) {
        name.append(name.charAt(name.length() - 1) == '(' ? "" : ",").append(t.getClassName().replaceAll(".*[.$]", ""));
      }
      name.append(')');
    }
    Map<Mutant.Kind, Integer> count = new HashMap<>();
    for (Mutant f : found) {
      f.id = f.simpleType() + "." + name + " " + f.kind.name().toLowerCase() + " " + count.merge(f.kind, 1, Integer::sum);
    }
  }

  private static int[] lines(MethodNode plain, MethodNode numbered) {
    List<AbstractInsnNode> all = real(plain.instructions);
    int[] out = new int[all.size()];
    int at = 0;
    int line = 0;
    for (AbstractInsnNode n : numbered.instructions) {
      if (n instanceof LineNumberNode) {
        line = ((LineNumberNode) n).line;
      } else if (n.getOpcode() >= 0) {
        if (n.getOpcode() != all.get(at).getOpcode()) {
          throw new IllegalStateException("the classes with line numbers are of other sources");
        }
        out[at++] = line;
      }
    }
    return out;
  }

  /**
   * The class with all its mutants, of which {@link Probe} wakes one at a time: each place asks it first. Numbers are places in all. With
   * none awake the instructions that are carried out are those of the class as it is. Its static initialiser can be run again by {@link
   * #INIT}.
   */
  static byte[] schema(byte[] code, List<Mutant> all) {
    ClassNode c = read(code);
    Map<String, List<AbstractInsnNode>> before = new HashMap<>();
    for (MethodNode m : c.methods) {
      before.put(m.name + m.desc, real(m.instructions));
    }
    for (int i = 0; i < all.size(); i++) {
      Mutant m = all.get(i);
      if (m.type.equals(c.name)) {
        MethodNode method = method(c, m.method, m.descriptor);
        plant(method.instructions, before.get(m.method + m.descriptor).get(m.at), m, i);
      }
    }
    repeatable(c);
    ClassWriter w = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
    c.accept(w);
    return w.toByteArray();
  }

  /** Puts a mutant of an instruction before it, to be taken instead when it is awake; what is lost, after it. */
  private static void plant(InsnList code, AbstractInsnNode n, Mutant m, int number) {
    boolean lost = n instanceof MethodInsnNode && ((MethodInsnNode) n).name.equals("<init>");
    LabelNode asleep = new LabelNode();
    InsnList planted = new InsnList();
    planted.add(new LdcInsnNode(number));
    planted.add(new MethodInsnNode(Opcodes.INVOKESTATIC, "app/gonghui/mutate/Probe", "awake", "(I)Z", false));
    planted.add(new JumpInsnNode(Opcodes.IFEQ, asleep));
    if (lost) {
      planted.add(new InsnNode(Opcodes.POP));
      planted.add(new InsnNode(Opcodes.ACONST_NULL));
      planted.add(asleep);
      code.insert(n, planted);
      return;
    }
    LabelNode after = new LabelNode();
    planted.add(instead(n, m));
    planted.add(new JumpInsnNode(Opcodes.GOTO, after));
    planted.add(asleep);
    code.insertBefore(n, planted);
    code.insert(n, after);
  }

  private static InsnList instead(AbstractInsnNode n, Mutant m) {
    if (n instanceof MethodInsnNode) {
      return uncalled((MethodInsnNode) n);
    }
    InsnList out = new InsnList();
    if (n instanceof JumpInsnNode) {
      out.add(new JumpInsnNode(m.choice == 0 ? turned(n.getOpcode()) : border(n.getOpcode()), ((JumpInsnNode) n).label));
    } else if (n instanceof TableSwitchInsnNode) {
      TableSwitchInsnNode s = (TableSwitchInsnNode) n;
      out.add(new TableSwitchInsnNode(s.min, s.max, s.dflt, without(s.labels, m.choice, s.dflt)));
    } else if (n instanceof LookupSwitchInsnNode) {
      LookupSwitchInsnNode s = (LookupSwitchInsnNode) n;
      int[] keys = s.keys.stream().mapToInt(Integer::intValue).toArray();
      out.add(new LookupSwitchInsnNode(s.dflt, keys, without(s.labels, m.choice, s.dflt)));
    } else if (n instanceof IincInsnNode) {
      out.add(new IincInsnNode(((IincInsnNode) n).var, ((IincInsnNode) n).incr + 1));
    } else {
      out.add(new LdcInsnNode(next(constant(n))));
    }
    return out;
  }

  private static LabelNode[] without(List<LabelNode> labels, int choice, LabelNode other) {
    LabelNode[] out = labels.toArray(new LabelNode[0]);
    out[choice] = other;
    return out;
  }

  private static void repeatable(ClassNode c) {
    MethodNode init = method(c, "<clinit>", "()V");
    if (init == null) {
      return;
    }
    init.name = INIT;
    init.access |= Opcodes.ACC_SYNTHETIC;
    for (FieldNode f : c.fields) {
      if ((f.access & Opcodes.ACC_STATIC) != 0 && f.value == null) {
        f.access &= ~Opcodes.ACC_FINAL;
      }
    }
    MethodNode caller = new MethodNode(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
    caller.instructions.add(new MethodInsnNode(Opcodes.INVOKESTATIC, c.name, INIT, "()V", false));
    caller.instructions.add(new InsnNode(Opcodes.RETURN));
    c.methods.add(caller);
  }

  private static MethodNode method(ClassNode c, String name, String descriptor) {
    for (MethodNode m : c.methods) {
      if (m.name.equals(name) && m.desc.equals(descriptor)) {
        return m;
      }
    }
    return null;
  }

  /** The instructions without labels, frames and line numbers. */
  private static List<AbstractInsnNode> real(InsnList list) {
    List<AbstractInsnNode> out = new ArrayList<>();
    for (AbstractInsnNode n : list) {
      if (n.getOpcode() >= 0) {
        out.add(n);
      }
    }
    return out;
  }

  private static List<LabelNode> cases(AbstractInsnNode n) {
    if (n instanceof TableSwitchInsnNode) {
      return ((TableSwitchInsnNode) n).labels;
    }
    return n instanceof LookupSwitchInsnNode ? ((LookupSwitchInsnNode) n).labels : List.of();
  }

  private static LabelNode other(AbstractInsnNode n) {
    return n instanceof TableSwitchInsnNode ? ((TableSwitchInsnNode) n).dflt : ((LookupSwitchInsnNode) n).dflt;
  }

  /** The opposite condition: they stand in pairs (JVMS 6.5). */
  private static int turned(int opcode) {
    if (opcode >= Opcodes.IFNULL) {
      return opcode ^ 1;
    }
    return (opcode - Opcodes.IFEQ ^ 1) + Opcodes.IFEQ;
  }

  private static int border(int opcode) {
    switch (opcode) {
      case Opcodes.IFLT:
        return Opcodes.IFLE;
      case Opcodes.IFLE:
        return Opcodes.IFLT;
      case Opcodes.IFGT:
        return Opcodes.IFGE;
      case Opcodes.IFGE:
        return Opcodes.IFGT;
      case Opcodes.IF_ICMPLT:
        return Opcodes.IF_ICMPLE;
      case Opcodes.IF_ICMPLE:
        return Opcodes.IF_ICMPLT;
      case Opcodes.IF_ICMPGT:
        return Opcodes.IF_ICMPGE;
      case Opcodes.IF_ICMPGE:
        return Opcodes.IF_ICMPGT;
      default:
        return opcode;
    }
  }

  /** A call left out: its arguments are thrown away. */
  private static InsnList uncalled(MethodInsnNode call) {
    InsnList instead = new InsnList();
    Type[] arguments = Type.getArgumentTypes(call.desc);
    for (int i = arguments.length - 1; i >= 0; i--) {
      instead.add(new InsnNode(arguments[i].getSize() == 2 ? Opcodes.POP2 : Opcodes.POP));
    }
    Type result = Type.getReturnType(call.desc);
    boolean of = call.getOpcode() != Opcodes.INVOKESTATIC;
    if (!of || !result.equals(Type.getObjectType(call.owner))) {
      if (of) {
        instead.add(new InsnNode(Opcodes.POP));
      }
      if (result.getSort() != Type.VOID) {
        instead.add(new InsnNode(nothing(result)));
      }
    }
    return instead;
  }

  private static int nothing(Type t) {
    switch (t.getSort()) {
      case Type.LONG:
        return Opcodes.LCONST_0;
      case Type.FLOAT:
        return Opcodes.FCONST_0;
      case Type.DOUBLE:
        return Opcodes.DCONST_0;
      case Type.ARRAY:
      case Type.OBJECT:
        return Opcodes.ACONST_NULL;
      default:
        return Opcodes.ICONST_0;
    }
  }

  /** The constant that an instruction brings, or null. */
  private static Object constant(AbstractInsnNode n) {
    int op = n.getOpcode();
    if (op >= Opcodes.ICONST_M1 && op <= Opcodes.ICONST_5) {
      return op - Opcodes.ICONST_0;
    }
    if (op == Opcodes.LCONST_0 || op == Opcodes.LCONST_1) {
      return (long) (op - Opcodes.LCONST_0);
    }
    if (op >= Opcodes.FCONST_0 && op <= Opcodes.FCONST_2) {
      return (float) (op - Opcodes.FCONST_0);
    }
    if (op == Opcodes.DCONST_0 || op == Opcodes.DCONST_1) {
      return (double) (op - Opcodes.DCONST_0);
    }
    if (op == Opcodes.BIPUSH || op == Opcodes.SIPUSH) {
      return ((IntInsnNode) n).operand;
    }
    if (op == Opcodes.IINC) {
      return ((IincInsnNode) n).incr;
    }
    if (op == Opcodes.LDC && !(((LdcInsnNode) n).cst instanceof Type)) {
      return ((LdcInsnNode) n).cst;
    }
    return null;
  }

  private static Object next(Object value) {
    if (value instanceof Integer) {
      return (Integer) value == 1 ? 0 : (Integer) value + 1;
    }
    if (value instanceof Long) {
      return (Long) value == 1 ? 0L : (Long) value + 1;
    }
    if (value instanceof Float) {
      return (Float) value == 1 ? 0f : (Float) value + 1;
    }
    if (value instanceof Double) {
      return (Double) value == 1 ? 0.0 : (Double) value + 1;
    }
    return ((String) value).isEmpty() ? "x" : "";
  }
}
