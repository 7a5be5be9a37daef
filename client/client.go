// Package client is the account service as Go calls: one method for each
// operation of package api, with typed errors.
package client
