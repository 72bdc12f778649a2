package app.gonghui.mutate;

/** One change of one instruction of one class. */
final class Mutant {
  /** What a change is made to. */
  enum Kind {
    BRANCH,
    CALL,
    CONSTANT
  }

  final String type;
  final String method;
  final String descriptor;
  /** The instruction's number among those of its method, labels and frames not counted. */
  final int at;
  final Kind kind;
  /** Which of the changes that this instruction allows. */
  final int choice;
  final String what;

  /** Stays the same as long as the method does: class, method, kind, number among the method's mutants of that kind. */
  String id;
  int line;

  Mutant(String type, String method, String descriptor, int at, Kind kind, int choice, String what) {
    this.type = type;
    this.method = method;
    this.descriptor = descriptor;
    this.at = at;
    this.kind = kind;
    this.choice = choice;
    this.what = what;
  }

  String simpleType() {
    return type.substring(type.lastIndexOf('/') + 1);
  }

  /** The class in whose file the code is written. */
  String outermost() {
    int inner = type.indexOf('$');
    return inner < 0 ? type : type.substring(0, inner);
  }

  /** Tells whether it is run when its class is loaded: there, or where the compiler lists an enum's members for it. */
  boolean initialises() {
    return method.equals("<clinit>") || method.equals("$values");
  }
}
