package main
import ("fmt"; h "net/http")
// Add adds
// two.
func Add(a, b int, c ...string) (int, error) { return a + b, nil }
func (s *Server) handle(w h.ResponseWriter) { fmt.Println(`raw\n` + "x\n") }
type Server struct { x int }
