// Package torture holds a test of what must not happen whatever the network does: an
// operation that is lost, or done twice. Programs without a window queue operations, each a
// process that is killed again and again, behind a network that cuts, repeats and delays
// requests, and answers in the service's place. Start reading at torture_test.go.
package torture
