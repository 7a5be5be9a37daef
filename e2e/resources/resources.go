// Package resources reads what a Windows program says of itself: its icon, its
// version block and its manifest.
package resources

import (
	"debug/pe"
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
)

// Program is what a program says of itself.
type Program struct {
	IconSizes      []int             // pixels, of the icon that Windows shows
	Strings        map[string]string // of the version block: CompanyName and so on
	FileVersion    string            // the version block's numbers: 1.2.3.4
	ProductVersion string
	Manifest       string
}

// Types of resources.
const (
	typeGroupIcon = 14
	typeVersion   = 16
	typeManifest  = 24
)

// Read reads the resources of a 64-bit Windows program.
func Read(path string) (Program, error) {
	var p Program
	file, err := pe.Open(path)
	if err != nil {
		return p, fmt.Errorf("reading the program %s: %w", path, err)
	}
	defer file.Close()
	section := file.Section(".rsrc")
	if section == nil {
		return p, fmt.Errorf("%s has no resources", path)
	}
	content, err := section.Data()
	if err != nil {
		return p, fmt.Errorf("reading the resources of %s: %w", path, err)
	}
	t := tree{content, section.VirtualAddress}
	group, err := t.first(typeGroupIcon)
	if err != nil {
		return p, fmt.Errorf("the icon of %s: %w", path, err)
	}
	p.IconSizes = iconSizes(group)
	version, err := t.first(typeVersion)
	if err != nil {
		return p, fmt.Errorf("the version block of %s: %w", path, err)
	}
	p.Strings = map[string]string{}
	p.readVersion(version)
	manifest, err := t.first(typeManifest)
	p.Manifest = string(manifest)
	if err != nil {
		return p, fmt.Errorf("the manifest of %s: %w", path, err)
	}
	return p, nil
}

// tree is the section of the resources: folders for type, name and language.
type tree struct {
	content []byte
	address uint32 // of the section, once the program is in memory
}

// first gives the first resource of a type, the one that Windows takes.
func (t tree) first(kind uint32) (data []byte, err error) {
	defer func() {
		if recover() != nil { // an index out of range
			err = errors.New("it is cut off or damaged")
		}
	}()
	const folder = 1 << 31
	at := uint32(0)
	for level := range 3 {
		entries := int(t.uint16(at+12)) + int(t.uint16(at+14))
		next, found := uint32(0), false
		for i := range uint32(entries) {
			entry := at + 16 + 8*i
			if level > 0 || t.uint32(entry) == kind {
				next, found = t.uint32(entry+4), true
				break
			}
		}
		if !found {
			return nil, errors.New("there is none")
		}
		at = next &^ folder
	}
	start, size := t.uint32(at)-t.address, t.uint32(at+4)
	return t.content[start : start+size], nil
}

func (t tree) uint16(at uint32) uint16 { return binary.LittleEndian.Uint16(t.content[at:]) }
func (t tree) uint32(at uint32) uint32 { return binary.LittleEndian.Uint32(t.content[at:]) }

// iconSizes are the widths in a group of icons.
func iconSizes(group []byte) []int {
	var sizes []int
	for entry := 6; entry+14 <= len(group); entry += 14 {
		size := int(group[entry])
		if size == 0 {
			size = 256
		}
		sizes = append(sizes, size)
	}
	return sizes
}

// readVersion reads a block of VS_VERSIONINFO and those within it: length,
// length of the value, kind, key, value, blocks; each begins at a multiple of
// four bytes.
func (p *Program) readVersion(block []byte) {
	if len(block) < 6 {
		return
	}
	valueLength, isText := int(binary.LittleEndian.Uint16(block[2:])), binary.LittleEndian.Uint16(block[4:]) == 1
	key, at := text(block, 6)
	at = aligned(at)
	switch {
	case key == "VS_VERSION_INFO" && len(block) >= at+24:
		p.FileVersion, p.ProductVersion = numbers(block[at+8:]), numbers(block[at+16:])
	case isText && valueLength > 0:
		p.Strings[key], _ = text(block, at)
	}
	if isText {
		valueLength *= 2
	}
	for at = aligned(at + valueLength); at+6 <= len(block); {
		length := int(binary.LittleEndian.Uint16(block[at:]))
		if length == 0 || at+length > len(block) {
			return
		}
		p.readVersion(block[at : at+length])
		at = aligned(at + length)
	}
}

// numbers are the four of a version, two in each 32 bits.
func numbers(b []byte) string {
	high, low := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
	return fmt.Sprintf("%d.%d.%d.%d", high>>16, high&0xffff, low>>16, low&0xffff)
}

// text reads UTF-16 up to a zero, and says where what follows begins.
func text(b []byte, at int) (string, int) {
	var units []uint16
	for ; at+2 <= len(b); at += 2 {
		unit := binary.LittleEndian.Uint16(b[at:])
		if unit == 0 {
			return string(utf16.Decode(units)), at + 2
		}
		units = append(units, unit)
	}
	return string(utf16.Decode(units)), at
}

func aligned(at int) int { return (at + 3) &^ 3 }
