package documents

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Purpose is what a smaller picture is made for.
type Purpose string

// The purposes. Both are drawn anew, so that nothing of the camera is left in them: no
// place, no time, no name.
const (
	Web   Purpose = "web"
	Thumb Purpose = "thumb"
)

// longest is the longer side of a picture for a purpose, in pixels.
var longest = map[Purpose]int{Web: 1600, Thumb: 400}

// What a picture may measure before it is decoded, in pixels. A file of a few kilobytes can
// claim to be a wall; decoding costs 4 bytes a pixel, 12 for a JPEG that comes in passes.
const (
	mostPixels         = 24_000_000
	mostPixelsBaseline = 50_000_000 // a JPEG in one pass, as cameras write them
)

// made is a picture made for a purpose.
type made struct {
	Purpose       Purpose
	MIME          string
	Width, Height int
	Data          []byte
}

var decoders = map[string]struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/webp": {webp.DecodeConfig, webp.Decode},
}

// measure reads how large a picture claims to be. problem is the message key of why it is
// not taken.
func measure(file io.ReadSeeker, mime string) (problem string, err error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	config, err := decoders[mime].config(file)
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return "files.broken", nil
	}
	most := int64(mostPixels)
	if mime == "image/jpeg" {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return "", err
		}
		if !inPasses(file) {
			most = mostPixelsBaseline
		}
	}
	if int64(config.Width)*int64(config.Height) > most {
		return "files.picture_large", nil
	}
	return "", nil
}

// develop makes the pictures for every purpose.
func develop(file io.ReadSeeker, mime string) (pictures []made, problem string, err error) {
	turn := upright
	if mime == "image/jpeg" {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return nil, "", err
		}
		turn = orientation(file)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, "", err
	}
	picture, err := decode(file, mime)
	if err != nil {
		return nil, "files.broken", nil
	}
	for _, purpose := range []Purpose{Web, Thumb} {
		smaller := fit(picture, longest[purpose])
		picture = smaller // the thumb is made of the one for the web
		m, err := encode(turn.apply(smaller), purpose)
		if err != nil {
			return nil, "", err
		}
		pictures = append(pictures, m)
	}
	return pictures, "", nil
}

// decode turns a decoder's panic into an error: the file is hostile, the process others'.
func decode(r io.Reader, mime string) (picture image.Image, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("decode %s: %v", mime, fault)
		}
	}()
	picture, err = decoders[mime].decode(r)
	if err == nil && picture.Bounds().Empty() {
		err = errors.New("decode: no pixels")
	}
	return picture, err
}

// fit shrinks a picture until its longer side is at most side; a smaller one is only
// redrawn.
func fit(picture image.Image, side int) *image.RGBA {
	width, height := picture.Bounds().Dx(), picture.Bounds().Dy()
	if larger := max(width, height); larger > side {
		width, height = max(1, width*side/larger), max(1, height*side/larger)
	}
	return shrink(picture, width, height)
}

func encode(picture *image.RGBA, purpose Purpose) (made, error) {
	var b bytes.Buffer
	m := made{Purpose: purpose, MIME: "image/jpeg", Width: picture.Rect.Dx(), Height: picture.Rect.Dy()}
	var err error
	if picture.Opaque() {
		err = jpeg.Encode(&b, picture, &jpeg.Options{Quality: 82})
	} else {
		m.MIME = "image/png"
		err = png.Encode(&b, picture)
	}
	m.Data = b.Bytes()
	return m, err
}
