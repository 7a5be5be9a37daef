// Package withservice holds the tests of package app that have a real service behind
// them, apart so that a change of the service runs these anew and not all of app's.
package withservice
