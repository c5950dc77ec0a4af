package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"

	"golang.org/x/image/webp"
	"golang.org/x/sync/semaphore"

	"guildhall/internal/fault"
)

// Limits of an upload; a zero field takes the default.
type Limits struct {
	MaxBytes  int64 // bytes of the upload; default 12 MB
	MaxPixels int   // width × height before scaling; default 40 million
	MaxSide   int   // pixels of the longer side of what is kept; default and most 1,600
}

const (
	defaultMaxBytes  = 12_000_000
	defaultMaxPixels = 40_000_000
	defaultMaxSide   = 1600
	pictureSide      = 256       // pixels of a profile picture
	jpegQuality      = 82        // of 100
	maxStored        = 16 << 20  // bytes; the largest side in noise and alpha takes 11 million
	memoryBudget     = 256 << 20 // bytes that all decoding at one moment may take
)

// memory is shared by all stores: the machine is one.
var memory = semaphore.NewWeighted(memoryBudget)

// PutImage keeps the picture in r, upright and at most MaxSide large. GIF gives
// its first frame. It returns fault.Invalid on the field "image" with a sentence
// that says what to do, fault.Unavailable "blob.disk_full" when there is no room.
func (s *Store) PutImage(ctx context.Context, r io.Reader, l Limits) (Meta, error) {
	return s.put(ctx, r, l, false)
}

// PutPicture keeps the middle square of the picture in r, at most 256 pixels
// wide, for a profile. It fails as PutImage does.
func (s *Store) PutPicture(ctx context.Context, r io.Reader, l Limits) (Meta, error) {
	l.MaxSide = pictureSide
	return s.put(ctx, r, l, true)
}

func (s *Store) put(ctx context.Context, r io.Reader, l Limits, square bool) (m Meta, err error) {
	defer fault.Wrap(&err, "blob.Put")
	l = l.withDefaults()
	data, err := io.ReadAll(io.LimitReader(r, l.MaxBytes+1))
	if err != nil {
		return Meta{}, broken(err)
	}
	if int64(len(data)) > l.MaxBytes {
		return Meta{}, refuse("blob.too_large", l.MaxBytes/1_000_000)
	}
	m, data, err = remake(ctx, data, l, square)
	if err != nil {
		return Meta{}, err
	}
	extension := ".jpg"
	if m.Type == "image/png" {
		extension = ".png"
	}
	m.Name, err = s.keep(data, extension)
	return m, err
}

func (l Limits) withDefaults() Limits {
	if l.MaxBytes <= 0 {
		l.MaxBytes = defaultMaxBytes
	}
	if l.MaxPixels <= 0 {
		l.MaxPixels = defaultMaxPixels
	}
	if l.MaxSide <= 0 || l.MaxSide > defaultMaxSide {
		l.MaxSide = defaultMaxSide
	}
	return l
}

// remake turns an upload into the bytes to keep.
func remake(ctx context.Context, data []byte, l Limits, square bool) (Meta, []byte, error) {
	f, err := sniff(data)
	if err != nil {
		return Meta{}, nil, err
	}
	need, err := measure(f, data, l)
	if err != nil {
		return Meta{}, nil, err
	}
	// Never more at once than cores, never more than the budget.
	need = max(need, memoryBudget/int64(runtime.GOMAXPROCS(0)))
	if err := memory.Acquire(ctx, need); err != nil {
		return Meta{}, nil, err
	}
	defer memory.Release(need)
	picture, err := upright(ctx, f, data, l, square)
	if err != nil {
		return Meta{}, nil, err
	}
	out, contentType, err := encode(picture, f == formatPNG || f == formatGIF)
	if err != nil {
		return Meta{}, nil, err
	}
	if err := Check(out, contentType); err != nil {
		return Meta{}, nil, fmt.Errorf("the encoder wrote what is not kept: %w", err)
	}
	return Meta{
		Type: contentType, Bytes: int64(len(out)),
		Width: picture.Rect.Dx(), Height: picture.Rect.Dy(),
	}, out, nil
}

