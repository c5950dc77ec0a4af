package blob

import (
	"context"
	"image"
	"image/draw"
)

// fit gives the size of a width × height picture whose longer side is at most
// side. Nothing is made larger, nothing vanishes.
func fit(width, height, side int) (int, int) {
	long := max(width, height)
	if long <= side {
		return width, height
	}
	return max(1, (width*side+long/2)/long), max(1, (height*side+long/2)/long)
}

// shrink gives the part r of src at width × height pixels, each the mean of
// the area it covers. It holds one row of src at a time: the usual resamplers
// keep an intermediate picture of 32 bytes a pixel, more than the upload itself.
func shrink(ctx context.Context, src image.Image, r image.Rectangle, width, height int) (*image.RGBA, error) {
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	row := image.NewRGBA(image.Rect(0, 0, r.Dx(), 1))
	across := make([]float32, 4*width)
	sum := make([]float32, 4*width)
	y := 0
	for sy := range r.Dy() {
		if sy%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		draw.Draw(row, row.Bounds(), src, image.Pt(r.Min.X, r.Min.Y+sy), draw.Src)
		squeeze(across, row.Pix, r.Dx(), width)
		// In units of 1/(source height × target height) the row covers
		// [sy·height, (sy+1)·height) and target row y ends at (y+1)·source height.
		part := min(height, (y+1)*r.Dy()-sy*height)
		addRow(sum, across, float32(part)/float32(r.Dy()))
		if (sy+1)*height >= (y+1)*r.Dy() {
			writeRow(dst.Pix[y*dst.Stride:], sum)
			clear(sum)
			addRow(sum, across, float32(height-part)/float32(r.Dy()))
			y++
		}
	}
	return dst, nil
}

// squeeze shrinks one row of n pixels to width of them.
func squeeze(dst []float32, pix []uint8, n, width int) {
	if n == width {
		for i := range dst {
			dst[i] = float32(pix[i])
		}
		return
	}
	clear(dst)
	x, unit := 0, 1/float32(n)
	for sx := range n {
		part := min(width, (x+1)*n-sx*width)
		p := pix[4*sx : 4*sx+4 : 4*sx+4]
		addPixel(dst[4*x:], p, float32(part)*unit)
		if (sx+1)*width >= (x+1)*n {
			if x++; part < width && x < width {
				addPixel(dst[4*x:], p, float32(width-part)*unit)
			}
		}
	}
}

func addPixel(dst []float32, p []uint8, weight float32) {
	dst = dst[:4:4]
	dst[0] += weight * float32(p[0])
	dst[1] += weight * float32(p[1])
	dst[2] += weight * float32(p[2])
	dst[3] += weight * float32(p[3])
}

func addRow(sum, row []float32, weight float32) {
	if weight == 0 {
		return
	}
	row = row[:len(sum)]
	for i := range sum {
		sum[i] += weight * row[i]
	}
}

func writeRow(pix []uint8, sum []float32) {
	for i, v := range sum {
		pix[i] = uint8(min(v+0.5, 255))
	}
}

// turn rights a picture that was taken with the camera held as o says.
func turn(src *image.RGBA, o int) *image.RGBA {
	if o <= 1 || o > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dw, dh := w, h
	if o >= 5 {
		dw, dh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range h {
		for x := range w {
			dx, dy := turned(x, y, w, h, o)
			copy(dst.Pix[dy*dst.Stride+4*dx:][:4], src.Pix[y*src.Stride+4*x:][:4])
		}
	}
	return dst
}

// turned tells where the pixel x, y of a w × h picture goes.
func turned(x, y, w, h, o int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	}
	return y, w - 1 - x
}

// palette gives the picture with at most 256 colours of its own, or nil when it
// has more.
func palette(src *image.RGBA) *image.Paletted {
	index := make(map[[4]uint8]uint8, 256)
	dst := image.NewPaletted(src.Rect, nil)
	last, at := [4]uint8{}, uint8(0)
	for i := 0; i < len(src.Pix); i += 4 {
		c := [4]uint8(src.Pix[i : i+4])
		if i == 0 || c != last {
			var known bool
			if at, known = index[c]; !known {
				if len(index) == 256 {
					return nil
				}
				at = uint8(len(index))
				index[c] = at
				dst.Palette = append(dst.Palette, src.At(src.Rect.Min.X+i/4%src.Rect.Dx(), src.Rect.Min.Y+i/4/src.Rect.Dx()))
			}
			last = c
		}
		dst.Pix[i/4] = at
	}
	return dst
}
