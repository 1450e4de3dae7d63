export interface A { m(x: string): void; }
abstract class B<T> implements A { private async foo(a: number, b?: string): Promise<void> { this.x!.y(); } }
export const f = async <T,>(x: T): Promise<T> => x;
function g(this: Window, ...a: any[]): asserts a is string {}
