package documents

import (
	"bufio"
	"encoding/binary"
	"image"
	"io"
)

// turned is how a camera held the picture, as EXIF counts it: 1 is upright.
type turned int

const upright turned = 1

// apply turns a picture upright.
func (t turned) apply(src *image.RGBA) *image.RGBA {
	if t < 2 || t > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if t >= 5 { // lies on its side
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			to := t.place(x, y, w, h)
			copy(out.Pix[out.PixOffset(to.X, to.Y):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return out
}

// place is where a pixel of a picture of w × h goes.
func (t turned) place(x, y, w, h int) image.Point {
	switch t {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(h-1-y, x)
	case 7:
		return image.Pt(h-1-y, w-1-x)
	default:
		return image.Pt(y, w-1-x)
	}
}

// The markers of a JPEG that are looked at.
const (
	markerStart    = 0xd8
	markerExif     = 0xe1
	markerScan     = 0xda
	markerBaseline = 0xc0
	markerExtended = 0xc1
)

// segments calls fn for each segment of a JPEG before its pixels, until fn says stop.
func segments(r io.Reader, fn func(marker byte, size int, body *bufio.Reader) (stop bool)) {
	b := bufio.NewReader(r)
	var head [4]byte
	if _, err := io.ReadFull(b, head[:2]); err != nil || head[0] != 0xff || head[1] != markerStart {
		return
	}
	for {
		if _, err := io.ReadFull(b, head[:]); err != nil || head[0] != 0xff || head[1] == markerScan {
			return
		}
		size := int(binary.BigEndian.Uint16(head[2:])) - 2
		if size < 0 || fn(head[1], size, b) {
			return
		}
	}
}

// inPasses reports a JPEG that decodes in several passes, or in a way that is not known.
func inPasses(r io.Reader) bool {
	found := true
	segments(r, func(marker byte, size int, body *bufio.Reader) bool {
		if marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc {
			found = marker != markerBaseline && marker != markerExtended
			return true
		}
		_, err := body.Discard(size)
		return err != nil
	})
	return found
}

// orientation reads how the camera was held, upright where the file does not say.
func orientation(r io.Reader) turned {
	found := upright
	segments(r, func(marker byte, size int, body *bufio.Reader) bool {
		if marker != markerExif {
			_, err := body.Discard(size)
			return err != nil
		}
		exif := make([]byte, size)
		if _, err := io.ReadFull(body, exif); err != nil {
			return true
		}
		t, ok := exifOrientation(exif)
		if ok {
			found = t
		}
		return ok
	})
	return found
}

// exifOrientation looks up tag 0x0112 in the first directory of an EXIF segment.
func exifOrientation(exif []byte) (turned, bool) {
	if len(exif) < 14 || string(exif[:6]) != "Exif\x00\x00" {
		return 0, false
	}
	tiff := exif[6:]
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	start := int64(order.Uint32(tiff[4:]))
	if start+2 > int64(len(tiff)) {
		return 0, false
	}
	directory := tiff[start:]
	count := int(order.Uint16(directory))
	for i := range count {
		at := 2 + 12*i
		if at+12 > len(directory) {
			return 0, false
		}
		if order.Uint16(directory[at:]) == 0x0112 {
			t := turned(order.Uint16(directory[at+8:]))
			return t, t >= 1 && t <= 8
		}
	}
	return 0, false
}
