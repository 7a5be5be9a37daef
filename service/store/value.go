package store

// Bool is how the database holds a yes or no.
func Bool(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
