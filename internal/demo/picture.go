package demo

import (
	"bytes"
	"fmt"
	"image/png"
)

// Every picture has this size in pixels.
const (
	pictureWidth  = 1200
	pictureHeight = 480
)

var paintings = map[string]func() canvas{
	"stairs":  stairs,
	"sixteen": sixteen,
	"rang":    rang,
	"rug":     rug,
}

// Picture paints the picture an article names, as PNG. The same name gives the
// same bytes each time. An error means that there is no such picture.
func Picture(name string) ([]byte, error) {
	paint, ok := paintings[name]
	if !ok {
		return nil, fmt.Errorf("no picture %q", name)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, paint()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// stairs at night, with lanterns on every other step.
func stairs() canvas {
	c := newCanvas(night)
	const steps, width, rise = 10, 120.0, 34.0
	for i := range steps {
		x, y := float64(i)*width, 420-float64(i)*rise
		shade := uint8(60 + 12*i)
		c.box(veil(stone, shade), x, y, width, pictureHeight-y)
		c.box(veil(paper, shade+40), x, y, width, 5)
	}
	for _, i := range []int{1, 3, 4, 6, 8} {
		lantern(c, float64(i)*width+width/2, 420-float64(i)*rise)
	}
	return c
}

func lantern(c canvas, x, foot float64) {
	for r := 90.0; r > 20; r -= 14 {
		c.disc(veil(lamp, 22), x, foot-32, r)
	}
	c.box(lamp, x-13, foot-52, 26, 44)
	c.box(paper, x-5, foot-40, 10, 26)
	c.box(ink, x-17, foot-8, 34, 8)
	c.shape(ink, point{x - 18, foot - 52}, point{x + 18, foot - 52}, point{x, foot - 68})
}

// sixteen questions among 1,027 messages, each message a square.
func sixteen() canvas {
	c := newCanvas(paper)
	const messages, rows, pitch, side = 1027, 20, 21.6, 15.0
	asked := map[int]bool{}
	for i := range 16 {
		asked[(i*i*37+i*61+29)%messages] = true
	}
	for i := range messages {
		x, y := 38+float64(i/rows)*pitch, 26+float64(i%rows)*pitch
		if asked[i] {
			c.box(accent, x-2, y-2, side+4, side+4)
			continue
		}
		c.box(stone, x, y, side, side)
	}
	return c
}

// rang shows the 164 attempts of "Two weeks with the built-in calls", a row
// for each row of its table: filled when it rang.
func rang() canvas {
	c := newCanvas(paper)
	rows := []struct{ attempts, rang int }{{31, 9}, {18, 4}, {26, 12}, {38, 27}, {22, 6}, {29, 13}}
	for i, row := range rows {
		y := 55 + float64(i)*70
		if i >= 3 {
			y += 20
		}
		for j := range row.attempts {
			x := 60 + float64(j)*29
			c.disc(ink, x, y, 11)
			if j < row.rang {
				c.disc(accent, x, y, 11)
				continue
			}
			c.disc(paper, x, y, 8.5)
		}
	}
	return c
}

// rug, on its way out from under a chair.
func rug() canvas {
	c := newCanvas(paper)
	c.box(stone, 0, 400, pictureWidth, 80)
	for i := range 12 {
		shade := accent
		if i%3 == 1 {
			shade = lamp
		}
		x := 190 + float64(i)*70
		c.shape(shade, point{x, 404}, point{x + 70, 404}, point{x + 40, 446}, point{x - 30, 446})
	}
	for i := range 6 {
		y := 407 + float64(i)*7
		x := 1030 - float64(i)*5
		c.bar(accent, point{x, y}, point{x + 34, y - 4}, 3)
	}
	chair := []struct {
		from, to point
		width    float64
	}{
		{point{470, 404}, point{560, 268}, 13}, {point{640, 404}, point{668, 316}, 13},
		{point{548, 262}, point{690, 324}, 17}, {point{560, 270}, point{610, 92}, 13},
		{point{500, 398}, point{548, 300}, 9}, {point{606, 96}, point{660, 112}, 15},
		{point{592, 160}, point{646, 176}, 9}, {point{660, 108}, point{612, 288}, 9},
	}
	for _, leg := range chair {
		c.bar(ink, leg.from, leg.to, leg.width)
	}
	for i := range 3 {
		y := 130 + float64(i)*46
		c.bar(veil(ink, 70), point{720 + float64(i)*14, y}, point{790 + float64(i)*14, y + 30}, 5)
	}
	return c
}
