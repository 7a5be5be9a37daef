package rules

import "testing"

func TestAnswerKey_leavesOutWhatDoesNotCount(t *testing.T) {
	for _, same := range [][]string{
		{"Madame Berthoud", "madame  BERTHOUD", "Madame-Berthoud!", "Mádame Berthoud"},
		{"Genève", "GENEVE", " genève. "},
		{"北京", "北 京"},
	} {
		for _, other := range same[1:] {
			if AnswerKey(other) != AnswerKey(same[0]) {
				t.Errorf("%q is %q, and %q is %q", other, AnswerKey(other), same[0], AnswerKey(same[0]))
			}
		}
	}
	if AnswerKey("Rex") == AnswerKey("Max") {
		t.Error("other answers are the same")
	}
}

func TestAnswerLongEnough(t *testing.T) {
	for answer, want := range map[string]bool{
		"": false, "ab": false, "a b": false, "--- !": false, "Rex": true, "r.e.x": true, "12": false, "1971": true,
		"京": false, "北京": true, "서울": true, "Ия": false, "Рим": true,
	} {
		if AnswerLongEnough(answer) != want {
			t.Errorf("%q: %v", answer, !want)
		}
	}
}
