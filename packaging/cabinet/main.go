// Command cabinet packs files into a cabinet (.cab), compressed with LZX, for the
// packages of Windows: cabinet FILE... >CABINET. What Debian has for that knows
// only the older and weaker MSZIP.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "cabinet FILE... >CABINET")
		os.Exit(2)
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cabinet:", err)
		os.Exit(1)
	}
}

func run(paths []string) error {
	var files []file
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files = append(files, file{filepath.Base(path), data})
	}
	cab, err := cabinet(files)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(cab)
	return err
}

// file is a file of a cabinet: its name, in ASCII, and what is in it.
type file struct {
	name string
	data []byte
}

// Sizes and values of a cabinet's parts, [MS-CAB] 2.
const (
	headerSize = 36
	folderSize = 8
	fileSize   = 16 // and its name with a zero
	lzx        = 3 | windowBits<<8
	// No date: the same file makes the same cabinet. The first day of 1980.
	date       = 1<<5 | 1
	archive    = 0x20
	frameLimit = frameSize + 6144 // what readers have room for
)

// cabinet returns a cabinet of files, which are compressed as if they were one.
func cabinet(files []file) ([]byte, error) {
	var data []byte
	entries := 0
	for _, f := range files {
		data = append(data, f.data...)
		entries += fileSize + len(f.name) + 1
	}
	frames, err := compress(data)
	if err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	first := headerSize + folderSize + entries // of the frames
	size := first
	for _, f := range frames {
		if len(f) > frameLimit {
			return nil, fmt.Errorf("a frame of %d bytes, compressed", len(f))
		}
		size += 8 + len(f)
	}
	cab := make([]byte, 0, size)
	cab = append(cab, "MSCF\x00\x00\x00\x00"...)
	cab = le.AppendUint32(cab, uint32(size))
	cab = le.AppendUint32(cab, 0)
	cab = le.AppendUint32(cab, headerSize+folderSize) // where the files are listed
	cab = le.AppendUint32(cab, 0)
	cab = append(cab, 3, 1)                                      // version 1.3
	for _, v := range []uint16{1, uint16(len(files)), 0, 0, 0} { // folders, files, flags, set, number in it
		cab = le.AppendUint16(cab, v)
	}
	cab = le.AppendUint32(cab, uint32(first))
	cab = le.AppendUint16(cab, uint16(len(frames)))
	cab = le.AppendUint16(cab, lzx)
	begins := 0 // in the folder
	for _, f := range files {
		cab = le.AppendUint32(cab, uint32(len(f.data)))
		cab = le.AppendUint32(cab, uint32(begins))
		for _, v := range []uint16{0, date, 0, archive} { // folder, date, time, attributes
			cab = le.AppendUint16(cab, v)
		}
		cab = append(append(cab, f.name...), 0)
		begins += len(f.data)
	}
	for i, f := range frames {
		sizes := le.AppendUint16(nil, uint16(len(f)))
		sizes = le.AppendUint16(sizes, uint16(min(frameSize, len(data)-i*frameSize)))
		cab = le.AppendUint32(cab, checksum(sizes)^checksum(f))
		cab = append(append(cab, sizes...), f...)
	}
	return cab, nil
}

// checksum is the exclusive or of all words of four bytes. Of what is left at the
// end, the last byte is the lowest.
func checksum(b []byte) uint32 {
	var sum uint32
	for ; len(b) >= 4; b = b[4:] {
		sum ^= binary.LittleEndian.Uint32(b)
	}
	var rest uint32
	for _, c := range b {
		rest = rest<<8 | uint32(c)
	}
	return sum ^ rest
}
