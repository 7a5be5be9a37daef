package confirmation

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/words"
)

var (
	made   = time.Date(2026, time.October, 2, 9, 30, 0, 0, time.UTC)
	signer = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
)

func keys(t *testing.T) []api.MeetingKey {
	t.Helper()
	public, ok := signer.Public().(ed25519.PublicKey)
	if !ok {
		t.Fatal("no public key")
	}
	return []api.MeetingKey{{ID: "0a0b0c0d", Meeting: "C-00016105", PublicKey: base64.RawStdEncoding.EncodeToString(public)}}
}

func document(t testing.TB, name string) Document {
	t.Helper()
	start := time.Date(2026, time.December, 22, 9, 0, 0, 0, time.UTC)
	m := &api.Meeting{
		Code: "C-00016105", Zone: "Europe/Zurich", Contact: "meetings@example.int",
		Title: api.Text{
			"en": "Sixth X.509 Day", "fr": "Sixième Journée X.509", "ru": "Шестой день X.509", "ar": "اليوم السادس X.509", "zh": "第六届 X.509 会议日",
		},
		Place: api.Text{"en": "Room A, Geneva", "ar": "القاعة A، جنيف", "zh": "日内瓦 A 厅"},
		Sessions: []api.MeetingSession{
			{Title: api.Text{"en": "Opening"}, Start: start, End: start.Add(3 * time.Hour)},
			{Title: api.Text{"en": "Closing"}, Start: start.AddDate(0, 0, 1), End: start.AddDate(0, 0, 1).Add(3 * time.Hour)},
		},
	}
	r := &api.Registration{
		Number: "R-7F3K-92QD", Meeting: m.Code, State: api.Confirmed, Participation: api.OnSite, BadgeName: name, JobTitle: "Head of Unit",
		Organization: "École polytechnique", Country: "CH", Companions: []api.Companion{{Name: "Jean Dupont"}, {Name: "Ίων Παπαδόπουλος"}},
	}
	code, err := rules.SignBadge(signer, rules.Badge{
		Kind: rules.BadgeOfConfirmation, Key: "0a0b0c0d", Meeting: m.Code, Registration: r.Number, Until: start.AddDate(0, 3, 0).Truncate(24 * time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Code = code
	return Document{Organization: "Example Organization", Meeting: m, Registration: r, Made: made}
}

// names are of people who write in many ways.
var names = map[string]string{
	"Latin":      "Žofie Łukasiewicz-Ñúñez",
	"Vietnamese": "Nguyễn Thị Ánh Tuyết",
	"Greek":      "Ελένη Παπαδοπούλου",
	"Cyrillic":   "Наталія Щербак",
	"Arabic":     "عبد الرحمن الخوارزمي",
	"Hebrew":     "יעל כהן",
	"Chinese":    "王小明",
	"Japanese":   "高橋 さくら",
	"Korean":     "홍길동",
	"Devanagari": "प्रियंका शर्मा",
	"Bengali":    "রবীন্দ্রনাথ ঠাকুর",
	"Tamil":      "கமலா ஹாரிஸ்",
	"Thai":       "สมชาย ใจดี",
	"Amharic":    "አበበ ቢቂላ",
	"Georgian":   "ნინო ბერიძე",
	"Armenian":   "Արամ Խաչատրյան",
	"mixed":      "Ana الخوارزمي 王",
}

// tool is a program that the test needs: packaging/system-packages.sh installs it.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
	cmd := exec.Command(name, args...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, complaints.String())
	}
	if complaints := strings.TrimSpace(complaints.String()); strings.Contains(complaints, "Error") {
		t.Errorf("%s: %s", name, complaints)
	}
	return out.String()
}

// written is a PDF in a file of its own.
func written(t *testing.T, lang string, d Document) (path string, missing []rune) {
	t.Helper()
	pdf, missing, err := Write(words.ForLetters(lang), d)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, pdf), missing
}

