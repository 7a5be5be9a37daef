// Package rules holds what Plenary and the account service must judge alike:
// passwords, e-mail addresses, usernames, codes, meeting forms, registration
// states, and the folding under which names are searched. Everything in it is a
// pure function or a table: no files, no network, no clock, and no texts for
// people (those are in package words, keyed by the ids that are defined here).
//
// Each rule names the document that it comes from: a file of sources/,
// product.md or security.md, or a standard.
//
// Start reading at password.go, form.go and registration.go.
package rules
