module M
class A < B
  # Doc here
  def foo(a, b = 1, *c, k: 2, **d) ; puts "x#{a}"; end
  def self.bar; end
  private
  def baz; end
end
end
