package x
/** Doc */
class A { private fun p(a: Int, b: String = "x") = 1
 suspend fun q(): Int { return foo("a$b c") } }
fun top() {}
