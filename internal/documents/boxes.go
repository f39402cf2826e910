package documents

import (
	"encoding/binary"
	"io"
)

// wholeHEIC reports whether a HEIC file holds a picture: it is a row of boxes (ISO/IEC
// 14496-12), one of which describes the picture and one of which is its data, each as long
// as it says. It is not drawn, so that no more can be told.
func wholeHEIC(file io.ReaderAt, size int64) bool {
	described, there := false, false
	head := make([]byte, 16)
	for at := int64(0); at+16 <= size && !(described && there); {
		if _, err := file.ReadAt(head, at); err != nil {
			return false
		}
		length := int64(binary.BigEndian.Uint32(head))
		switch length {
		case 0:
			length = size - at
		case 1:
			length = int64(binary.BigEndian.Uint64(head[8:]))
		}
		if length < 8 || length > size-at {
			return false
		}
		described = described || string(head[4:8]) == "meta"
		there = there || string(head[4:8]) == "mdat" && length > 16
		at += length
	}
	return described && there
}
