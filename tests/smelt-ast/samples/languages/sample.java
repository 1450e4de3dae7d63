package x;
/** Doc. */
@Service
public class A<T> { 
  /** Gets it. */
  @GetMapping("/x") public static String get(@PathVariable int id, String... n) { return "a\n" + id; }
  private void p() { this.get(1); new B(2); }
  A() {}
}
interface I { void q(); }
