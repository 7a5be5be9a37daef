package localdb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plenary/rules"
)

func index(t testing.TB, docs ...Doc) *Index {
	t.Helper()
	for i := range docs {
		docs[i].ID = uint32(i)
	}
	x := NewIndex(docs)
	if err := x.Build(context.Background()); err != nil {
		t.Fatal(err)
	}
	return x
}

func texts(docs []Doc, hits []Hit) []string {
	var list []string
	for _, h := range hits {
		list = append(list, docs[h.ID].Text)
	}
	return list
}

func TestIndex_findsWhatPeopleType(t *testing.T) {
	docs := []Doc{
		{Text: "Łukasz Żółć"},
		{Text: "Юлия Щербакова", More: []string{"Yuliya Shcherbakova"}},
		{Text: "王小明", More: []string{"Wang Xiaoming"}},
		{Text: "محمد الأحمد"},
		{Text: "Conor O’Brien"},
		{Text: "Marie-Hélène Müller"},
		{Text: "Badge D04711"},
		{Text: "I.T.U. Secretariat"},
	}
	x := index(t, docs...)
	for query, want := range map[string]string{
		"lukasz": "Łukasz Żółć", "ZOLC": "Łukasz Żółć", "zo lu": "Łukasz Żółć", "ukas": "Łukasz Żółć",
		"щербак": "Юлия Щербакова", "shcher yul": "Юлия Щербакова",
		"小明": "王小明", "明": "王小明", "wang x": "王小明",
		"احمد": "محمد الأحمد", "الاحمد": "محمد الأحمد", "مُحَمَّد": "محمد الأحمد",
		"obrien": "Conor O’Brien", "o'brien": "Conor O’Brien", "brien": "Conor O’Brien",
		"mariehelene": "Marie-Hélène Müller", "marie hel": "Marie-Hélène Müller", "muller": "Marie-Hélène Müller",
		"04711": "Badge D04711", "d04711": "Badge D04711", "٠٤٧١١": "Badge D04711",
		"itu": "I.T.U. Secretariat", "i.t.u": "I.T.U. Secretariat",
	} {
		if got := texts(docs, x.Search(query, 10, nil)); len(got) != 1 || got[0] != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	for _, query := range []string{"", " ", "'", "marie schmidt", "zz", "hcherb x"} {
		if got := texts(docs, x.Search(query, 10, nil)); len(got) != 0 {
			t.Errorf("%q finds %q", query, got)
		}
	}
}

func TestIndex_putsTheBestFirst(t *testing.T) {
	docs := []Doc{
		{Text: "Smart Networks"},                       // inside a word
		{Text: "Somewhere", More: []string{"Artland"}}, // in More
		{Text: "Institute of Art"},                     // in the text
		{Text: "Arts and Crafts School"},               // begins
		{Text: "Artel"},                                // begins, shorter
	}
	x := index(t, docs...)
	want := []string{"Artel", "Arts and Crafts School", "Institute of Art", "Somewhere", "Smart Networks"}
	for room := range len(want) + 2 {
		if got := texts(docs, x.Search("art", room, nil)); !slices.Equal(got, want[:min(room, len(want))]) {
			t.Errorf("with room for %d: %q", room, got)
		}
	}
	odd := func(id uint32) bool { return id%2 == 1 }
	if got := texts(docs, x.Search("art", 10, odd)); !slices.Equal(got, []string{"Arts and Crafts School", "Somewhere"}) {
		t.Errorf("only odd ones: %q", got)
	}
}

func TestIndex_answersBeforeItIsBuilt(t *testing.T) {
	docs := []Doc{{ID: 0, Text: "Université de Genève"}, {ID: 1, Text: "ETH Zürich"}}
	x := NewIndex(docs)
	if got := texts(docs, x.Search("GENEVE univ", 5, nil)); !slices.Equal(got, []string{"Université de Genève"}) {
		t.Errorf("%q", got)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if err := x.Build(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("built though nobody wants it: %v", err)
	}
	if got := x.Search("zurich", 5, nil); len(got) != 1 {
		t.Errorf("%d hits after a build that was stopped", len(got))
	}
	if err := x.Build(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := x.Search("zurich", 5, nil); len(got) != 1 {
		t.Errorf("%d hits once built", len(got))
	}
}

func TestIndex_takesAnyQuery(t *testing.T) {
	x := index(t, Doc{Text: "a"}, Doc{Text: ""}, Doc{Text: "line\nfeed"}, Doc{Text: strings.Repeat("word ", 30_000)})
	for _, query := range []string{
		strings.Repeat("é", 1000), strings.Repeat("a b c d e f g h i j k l m n o p q r s t u v w x y z ", 10), "\xff\xfe", "\n", "line feed",
		strings.Repeat("ا", 500),
	} {
		x.Search(query, 3, nil)
	}
	if got := x.Search("feed line", 3, nil); len(got) != 1 || got[0].ID != 2 {
		t.Errorf("a text of two lines: %v", got)
	}
	if got := NewIndex(nil).Search("a", 3, nil); len(got) != 0 {
		t.Errorf("an empty index finds %v", got)
	}
}

// TestIndex_agreesWithItsModel: whatever the texts and the query, found is what
// has every word of the query in a word of its own, and nothing else.
func TestIndex_agreesWithItsModel(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abéŁ1王明")), 1, 4, -1)
	phrase := rapid.Map(rapid.SliceOfN(word, 1, 4), func(words []string) string { return strings.Join(words, " ") })
	rapid.Check(t, func(rt *rapid.T) {
		var docs []Doc
		for _, text := range rapid.SliceOfN(phrase, 0, 12).Draw(rt, "texts") {
			docs = append(docs, Doc{Text: text})
		}
		query := phrase.Filter(func(s string) bool { return len(rules.Fold(s)) > 1 }).Draw(rt, "query")
		x := index(t, docs...)
		var got, want []uint32
		for _, h := range x.Search(query, len(docs)+1, nil) {
			got = append(got, h.ID)
		}
		for _, d := range docs {
			missing := func(token string) bool { return !strings.Contains(rules.Fold(d.Text), token) }
			if !slices.ContainsFunc(rules.Tokens(query), missing) {
				want = append(want, d.ID)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			rt.Fatalf("%q in %v: %v, want %v", query, docs, got, want)
		}
	})
}

func TestIndex_isSafeForManyAtOnce(t *testing.T) {
	var docs []Doc
	for i := range 2000 {
		docs = append(docs, Doc{ID: uint32(i), Text: fmt.Sprintf("person %d of place %d", i, i%7)})
	}
	x := NewIndex(docs)
	var wait sync.WaitGroup
	for g := range 4 {
		wait.Go(func() {
			for i := range 100 {
				if hits := x.Search(fmt.Sprintf("pers %d", (g*100+i)%2000), 5, nil); len(hits) == 0 {
					t.Error("nobody found")
				}
			}
		})
	}
	if err := x.Build(context.Background()); err != nil {
		t.Error(err)
	}
	wait.Wait()
}

// BenchmarkIndex_people is the roster of a very large meeting: 100,000 people.
func BenchmarkIndex_people(b *testing.B) {
	random := rand.New(rand.NewPCG(3, 4))
	syllables := strings.Fields("an be ca do el fi ga ho is jo ka li ma no or pe qu ri sa te ul va wi ya zo Ще ла мо ри ни да ко 王 李 小 明")
	name := func() string {
		var s strings.Builder
		for range 2 + random.IntN(3) {
			s.WriteString(syllables[random.IntN(len(syllables))])
		}
		return s.String()
	}
	docs := make([]Doc, 100_000)
	for i := range docs {
		docs[i] = Doc{ID: uint32(i), Text: name() + " " + name() + " University of " + name(), More: []string{fmt.Sprintf("R-%08d", i)}}
	}
	start := time.Now()
	x := NewIndex(docs)
	if err := x.Build(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(time.Since(start).Milliseconds()), "build-ms")
	var took []time.Duration
	for b.Loop() {
		took = took[:0]
		for range 200 {
			query := []rune(docs[random.IntN(len(docs))].Text)
			for n := 1; n <= min(len(query), 15); n++ {
				start := time.Now()
				x.Search(string(query[:n]), 50, nil)
				took = append(took, time.Since(start))
			}
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "p50-us")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1000, "p99-us")
}
