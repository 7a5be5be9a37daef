package app

import "plenary/api"

// Directory is the list of organizations, searched in memory.
type Directory struct{}

// Search returns at most max organizations that fit the query, the best first.
// Empty membership or country means any; an empty query browses.
func (d *Directory) Search(query, membership, country string, max int) []api.Organization {
	return nil
}

// Ready says whether Search has something to search in.
func (d *Directory) Ready() bool { return false }

// Subscribe calls f when the directory became ready or changed.
func (d *Directory) Subscribe(f func()) (cancel func()) { return func() {} }
