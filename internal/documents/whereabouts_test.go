package documents

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"testing"
)

// latitude is 43° 14′ 0″ as EXIF keeps it: three fractions.
func latitude(order binary.AppendByteOrder) (b []byte) {
	for _, n := range []uint32{43, 1, 14, 1, 77003, 1000} {
		b = order.AppendUint32(b, n)
	}
	return b
}

// exif is metadata of a picture that lies on its side, taken at a place.
func exif(order binary.AppendByteOrder, mark string) []byte {
	b := append([]byte(mark), 0, 0, 0, 0)[:len(mark)]
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	entry := func(tag, kind uint16, count, value uint32) {
		b = order.AppendUint16(order.AppendUint16(b, tag), kind)
		b = order.AppendUint32(b, count)
		if kind == 3 {
			b = order.AppendUint16(order.AppendUint16(b, uint16(value)), 0)
			return
		}
		b = order.AppendUint32(b, value)
	}
	b = order.AppendUint16(b, 2)
	entry(0x0112, 3, 1, 6)
	entry(tagGPS, 4, 1, 38)
	b = order.AppendUint32(b, 0)
	b = order.AppendUint16(b, 1)
	entry(0x0002, 5, 3, 56) // GPSLatitude
	b = order.AppendUint32(b, 0)
	return append(b, latitude(order)...)
}

const xmp = `<x:xmpmeta><rdf:Description exif:GPSLatitude="43,14.0N" tiff:Make="Kamera"><exif:GPSLongitude>76,57.1E</exif:GPSLongitude></rdf:Description></x:xmpmeta>`

// segment puts a metadata segment behind the first two bytes of a JPEG.
func segment(picture []byte, bodies ...[]byte) []byte {
	out := append([]byte{}, picture[:2]...)
	for _, body := range bodies {
		out = append(out, 0xff, markerExif)
		out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
		out = append(out, body...)
	}
	return append(out, picture[2:]...)
}

// chunk puts a chunk behind the header of a PNG.
func chunk(picture []byte, kind string, body []byte) []byte {
	const header = 8 + 25
	out := append([]byte{}, picture[:header]...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	sealed := append([]byte(kind), body...)
	out = binary.BigEndian.AppendUint32(append(out, sealed...), crc32.ChecksumIEEE(sealed))
	return append(out, picture[header:]...)
}

// TestAPictureForgetsWhereItWasTaken takes the place out of pictures of every kind, and
// leaves the rest of the file, and files without a place, as they are.
func TestAPictureForgetsWhereItWasTaken(t *testing.T) {
	canvas := image.NewRGBA(image.Rect(0, 0, 12, 8))
	var photo, drawing bytes.Buffer
	if jpeg.Encode(&photo, canvas, nil) != nil || png.Encode(&drawing, canvas) != nil {
		t.Fatal("no pictures")
	}
	little, big := exif(binary.LittleEndian, "II"), exif(binary.BigEndian, "MM")
	head := []byte("Exif\x00\x00")
	riff := append(binary.LittleEndian.AppendUint32([]byte("RIFF\x00\x00\x00\x00WEBPEXIF"), uint32(len(little))), little...)
	for name, c := range map[string]struct {
		mime string
		data []byte
		had  bool
	}{
		"little":  {"image/jpeg", segment(photo.Bytes(), append(head, little...)), true},
		"big":     {"image/jpeg", segment(photo.Bytes(), append(head, big...)), true},
		"xmp":     {"image/jpeg", segment(photo.Bytes(), []byte("http://ns.adobe.com/xap/1.0/\x00"+xmp)), true},
		"both":    {"image/jpeg", segment(photo.Bytes(), append(head, little...), []byte(xmp)), true},
		"plain":   {"image/jpeg", photo.Bytes(), false},
		"chunk":   {"image/png", chunk(drawing.Bytes(), "eXIf", big), true},
		"text":    {"image/png", chunk(drawing.Bytes(), "iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"+xmp)), true},
		"webp":    {"image/webp", riff, true},
		"heic":    {"image/heic", append(make([]byte, mostMetadata-20), append(head, big...)...), true},
		"cut off": {"image/jpeg", segment(photo.Bytes(), append(head, little[:50]...)), false},
		"a loop":  {"image/jpeg", segment(photo.Bytes(), append(head, bytes.ReplaceAll(little, []byte{38, 0, 0, 0}, []byte{8, 0, 0, 0})...)), false},
	} {
		t.Run(name, func(t *testing.T) { forgets(t, c.mime, c.data, c.had) })
	}
}

func forgets(t *testing.T, mime string, data []byte, had bool) {
	t.Helper()
	file, err := (&Service{options: Options{Spool: t.TempDir()}}).newSpool()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Write(data); err != nil {
		t.Fatal(err)
	}
	before := file.digest()
	found, err := forgetPlace(file, mime)
	if err != nil || found != had {
		t.Fatalf("found %v, %v; want %v", found, err, had)
	}
	if changed := file.digest() != before; changed != had {
		t.Errorf("changed: %v", changed)
	}
	left, err := io.ReadAll(io.NewSectionReader(file.File, 0, file.size))
	if err != nil || len(left) != len(data) {
		t.Fatalf("%d bytes of %d, %v", len(left), len(data), err)
	}
	for _, place := range [][]byte{latitude(binary.LittleEndian), latitude(binary.BigEndian), []byte("43,14"), []byte("76,57")} {
		if had && bytes.Contains(left, place) {
			t.Errorf("the place %q is still there", place)
		}
	}
	if bytes.Contains(data, []byte("Kamera")) != bytes.Contains(left, []byte("Kamera")) {
		t.Error("more than the place is gone")
	}
	if mime == "image/jpeg" && orientation(bytes.NewReader(data)) != orientation(bytes.NewReader(left)) {
		t.Error("how the camera was held is gone")
	}
	if d, draws := decoders[mime]; draws && mime != "image/webp" {
		if _, err := d.decode(bytes.NewReader(left)); err != nil {
			t.Errorf("it cannot be drawn any more: %v", err)
		}
	}
}
