package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strconv"
	"strings"

	"golang.org/x/image/vector"

	"guildhall/internal/web/asset"
)

// The colours of the icon: lamp light on wood by day and by night.
var (
	lamp  = color.RGBA{0xf7, 0xb9, 0x55, 0xff}
	wood  = color.RGBA{0x4a, 0x26, 0x05, 0xff}
	woodT = "#4a2605"
	lampT = "#f7b955"
)

// icons draws every size the manifest names.
func icons() (map[string][]byte, error) {
	out := map[string][]byte{"icon.svg": []byte(vectorIcon())}
	for _, k := range []struct {
		name        string
		size        int
		mark, round float64 // share of the square the mark takes; radius of corners
	}{
		{"icon-192.png", 192, 0.66, 0.22},
		{"icon-512.png", 512, 0.66, 0.22},
		{"icon-maskable.png", 512, 0.50, 0},
		{"icon-touch.png", 180, 0.60, 0},
	} {
		body, err := raster(k.size, k.mark, k.round)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.name, err)
		}
		out[k.name] = body
	}
	return out, nil
}

func vectorIcon() string {
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72"><rect width="72" height="72" rx="16" fill="` + lampT +
		`"/><path transform="translate(12 11)" fill="` + woodT + `" d="` + asset.Mark + `"/></svg>`
}

func raster(size int, share, round float64) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	fill(img, square(float64(size), round*float64(size)), 1, 0, 0, lamp)
	scale := share * float64(size) / 48
	offset := (1 - share) / 2 * float64(size)
	segments, err := parse(asset.Mark)
	if err != nil {
		return nil, err
	}
	// The tail hangs below the floor, so the house is lifted a little to look centred.
	fill(img, segments, scale, offset, offset-scale, wood)
	var b bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img)
	return b.Bytes(), err
}

// segment is one command of a path with its absolute points.
type segment struct {
	op byte
	at []float64
}

// parse reads the part of SVG's path language that Mark is written in: M, L, C
// and Z, absolute, separated by blanks.
func parse(path string) ([]segment, error) {
	var out []segment
	for _, word := range strings.Fields(path) {
		if strings.Contains("MLCZ", word) {
			out = append(out, segment{op: word[0]})
			continue
		}
		n, err := strconv.ParseFloat(word, 64)
		if err != nil || len(out) == 0 {
			return nil, fmt.Errorf("path: %q is neither a command nor a number", word)
		}
		last := &out[len(out)-1]
		last.at = append(last.at, n)
	}
	return out, nil
}

// square is a square with corners of radius r.
func square(size, r float64) []segment {
	k := r * 0.4477 // where a quarter circle's handles end
	return []segment{
		{'M', []float64{r, 0}}, {'L', []float64{size - r, 0}},
		{'C', []float64{size - k, 0, size, k, size, r}}, {'L', []float64{size, size - r}},
		{'C', []float64{size, size - k, size - k, size, size - r, size}}, {'L', []float64{r, size}},
		{'C', []float64{k, size, 0, size - k, 0, size - r}}, {'L', []float64{0, r}},
		{'C', []float64{0, k, k, 0, r, 0}}, {'Z', nil},
	}
}

func fill(img draw.Image, path []segment, scale, dx, dy float64, c color.Color) {
	b := img.Bounds()
	z := vector.NewRasterizer(b.Dx(), b.Dy())
	x := func(v float64) float32 { return float32(v*scale + dx) }
	y := func(v float64) float32 { return float32(v*scale + dy) }
	for _, s := range path {
		switch p := s.at; s.op {
		case 'M':
			z.MoveTo(x(p[0]), y(p[1]))
		case 'L':
			z.LineTo(x(p[0]), y(p[1]))
		case 'C':
			z.CubeTo(x(p[0]), y(p[1]), x(p[2]), y(p[3]), x(p[4]), y(p[5]))
		case 'Z':
			z.ClosePath()
		}
	}
	z.Draw(img, b, image.NewUniform(c), image.Point{})
}
