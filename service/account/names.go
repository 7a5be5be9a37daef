package account

import (
	"math/rand/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// ByEmail finds the account that has an address.
func ByEmail(tx *store.Tx, emailKey string) (id string, ok bool) {
	ok = tx.Get(`SELECT id FROM accounts WHERE email_key = $1`, emailKey).Into(&id)
	return id, ok
}

// TakeUsername reserves the wished username, or with a number that makes it unique,
// for an account or sign-up, which is an owner from then on: 2 or 3, and for names
// that many wish for any number, of more digits the oftener one is taken.
func TakeUsername(tx *store.Tx, wish, owner string) (string, error) {
	tx.AddOwner(owner)
	names := []string{wish, rules.NumberedUsername(wish, 2), rules.NumberedUsername(wish, 3)}
	for numbers := 100; numbers <= 100_000_000; numbers *= 10 {
		for range 2 {
			names = append(names, rules.NumberedUsername(wish, 4+rand.IntN(numbers-4)))
		}
	}
	for _, name := range names {
		if tx.Do(`INSERT INTO usernames (username_key, owner) VALUES ($1, $2)
			ON CONFLICT (username_key) DO NOTHING`, rules.UsernameKey(name), owner) == 1 {
			return name, nil
		}
	}
	return "", api.Invalid(api.FieldError{Pointer: "/username", Code: api.FieldInvalid})
}

// RetakeUsername takes a username instead of the one that the owner has, which
// counts as free: who asks for it gets it back.
func RetakeUsername(tx *store.Tx, wish, owner string) (string, error) {
	ReleaseUsername(tx, owner)
	return TakeUsername(tx, wish, owner)
}

// ReleaseUsername makes the username of an account or sign-up free.
func ReleaseUsername(tx *store.Tx, owner string) {
	tx.Do(`DELETE FROM usernames WHERE owner = $1`, owner)
}
