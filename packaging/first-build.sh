#!/bin/sh
# Says how long the first build takes, once: later ones find it in Go's cache.
[ -x build/plenary ] || [ -x build/e2e/plenary ] || {
	echo "Building. The first time this takes 3 to 6 minutes on two cores (OpenGL and the window library"
	echo "are compiled from C, SQLite from Go); afterwards seconds."
}