// measure reads the size from the head of the upload and tells how many bytes
// decoding will take, before a pixel is read.
func measure(f format, data []byte, l Limits) (int64, error) {
	var c image.Config
	var err error
	r := bytes.NewReader(data)
	switch f {
	case formatJPEG:
		c, err = jpeg.DecodeConfig(r)
	case formatPNG:
		c, err = png.DecodeConfig(r)
	case formatGIF:
		c, err = gif.DecodeConfig(r)
	case formatWebP:
		c, err = webp.DecodeConfig(r)
	}
	if err != nil {
		return 0, broken(err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return 0, broken(errors.New("no pixels"))
	}
	each := pixelBytes(f, c, data)
	most := min(int64(l.MaxPixels), memoryBudget/each)
	if pixels := int64(c.Width) * int64(c.Height); pixels > most {
		return 0, refuse("blob.too_many_pixels", most/1_000_000)
	}
	return each * int64(c.Width) * int64(c.Height), nil
}

// pixelBytes estimates the memory one pixel takes while it is decoded.
func pixelBytes(f format, c image.Config, data []byte) int64 {
	switch f {
	case formatGIF:
		return 2
	case formatWebP:
		return 7 // alpha is unpacked as a picture of its own
	case formatPNG:
		switch c.ColorModel {
		case color.RGBA64Model, color.NRGBA64Model:
			return 8
		case color.GrayModel:
			return 1
		}
		return 4
	}
	samples, bytes := int64(3), int64(3)
	switch c.ColorModel {
	case color.GrayModel:
		samples, bytes = 1, 1
	case color.CMYKModel:
		samples, bytes = 4, 8 // read as YCbCr and black, then joined
	case color.RGBAModel:
		bytes = 7
	}
	jpegSegments(data, func(marker byte, _ []byte) {
		if marker == 0xc2 { // progressive: all coefficients are kept, four bytes each
			bytes += 4 * samples
		}
	})
	return bytes
}

// upright decodes, crops, scales and turns.
func upright(ctx context.Context, f format, data []byte, l Limits, square bool) (*image.RGBA, error) {
	src, err := decode(f, &interruptible{ctx, bytes.NewReader(data)})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, broken(err)
	}
	r := src.Bounds()
	if r.Empty() {
		return nil, broken(errors.New("no pixels"))
	}
	if square {
		side := min(r.Dx(), r.Dy())
		r = image.Rect(0, 0, side, side).Add(r.Min).Add(image.Pt((r.Dx()-side)/2, (r.Dy()-side)/2))
	}
	width, height := fit(r.Dx(), r.Dy(), l.MaxSide)
	small, err := shrink(ctx, src, r, width, height)
	if err != nil {
		return nil, err
	}
	return turn(small, orientation(f, data)), nil
}

func decode(f format, r io.Reader) (image.Image, error) {
	switch f {
	case formatJPEG:
		return jpeg.Decode(r)
	case formatPNG:
		return png.Decode(r)
	case formatGIF:
		return gif.Decode(r)
	}
	return webp.Decode(r)
}

// interruptible stops a decoder at its next read when ctx has ended.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

// Read reads unless ctx has ended.
func (i *interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(p)
}

// encode writes few colours and transparency as PNG, photographs as JPEG. What
// came without loss (drawings, screenshots) stays so where that is not larger.
func encode(m *image.RGBA, lossless bool) (data []byte, contentType string, err error) {
	var asPNG, asJPEG bytes.Buffer
	packer := png.Encoder{CompressionLevel: png.DefaultCompression}
	few := palette(m)
	if few != nil {
		err := packer.Encode(&asPNG, few)
		return asPNG.Bytes(), "image/png", err
	}
	if opaque := m.Opaque(); !opaque || lossless {
		if err := packer.Encode(&asPNG, m); err != nil || !opaque {
			return asPNG.Bytes(), "image/png", err
		}
	}
	if err := jpeg.Encode(&asJPEG, m, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return nil, "", err
	}
	if lossless && asPNG.Len() <= asJPEG.Len() {
		return asPNG.Bytes(), "image/png", nil
	}
	return asJPEG.Bytes(), "image/jpeg", nil
}

// dimensions reads the size of a stored picture.
func dimensions(r io.Reader) (width, height int) {
	c, _, err := image.DecodeConfig(r)
	if err != nil {
		return 0, 0
	}
	return c.Width, c.Height
}
