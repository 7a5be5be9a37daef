//go:build !darwin

package main

import "plenary/platform/proxy"

var systemProxy proxy.Lookup = proxy.Ask