func file(t *testing.T, pdf []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "confirmation.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// needFonts leaves a test out where the fonts are missing that system-packages.sh installs.
func needFonts(t *testing.T) {
	t.Helper()
	lacks := ""
	if err := withFonts(func(f *fonts) error {
		for _, family := range []string{"Noto Sans", "Noto Sans CJK SC"} {
			if f.system == nil {
				lacks = family
			} else if _, ok := f.system.FindSystemFont(family); !ok {
				lacks = family
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if lacks != "" {
		t.Skipf("the font %s is not installed", lacks)
	}
}

// What others make of it: it renders, its QR code is one that the desk takes, and its text
// can be searched for.
func TestWrite_codeOnPaperVerifies(t *testing.T) {
	d := document(t, "Ana Ñúñez")
	path, missing := written(t, "en", d)
	if len(missing) > 0 {
		t.Errorf("letters without a font: %q", string(missing))
	}
	picture := strings.TrimSuffix(path, ".pdf")
	tool(t, "pdftoppm", "-png", "-r", "110", "-singlefile", path, picture)
	code := strings.TrimSpace(tool(t, "zbarimg", "--nodbus", "--quiet", "--raw", picture+".png"))
	b, err := rules.VerifyBadge(keys(t), d.Meeting.Code, code, made)
	if err != nil || b.Registration != d.Registration.Number || b.Kind != rules.BadgeOfConfirmation {
		t.Errorf("%q is read as %+v, %v", code, b, err)
	}
	text := tool(t, "pdftotext", "-layout", path, "-")
	for _, want := range []string{
		"Confirmation of registration", "Ana Ñúñez", "R-7F3K-92QD", "Sixth X.509 Day", "C-00016105", "Room A, Geneva", "10:00 – 13:00 (UTC+1)",
		"École polytechnique, Switzerland", "Jean Dupont, Ίων Παπαδόπουλος", "meetings@example.int", "Opening", "On site",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

func TestWrite_forgedCodeIsRefused(t *testing.T) {
	d := document(t, "Eve")
	forger := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize))
	forged, err := rules.SignBadge(forger, rules.Badge{
		Kind: rules.BadgeOfConfirmation, Key: "0a0b0c0d", Meeting: d.Meeting.Code, Registration: "R-EVEE-VEEV", Until: made.AddDate(1, 0, 0).Truncate(24 * time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Registration.Code = forged
	path, _ := written(t, "en", d)
	picture := strings.TrimSuffix(path, ".pdf")
	tool(t, "pdftoppm", "-png", "-r", "110", "-singlefile", path, picture)
	code := strings.TrimSpace(tool(t, "zbarimg", "--nodbus", "--quiet", "--raw", picture+".png"))
	if _, err := rules.VerifyBadge(keys(t), d.Meeting.Code, code, made); err == nil || code != forged {
		t.Errorf("taken: %s, %v", code, err)
	}
}

func TestWrite_namesInAnyScript(t *testing.T) {
	needFonts(t)
	for script, name := range names {
		path, missing := written(t, "en", document(t, name))
		if len(missing) > 0 {
			t.Errorf("%s: no font for %q", script, string(missing))
		}
		if text := tool(t, "pdftotext", path, "-"); script != "mixed" && !strings.Contains(text, name) {
			t.Errorf("%s: %q is not in %q", script, name, text)
		}
	}
}

// In each language of letters, also one that is written from the right.
func TestWrite_inEachLanguage(t *testing.T) {
	needFonts(t)
	for _, l := range words.Letters() {
		d := document(t, "Ana")
		path, missing := written(t, l.Code, d)
		if len(missing) > 0 {
			t.Errorf("%s: no font for %q", l.Code, string(missing))
		}
		picture := strings.TrimSuffix(path, ".pdf")
		tool(t, "pdftoppm", "-png", "-r", "110", "-singlefile", path, picture)
		keep(t, picture+".png", "confirmation-"+l.Code+".png")
	}
}

// A letter that no font has is told, and the rest is there.
func TestWrite_tellsOfMissingLetters(t *testing.T) {
	_, missing := written(t, "en", document(t, "Ana \U0003FFFD"))
	if string(missing) != "\U0003FFFD" {
		t.Errorf("missing %q", string(missing))
	}
}

func TestWrite_thePlaceOfWhoTakesPartRemotely(t *testing.T) {
	d := document(t, "Ana")
	d.Registration.Participation, d.Registration.Platform = api.Remote, "https://remote.example.int/1"
	path, _ := written(t, "en", d)
	text := tool(t, "pdftotext", "-layout", path, "-")
	for want, there := range map[string]bool{"https://remote.example.int/1": true, "Room A": false, "Show this code": false} {
		if strings.Contains(text, want) != there {
			t.Errorf("%q: there %v, want %v, in:\n%s", want, !there, there, text)
		}
	}
}

// Whatever is long goes on in other lines, and on another page.
func TestWrite_longTexts(t *testing.T) {
	d := document(t, strings.Repeat("Maximilian ", 9))
	d.Meeting.Title = api.Text{"en": strings.Repeat("Conference of the Parties ", 20)}
	for range 40 {
		d.Meeting.Sessions = append(d.Meeting.Sessions, d.Meeting.Sessions[1])
		d.Registration.Companions = append(d.Registration.Companions, api.Companion{Name: "Somebody With A Long Name"})
	}
	path, _ := written(t, "en", d)
	if got := tool(t, "pdfinfo", path); !strings.Contains(got, "Pages:           3") {
		t.Error(got)
	}
	if n := strings.Count(tool(t, "pdftotext", path, "-"), "Closing"); n != 41 {
		t.Errorf("%d sessions, want 41", n)
	}
}

func BenchmarkWrite(b *testing.B) {
	d := document(b, "Ana Ñúñez")
	w := words.ForLetters("en")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Write(w, d); err != nil {
			b.Fatal(err)
		}
	}
}
