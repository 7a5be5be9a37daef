package app

import "time"

func init() {
	passphraseMemory, passphraseTime = 8<<10, 1 // passphrases and PINs cost as little as they may
	keepWorkAfter = 300 * time.Millisecond
}
