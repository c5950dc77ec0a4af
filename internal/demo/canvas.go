package demo

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// The few colours of the pictures.
var (
	night  = color.NRGBA{0x22, 0x2b, 0x3a, 0xff}
	paper  = color.NRGBA{0xf7, 0xf1, 0xe5, 0xff}
	ink    = color.NRGBA{0x2d, 0x2a, 0x26, 0xff}
	stone  = color.NRGBA{0xd9, 0xcf, 0xbd, 0xff}
	accent = color.NRGBA{0xb4, 0x4a, 0x1f, 0xff}
	lamp   = color.NRGBA{0xf3, 0xb5, 0x4a, 0xff}
)

// canvas is a picture being painted, in pixels from the top left.
type canvas struct{ *image.RGBA }

type point struct{ x, y float64 }

func newCanvas(ground color.Color) canvas {
	c := canvas{image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))}
	draw.Draw(c, c.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	return c
}

// shape fills the polygon through the points. It works only inside the box
// around them: a picture has a thousand small shapes.
func (c canvas) shape(fill color.Color, points ...point) {
	left, top := points[0].x, points[0].y
	right, bottom := left, top
	for _, p := range points {
		left, right = min(left, p.x), max(right, p.x)
		top, bottom = min(top, p.y), max(bottom, p.y)
	}
	left, top = math.Floor(left), math.Floor(top)
	in := image.Rect(int(left), int(top), int(math.Ceil(right)), int(math.Ceil(bottom)))
	r := vector.NewRasterizer(in.Dx(), in.Dy())
	for i, p := range points {
		x, y := float32(p.x-left), float32(p.y-top)
		if i == 0 {
			r.MoveTo(x, y)
			continue
		}
		r.LineTo(x, y)
	}
	r.ClosePath()
	r.Draw(c, in, image.NewUniform(fill), image.Point{})
}

func (c canvas) box(fill color.Color, x, y, w, h float64) {
	c.shape(fill, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})
}

func (c canvas) disc(fill color.Color, x, y, radius float64) {
	const corners = 48
	points := make([]point, corners)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points[i] = point{x + radius*cos, y + radius*sin}
	}
	c.shape(fill, points...)
}

// bar is a straight stroke with flat ends.
func (c canvas) bar(fill color.Color, from, to point, width float64) {
	dx, dy := to.x-from.x, to.y-from.y
	half := width / 2 / math.Hypot(dx, dy)
	nx, ny := -dy*half, dx*half
	c.shape(fill, point{from.x + nx, from.y + ny}, point{to.x + nx, to.y + ny},
		point{to.x - nx, to.y - ny}, point{from.x - nx, from.y - ny})
}

// veil is a colour seen through: alpha 0 to 255.
func veil(of color.NRGBA, alpha uint8) color.NRGBA {
	of.A = alpha
	return of
}
