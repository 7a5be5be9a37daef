package person

import (
	"slices"

	"plenary/api"
	"plenary/screens/kit"
)

// SecretQuestion is a secret question in words: one of api.SecretQuestions by
// its id, or the person's own. One that this program does not know yet is shown
// as it comes.
func SecretQuestion(env kit.Env, question string, own bool) string {
	if own || !slices.Contains(api.SecretQuestions, question) {
		return question
	}
	return env.T("question." + question)
}
