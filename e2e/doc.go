// Package e2e holds the tests of the real program in a real window: under Xvfb
// with a window manager, a session bus and a real keyring, against plenaryd as a
// process of its own that sends real mail to a real SMTP server.
//
// The program for Windows is tried the same way under Wine (wine_test.go), with
// the Credential Manager and its demonstration's service.
//
// The tests have the build tag e2e and need the binaries that `make e2e` and
// `make tour` build first. Start reading at tour_test.go; what a person does
// with mouse, keyboard and mail is in the packages below.
package e2e
