module example.org/service

go 1.22

require github.com/google/uuid v1.6.0

require (
	golang.org/x/text v0.14.0 // indirect
	github.com/old/thing v1.0.0
)

replace github.com/old/thing v1.0.0 => github.com/new/thing v1.0.1

exclude github.com/bad/thing v0.1.0
