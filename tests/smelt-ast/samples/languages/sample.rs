use std::fs;
/// Doc
/// more
pub async fn f(a: i32, b: &str) -> String { fs::read_to_string("x").unwrap() }
impl Foo { fn m(&self, r: u8) { println!("x"); } pub fn n() {} }
mod t { fn inner() {} }
