package documents

import (
	"image"
	"image/draw"
	"math"
)

// shrink draws a picture at width × height, not larger than it is, with the Catmull-Rom
// filter. golang.org/x/image/draw does the same but keeps 32 bytes for each pixel of an
// intermediate picture, 300 MB for a photo of a phone; this goes row by row and keeps a few
// rows.
func shrink(src image.Image, width, height int) *image.RGBA {
	bounds := src.Bounds()
	columns := filter(bounds.Dx(), width)
	rows := filter(bounds.Dy(), height)
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	line := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), 1))
	narrow := make([]float32, 4*width)
	sums := map[int][]float32{} // rows of the result that are not complete yet
	next := 0                   // the first row of the result that has not begun
	for y := range bounds.Dy() {
		draw.Draw(line, line.Rect, src, image.Pt(bounds.Min.X, bounds.Min.Y+y), draw.Src)
		squeeze(line.Pix, narrow, columns)
		for next < height && rows[next].first <= y {
			sums[next] = make([]float32, 4*width)
			next++
		}
		for at, sum := range sums {
			weight := rows[at].at(y)
			for i, v := range narrow {
				sum[i] += v * weight
			}
			if y == rows[at].last() {
				round(sum, out.Pix[at*out.Stride:])
				delete(sums, at)
			}
		}
	}
	return out
}

// taps are the weights with which neighbours make one pixel of the result; they sum to 1.
type taps struct {
	first   int
	weights []float32
}

func (t taps) last() int { return t.first + len(t.weights) - 1 }

func (t taps) at(i int) float32 {
	if i < t.first || i > t.last() {
		return 0
	}
	return t.weights[i-t.first]
}

// filter is how n pixels in a row become m.
func filter(n, m int) []taps {
	out := make([]taps, m)
	scale := float64(n) / float64(m)
	reach := 2 * scale // Catmull-Rom reaches two pixels of the result to each side
	for i := range out {
		centre := (float64(i)+0.5)*scale - 0.5
		first, last := max(0, int(math.Ceil(centre-reach))), min(n-1, int(math.Floor(centre+reach)))
		weights, sum := make([]float32, last-first+1), float32(0)
		for j := range weights {
			weights[j] = float32(catmullRom(math.Abs(float64(first+j)-centre) / scale))
			sum += weights[j]
		}
		for j := range weights {
			weights[j] /= sum
		}
		out[i] = taps{first, weights}
	}
	return out
}

func catmullRom(t float64) float64 {
	switch {
	case t < 1:
		return (1.5*t-2.5)*t*t + 1
	case t < 2:
		return ((-0.5*t+2.5)*t-4)*t + 2
	}
	return 0
}

// squeeze filters one row.
func squeeze(pix []uint8, into []float32, columns []taps) {
	for x, t := range columns {
		var r, g, b, a float32
		for i, weight := range t.weights {
			p := pix[4*(t.first+i):]
			r += weight * float32(p[0])
			g += weight * float32(p[1])
			b += weight * float32(p[2])
			a += weight * float32(p[3])
		}
		into[4*x], into[4*x+1], into[4*x+2], into[4*x+3] = r, g, b, a
	}
}

// round writes a row; the filter overshoots at edges, and colours are premultiplied.
func round(sum []float32, pix []uint8) {
	for i := 0; i < len(sum); i += 4 {
		alpha := min(255, max(0, sum[i+3]))
		for c := range 3 {
			pix[i+c] = uint8(min(alpha, max(0, sum[i+c])) + 0.5)
		}
		pix[i+3] = uint8(alpha + 0.5)
	}
}
