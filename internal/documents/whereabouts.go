package documents

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// A telephone writes into a picture where it was taken: somebody's home, as likely as a
// building site. That is taken out of the original before it is stored, and the rest of the
// file stays as it is, bit by bit: what remains of the metadata tells how the camera was
// held and when. In EXIF 2.32 (CIPA DC-008) the place is the directory that tag 0x8825 of
// the first one points at; in XMP it is the properties exif:GPS….

const (
	tagGPS       = 0x8825
	mostMetadata = 1 << 20 // of one segment or chunk; larger ones are pictures within pictures
	entrySize    = 12      // of a directory
)

// region is a part of a file that may hold metadata; seal, where there is one, is over what
// stands before the last four bytes.
type region struct {
	at     int64
	size   int
	sealed bool
}

// forgetPlace takes the place out of a picture and tells whether one was in it.
func forgetPlace(file *spool, mime string) (found bool, err error) {
	var regions []region
	switch mime {
	case "image/jpeg":
		regions, err = jpegRegions(file)
	case "image/png":
		regions, err = pngRegions(file)
	case "image/webp":
		regions, err = webpRegions(file)
	case "image/heic", "image/heif":
		regions, err = heicRegions(file)
	}
	for _, r := range regions {
		if err != nil {
			return found, err
		}
		var had bool
		had, err = forgetIn(file, r)
		found = found || had
	}
	if err == nil && found {
		err = file.again()
	}
	return found, err
}

func forgetIn(file *spool, r region) (found bool, err error) {
	data := make([]byte, r.size)
	if _, err := file.ReadAt(data, r.at); err != nil {
		return false, err
	}
	body := data
	if r.sealed {
		body = data[:len(data)-4]
	}
	if !blankPlaces(body) {
		return false, nil
	}
	if r.sealed {
		binary.BigEndian.PutUint32(data[len(body):], crc32.ChecksumIEEE(body))
	}
	_, err = file.WriteAt(data, r.at)
	return true, err
}

// again reads the digest anew, after the file was changed.
func (f *spool) again() error {
	f.sum = sha256.New()
	_, err := io.Copy(f.sum, io.NewSectionReader(f.File, 0, f.size))
	return err
}

// blankPlaces empties every place that the bytes name.
func blankPlaces(data []byte) (found bool) {
	for at := 0; ; {
		next := tiffAt(data[at:])
		if next < 0 {
			break
		}
		at += next
		found = blankTIFF(data[at:]) || found
		at += 4
	}
	return blankXMP(data) || found
}

// tiffAt finds where a TIFF begins, as EXIF is written; -1: nowhere.
func tiffAt(data []byte) int {
	at := bytes.Index(data, []byte("II*\x00"))
	if big := bytes.Index(data, []byte("MM\x00*")); big >= 0 && (at < 0 || big < at) {
		at = big
	}
	return at
}

// blankTIFF empties the GPS directory of a TIFF.
func blankTIFF(tiff []byte) bool {
	if len(tiff) < 8 {
		return false
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	start := int64(order.Uint32(tiff[4:]))
	first, ok := directory(tiff, order, start)
	if !ok {
		return false
	}
	for entry := first; len(entry) >= entrySize; entry = entry[entrySize:] {
		if order.Uint16(entry) != tagGPS {
			continue
		}
		at := int64(order.Uint32(entry[8:]))
		gps, ok := directory(tiff, order, at)
		if !ok || len(gps) == 0 || at == start {
			return false
		}
		blankValues(tiff, order, gps)
		clear(gps)
		order.PutUint16(tiff[at:], 0)
		return true
	}
	return false
}

// directory is the entries of the directory at an offset.
func directory(tiff []byte, order binary.ByteOrder, at int64) ([]byte, bool) {
	if at < 8 || at+2 > int64(len(tiff)) {
		return nil, false
	}
	size := int64(order.Uint16(tiff[at:])) * entrySize
	if at+2+size > int64(len(tiff)) {
		return nil, false
	}
	return tiff[at+2 : at+2+size], true
}

// widths are the bytes of one value by TIFF's types.
var widths = map[uint16]int64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}

// blankValues empties what entries keep elsewhere, because it does not fit into them.
func blankValues(tiff []byte, order binary.ByteOrder, entries []byte) {
	for ; len(entries) >= entrySize; entries = entries[entrySize:] {
		size := widths[order.Uint16(entries[2:])] * int64(order.Uint32(entries[4:]))
		at := int64(order.Uint32(entries[8:]))
		if size > 4 && at >= 8 && at+size <= int64(len(tiff)) {
			clear(tiff[at : at+size])
		}
	}
}

// blankXMP writes spaces over the values of exif:GPS… properties, as attributes and as
// elements.
func blankXMP(data []byte) (found bool) {
	mark := []byte("exif:GPS")
	for at := bytes.Index(data, mark); at >= 0; at = bytes.Index(data, mark) {
		data = data[at+len(mark):]
		name := data[:min(len(data), 40)]
		if open := bytes.IndexAny(name, "=>"); open >= 0 {
			found = blankValue(data[open:]) || found
		}
	}
	return found
}

// blankValue writes spaces between quotes, or up to the next tag.
func blankValue(rest []byte) bool {
	from, end := 1, byte('<')
	if rest[0] == '=' && len(rest) > 1 {
		from, end = 2, rest[1]
	}
	if len(rest) < from {
		return false
	}
	size := bytes.IndexByte(rest[from:], end)
	if size <= 0 || len(bytes.TrimSpace(rest[from:from+size])) == 0 {
		return false
	}
	for i := range size {
		rest[from+i] = ' '
	}
	return true
}
