using System;
namespace N { 
/// <summary>Doc</summary>
public class A { 
 /// <summary>M doc</summary>
 [HttpGet("x")] public async Task<int> M(int a, string b = "q") { Console.WriteLine($"a{b}c"); return 1; } private void P() {} } }
