//go:build !darwin

package main

import "plenary/platform/clipboard"

// conceal is kit.Env's.
func conceal(secret string) bool { return clipboard.SetSecret(secret) }
