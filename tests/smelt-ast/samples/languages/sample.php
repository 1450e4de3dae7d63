<?php
/** Doc */
function f(int $a, $b = "x\n") { return $a . 'y\n'; }
class A { /** D */ public static function m($x) { $this->y($x); self::z(); } private function p() {} }
