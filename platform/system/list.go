package system

// ListSeparator is what stands between the values of a list where this person lives, and
// what a spreadsheet program expects between the cells of a CSV file; empty where the
// system does not say.
func ListSeparator() string { return listSeparator() }
