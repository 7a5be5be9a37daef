package account

import (
	"bufio"
	"compress/gzip"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/localdb"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/words"
)

// realDirectory is the directory of the demonstration, searched as the program does.
type realDirectory struct{ *localdb.Directory }

func (realDirectory) Ready() bool             { return true }
func (realDirectory) Subscribe(func()) func() { return func() {} }
func newRealDirectory(b *testing.B) realDirectory {
	b.Helper()
	f, err := os.Open("../../service/directory/organizations.tsv.gz")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	var all []api.Organization
	for lines := bufio.NewScanner(z); lines.Scan(); {
		c := strings.Split(lines.Text(), "\t")
		all = append(all, api.Organization{ID: strconv.Itoa(len(all)), Country: c[0], Membership: c[1], Name: c[2], Domain: c[3]})
	}
	return realDirectory{localdb.NewDirectory(all, words.CountryNames)}
}

// BenchmarkKeystroke is how long the window stands still for a letter typed into a
// picker of the sign-up, drawing aside (keystroke-handler-ms).
func BenchmarkKeystroke(b *testing.B) {
	directory := newRealDirectory(b)
	for _, c := range []struct {
		name, country string
		entry         func(*Signup) *parts.Entry
		typed         []string
	}{
		{
			"country", "", func(s *Signup) *parts.Entry { return s.organization.Country.Entry() },
			[]string{"united kingdom of", "switzerland", "swizerland", "usa", "congo democratic", "côte", "исп", "中国"},
		},
		{
			"organization", "", func(s *Signup) *parts.Entry { return s.organization.Organization.Entry() },
			[]string{"university of", "telecom", "regent university college", "cern", "institute of tech", "wasserwerk"},
		},
		{
			"organization-of-a-country", "GH", func(s *Signup) *parts.Entry { return s.organization.Organization.Entry() },
			[]string{"university of", "telecom", "regent university college", "cern"},
		},
	} {
		b.Run(c.name, func(b *testing.B) {
			s, _ := newWalkedSignup(screentest.NewEnv(b), &fakeSignup{}, directory)
			w := screentest.Show(b, s.Content(), 1100, 740)
			if c.country != "" {
				screentest.Pick(s.organization.Country, c.country)
			}
			entry := c.entry(s)
			w.Canvas().Focus(entry)
			var took []time.Duration
			var best []time.Duration // of each letter, over the rounds: what a loaded machine does not spoil
			for b.Loop() {
				at := 0
				for _, text := range c.typed {
					for _, r := range text {
						start := time.Now()
						entry.TypedRune(r)
						d := time.Since(start)
						took = append(took, d)
						if at == len(best) {
							best = append(best, d)
						}
						best[at] = min(best[at], d)
						at++
					}
					entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
					entry.SetText("")
				}
			}
			for name, all := range map[string][]time.Duration{"": took, "best-": best} {
				slices.Sort(all)
				b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, name+"p50-ms")
				b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, name+"p99-ms")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
