package store

// Owners are accounts and sign-ups, by the id that the two share, and nobody,
// with the empty id. What belongs to an owner refers to its row, and goes with it.

// AddOwner adds an owner, unless there is one of this id.
func (tx *Tx) AddOwner(id string) {
	tx.Do(`INSERT INTO owners (id) VALUES ($1) ON CONFLICT (id) DO NOTHING`, id)
}

// HoldOwner makes every other transaction that holds the same owner wait until this
// one ends, and tells whether there is such an owner (any more). Whoever changes
// an account, adds to what it has, or ends some of that, holds it before anything
// else of it is read: then what is read stays true, under READ COMMITTED too, and
// what is ended is all there is.
//
// Nobody is never held: everybody would wait for each other.
func (tx *Tx) HoldOwner(id string) (there bool) {
	var held int64
	tx.Together(HoldingOwner(&held, id))
	return held == 1
}

// HoldingOwner is HoldOwner among other statements (Tx.Together): held becomes 1 if
// there is such an owner.
func HoldingOwner(held *int64, id string) *Statement {
	return Change(held, `UPDATE owners SET turn = turn + 1 WHERE id = $1 AND id <> ''`, id)
}

// DeleteOwner removes an owner and all that belongs to it. Nothing can be added to
// it from then on: who tries waits for the end of the transaction, and finds no owner.
func (tx *Tx) DeleteOwner(id string) {
	tx.Do(`DELETE FROM owners WHERE id = $1 AND id <> ''`, id)
}
