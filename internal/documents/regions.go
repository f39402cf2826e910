package documents

import (
	"encoding/binary"
	"errors"
	"io"
)

// jpegRegions are the APP1 segments before the pixels.
func jpegRegions(file *spool) (out []region, err error) {
	head := make([]byte, 4)
	for at := int64(2); ; {
		if _, err := file.ReadAt(head, at); err != nil || head[0] != 0xff || head[1] == markerScan {
			return out, none(err)
		}
		size := int64(binary.BigEndian.Uint16(head[2:]))
		if size < 2 {
			return out, nil
		}
		if head[1] == markerExif && at+2+size <= file.size {
			out = append(out, region{at: at + 4, size: int(size - 2)})
		}
		at += 2 + size
	}
}

// pngRegions are the chunks that may hold EXIF or XMP, each with its type, over which the
// seal is taken too.
func pngRegions(file *spool) (out []region, err error) {
	head := make([]byte, 8)
	for at := int64(8); ; {
		if _, err := file.ReadAt(head, at); err != nil {
			return out, none(err)
		}
		size := int64(binary.BigEndian.Uint32(head))
		switch string(head[4:]) {
		case "eXIf", "iTXt", "tEXt":
			if size <= mostMetadata && at+12+size <= file.size {
				out = append(out, region{at: at + 4, size: int(size) + 8, sealed: true})
			}
		case "IEND":
			return out, nil
		}
		at += 12 + size
	}
}

// webpRegions are the chunks EXIF and XMP of a RIFF file.
func webpRegions(file *spool) (out []region, err error) {
	head := make([]byte, 8)
	for at := int64(12); ; {
		if _, err := file.ReadAt(head, at); err != nil {
			return out, none(err)
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		switch string(head[:4]) {
		case "EXIF", "XMP ":
			if size <= mostMetadata && at+8+size <= file.size {
				out = append(out, region{at: at + 8, size: int(size)})
			}
		}
		at += 8 + size + size%2
	}
}

// heicRegions is the whole file, in parts that overlap: in HEIC an item may lie anywhere,
// and what is looked for begins with its own mark.
func heicRegions(file *spool) (out []region, err error) {
	const overlap = 64 << 10
	for at := int64(0); at < file.size; at += mostMetadata - overlap {
		out = append(out, region{at: at, size: int(min(mostMetadata, file.size-at))})
	}
	return out, nil
}

// none takes the end of a file for the end of what is looked for: whether the picture is
// whole is found by drawing it.
func none(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
