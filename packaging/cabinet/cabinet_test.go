package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// unpack lets cabextract read a cabinet: it checks sums and codes, and knows
// nothing of this program.
func unpack(cab []byte, name, dir string) (data, said []byte, err error) {
	file := filepath.Join(dir, "a.cab")
	if err := os.WriteFile(file, cab, 0o600); err != nil {
		return nil, nil, err
	}
	if said, err := exec.Command("cabextract", "-q", "-d", dir, file).CombinedOutput(); err != nil {
		return nil, said, err
	}
	data, err = os.ReadFile(filepath.Join(dir, name))
	return data, nil, err
}

func TestCabinet_givesBackWhatWentIn(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 3*frameSize+17)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	calls := bytes.Repeat([]byte{0xe8, 0x10, 0x00, 0x00, 0x00, 0x90, 0xe8, 0xf0, 0xff, 0xff, 0xff, 0xe8, 0xff, 0xff, 0xff, 0x7f}, 10_000)
	program, err := os.ReadFile(os.Args[0]) // this test
	if err != nil {
		t.Fatal(err)
	}
	program = program[:min(len(program), 3*blockSize+12345)]
	far := bytes.Clone(program[:frameSize])
	far = append(append(far, make([]byte, maxOffset)...), far...)
	for name, data := range map[string][]byte{
		"nothing":       nil,
		"one byte":      {7},
		"two bytes":     {7, 7},
		"a short text":  []byte("So short a text, so short a text."),
		"a frame":       noise[:frameSize],
		"a frame and 1": noise[:frameSize+1],
		"noise":         noise,
		"zeros":         make([]byte, 2*blockSize+1),
		"a block":       bytes.Repeat([]byte("abcdefgh"), blockSize/8),
		"calls":         calls,
		"far matches":   far,
		"a program":     program,
	} {
		t.Run(name, func(t *testing.T) {
			cab, err := cabinet([]file{{"file.bin", data}})
			if err != nil {
				t.Fatal(err)
			}
			got, said, err := unpack(cab, "file.bin", t.TempDir())
			if err != nil || !bytes.Equal(got, data) {
				t.Fatalf("%d bytes come back as %d (%v)\n%s", len(data), len(got), err, said)
			}
			t.Logf("%d bytes in %d", len(data), len(cab))
		})
	}
}

func TestCabinet_givesBackSeveralFiles(t *testing.T) {
	files := []file{
		{"plenary.exe", bytes.Repeat([]byte("a program "), 2*frameSize)},
		{"empty.txt", nil},
		{"notices.txt", []byte("A text that begins in the middle of a frame.")},
	}
	cab, err := cabinet(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if got, said, err := unpack(cab, f.name, t.TempDir()); err != nil || !bytes.Equal(got, f.data) {
			t.Errorf("the %d bytes of %s come back as %d (%v)\n%s", len(f.data), f.name, len(got), err, said)
		}
	}
}

// TestCabinet_ofAnything puts pieces together that repeat each other at any distance.
func TestCabinet_ofAnything(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 300), 1, 8).Draw(t, "pieces")
		var data []byte
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(pieces)-1), 1, 2000).Draw(t, "order") {
			data = append(data, pieces[i]...)
		}
		cab, err := cabinet([]file{{"file.bin", data}})
		if err != nil {
			t.Fatal(err)
		}
		got, said, err := unpack(cab, "file.bin", dir)
		if err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%d bytes come back as %d (%v)\n%s", len(data), len(got), err, said)
		}
	})
}

func TestCode_isCompleteAndNotTooLong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 1<<20), 2, mainSymbols).Draw(t, "counts")
		if rapid.Bool().Draw(t, "steep") { // as Fibonacci's numbers make the deepest trees
			for i := 2; i < min(len(counts), 40); i++ {
				counts[i] = counts[i-1] + counts[i-2]
			}
		}
		limit := uint8(rapid.IntRange(11, 16).Draw(t, "limit"))
		c := newCode(counts, limit)
		sum := 0
		for s, l := range c.lengths {
			if l > limit || counts[s] > 0 && l == 0 {
				t.Fatalf("symbol %d of count %d has %d bits", s, counts[s], l)
			}
			if l > 0 {
				sum += 1 << (16 - l)
			}
		}
		if sum != 1<<16 {
			t.Fatalf("the code fills %d of %d", sum, 1<<16)
		}
	})
}
