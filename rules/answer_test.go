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

func TestAnswerIsGuessed(t *testing.T) {
	for answer, want := range map[string]bool{
		"123": true, "1 2 3 4": true, "4321": true, "000": true, "121212": true, "abc": true, "XYZ": true, "aaa": true, "qwe": true,
		"qwerty": true, "asdfgh": true, "йцу": true, "йцукен": true, "Password": true, "I don't know": true, "нет": true, "не знаю": true,
		"没有": true, "密码": true, "لا أعرف": true, "Ninguno": true, "Réponse": true,

		"Rex": false, "Coco": false, "Anna": false, "1985": false, "1990": false, "Ada": false, "Genève": false, "北京": false, "علي": false, "": false,
	} {
		if got := AnswerIsGuessed(answer); got != want {
			t.Errorf("%q is guessed: %v, want %v", answer, got, want)
		}
	}
	for _, word := range noAnswers {
		if AnswerKey(word) != word {
			t.Errorf("%q is compared with %q", word, AnswerKey(word))
		}
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
