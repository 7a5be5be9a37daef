package app

// Passphrases and PINs cost as little as they may.
func init() { passphraseMemory, passphraseTime = 8<<10, 1 }
