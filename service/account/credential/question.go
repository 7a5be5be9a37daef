package credential

import (
	"encoding/binary"
	"fmt"

	"plenary/api"
	"plenary/service/store"
)

// sealedQuestion is the purpose under which questions are sealed: they may be
// the person's own words.
const sealedQuestion = "secret-question"

// Question is a secret question and the hash of its answer.
type Question struct {
	Text   string // one of api.SecretQuestions, or the person's own words
	Own    bool
	Answer string // PHC string of rules.AnswerKey; empty for a made-up question
}

// Question reads that of an account; ok is false for none.
func (c *Credentials) Question(tx *store.Tx, accountID string) (q Question, ok bool) {
	var sealed []byte
	var own int64
	if !tx.Get(`SELECT question, own, answer FROM secret_questions WHERE account_id = $1`, accountID).Into(&sealed, &own, &q.Answer) {
		return q, false
	}
	plain, err := c.Key.Open(sealedQuestion, []byte(accountID), sealed)
	if err != nil {
		tx.Fail(fmt.Errorf("credential: open secret question: %w", err))
		return q, false
	}
	q.Text, q.Own = string(plain), own == 1
	return q, true
}

// KeepQuestion puts a question in the place of an earlier one.
func (c *Credentials) KeepQuestion(tx *store.Tx, accountID string, q Question) {
	tx.Do(`INSERT INTO secret_questions (account_id, question, own, answer, set_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id) DO UPDATE SET question = excluded.question, own = excluded.own, answer = excluded.answer,
			set_at = excluded.set_at`,
		accountID, c.Key.Seal(sealedQuestion, []byte(accountID), []byte(q.Text)), store.Bool(q.Own), q.Answer, store.Micros(c.Now()))
}

// DropQuestion removes the question of an account, and tells whether there was one.
func DropQuestion(tx *store.Tx, accountID string) bool {
	return tx.Do(`DELETE FROM secret_questions WHERE account_id = $1`, accountID) > 0
}

// MadeUpQuestion is what somebody is asked whose account has no question, or does
// not exist: always the same for it, and no answer is right.
func (c *Credentials) MadeUpQuestion(accountID string) Question {
	n := binary.BigEndian.Uint64(c.Key.MAC("made-up question", []byte(accountID)))
	return Question{Text: api.SecretQuestions[n%uint64(len(api.SecretQuestions))]}
}
