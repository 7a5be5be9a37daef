package main

import (
	"fmt"
	"io"
	"strings"
)

const line = "--------------------------------------------------------------------------------"

// write writes all components, then every text once, since many share theirs. The
// same components make the same file.
func write(w io.Writer, components []component) {
	number := make(map[string]int)
	var all []notice
	fmt.Fprint(w, `Third-party notices

Plenary is made with the work of others. Here is what is part of this program, and
the notices and licences it comes with: the numbers are those of the texts below.

`)
	for _, c := range components {
		fmt.Fprint(w, c.name)
		said := make(map[int]bool)
		for _, n := range c.notices {
			n.text = tidy(n.text)
			i := number[n.text]
			if i == 0 {
				all = append(all, n)
				i = len(all)
				number[n.text] = i
			}
			if !said[i] {
				fmt.Fprintf(w, " [%d]", i)
			}
			said[i] = true
		}
		fmt.Fprintln(w)
	}
	for i, n := range all {
		fmt.Fprintf(w, "\n%s\n[%d] %s\n\n%s\n", line, i+1, n.file, n.text)
	}
}

// tidy leaves out what differs between copies of the same text and means nothing:
// how lines end, and empty lines before and after all.
func tidy(text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
