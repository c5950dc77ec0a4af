package blob

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"guildhall/internal/fault"
)

func open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t testing.TB, s *Store, data []byte) (Meta, image.Image, []byte) {
	t.Helper()
	m, err := s.PutImage(t.Context(), bytes.NewReader(data), Limits{})
	if err != nil {
		t.Fatalf("PutImage: %v", err)
	}
	stored, err := os.ReadFile(filepath.Join(s.dir, m.Name))
	if err != nil {
		t.Fatal(err)
	}
	decoded, _, err := image.Decode(bytes.NewReader(stored))
	if err != nil {
		t.Fatal(err)
	}
	return m, decoded, stored
}

func refused(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestPutImage_nothingOfTheUploadSurvives(t *testing.T) {
	t.Parallel()
	photo := photograph(120, 80)
	uploads := map[string][]byte{
		"jpeg": append(insertJPEG(asJPEG(t, photo), slices.Collect(maps.Values(plantedJPEGParts(t, 1)))...), canary...),
		"png":  append(insertPNG(asPNG(t, photo), slices.Collect(maps.Values(plantedPNGParts(t, 1)))...), canary...),
		"gif":  plantedGIF(t), "webp": plantedWebP(t),
		"drawing": append(insertPNG(asPNG(t, quarters(40, 20)), slices.Collect(maps.Values(plantedPNGParts(t, 1)))...), canary...),
	}
	for name, data := range uploads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !bytes.Contains(data, []byte(canary)) {
				t.Fatal("nothing was planted")
			}
			s := open(t)
			m, _, stored := put(t, s, data)
			if i := bytes.Index(stored, []byte(canary[:8])); i >= 0 {
				t.Errorf("the canary survived at byte %d of %s", i, m.Name)
			}
			if err := s.Verify(m.Name); err != nil {
				t.Error(err)
			}
			if err := Check(data, m.Type); err == nil {
				t.Error("the second reader lets the upload itself pass")
			}
		})
	}
}

func TestPutImage_fileTellsNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	m, _, _ := put(t, s, asJPEG(t, photograph(40, 30)))
	for _, path := range []string{filepath.Join(s.dir, m.Name), s.dir} {
		info, err := os.Stat(path)
		if err != nil || !info.ModTime().Equal(time.Unix(0, 0)) || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%v: time %v, mode %v", err, info.ModTime(), info.Mode())
		}
	}
	if !ValidName(m.Name) || m.Type != "image/jpeg" || m.Width != 40 || m.Height != 30 {
		t.Errorf("got %+v", m)
	}
	if w, h := s.Dimensions(m.Name); w != 40 || h != 30 {
		t.Errorf("Dimensions = %d × %d", w, h)
	}
	if files, n, err := s.Size(t.Context()); files != 1 || n != m.Bytes || err != nil {
		t.Errorf("Size = %d, %d, %v", files, n, err)
	}
}

// corners names the four corners of a picture of quarters.
func corners(m image.Image) string {
	b, out := m.Bounds(), ""
	for _, p := range [][2]int{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
		r, g, bl, _ := m.At(b.Min.X+b.Dx()*p[0]/4, b.Min.Y+b.Dy()*p[1]/4).RGBA()
		switch {
		case r>>8 > 200 && g>>8 > 200 && bl>>8 > 200:
			out += "W"
		case r>>8 > 200:
			out += "R"
		case g>>8 > 200:
			out += "G"
		case bl>>8 > 200:
			out += "B"
		default:
			out += "?"
		}
	}
	return out
}

func TestPutImage_standsUpright(t *testing.T) {
	t.Parallel()
	s := open(t)
	for o, want := range []string{1: "RGBW", 2: "GRWB", 3: "WBGR", 4: "BWRG", 5: "RBGW", 6: "BRWG", 7: "WGBR", 8: "GWRB", 9: "RGBW"} {
		if want == "" {
			continue
		}
		for name, data := range map[string][]byte{
			"jpeg, big end first":    insertJPEG(asJPEG(t, quarters(48, 32)), segment(0xe1, []byte("Exif\x00\x00"), exif(t, binary.BigEndian, o))),
			"jpeg, little end first": insertJPEG(asJPEG(t, quarters(48, 32)), segment(0xe1, []byte("Exif\x00\x00"), exif(t, binary.LittleEndian, o))),
			"png":                    insertPNG(asPNG(t, quarters(48, 32)), chunk("eXIf", exif(t, binary.BigEndian, o))),
			"jpeg, made smaller":     insertJPEG(asJPEG(t, quarters(2400, 1600)), segment(0xe1, []byte("Exif\x00\x00"), exif(t, binary.BigEndian, o))),
		} {
			m, got, _ := put(t, s, data)
			if corners(got) != want {
				t.Errorf("%s, %d: %s, want %s", name, o, corners(got), want)
			}
			if lying := o >= 5 && o <= 8; (m.Height > m.Width) != lying {
				t.Errorf("%s, %d: %d × %d", name, o, m.Width, m.Height)
			}
		}
	}
	m, _, _ := put(t, s, plantedWebP(t)) // 30 × 20, held as 6 says
	if m.Width != 20 || m.Height != 30 {
		t.Errorf("webp: %d × %d", m.Width, m.Height)
	}
}

func TestPutImage_formatAndSize(t *testing.T) {
	t.Parallel()
	s := open(t)
	glass := photograph(64, 64)
	for i := 3; i < len(glass.Pix); i += 4 {
		glass.Pix[i] = 255
		if i < 5000 {
			copy(glass.Pix[i-3:], []byte{0, 0, 0, 0})
		}
	}
	grey := image.NewGray16(image.Rect(5, 5, 2005, 405))
	tests := map[string]struct {
		data []byte
		kind string
		w, h int
	}{
		"photograph":  {asJPEG(t, photograph(2000, 1000)), "image/jpeg", 1600, 800},
		"tall":        {asJPEG(t, photograph(3, 3200)), "image/jpeg", 2, 1600},
		"drawing":     {asPNG(t, quarters(300, 200)), "image/png", 300, 200},
		"transparent": {asPNG(t, glass), "image/png", 64, 64},
		"deep grey":   {asPNG(t, grey), "image/png", 1600, 320},
		"gif":         {asGIF(t, quarters(50, 40)), "image/png", 50, 40},
		"webp":        {solidWebP(4000, 100), "image/png", 1600, 40},
		"one pixel":   {asPNG(t, image.NewRGBA(image.Rect(0, 0, 1, 1))), "image/png", 1, 1},
	}
	for name, tt := range tests {
		m, _, stored := put(t, s, tt.data)
		if m.Type != tt.kind || m.Width != tt.w || m.Height != tt.h || m.Bytes != int64(len(stored)) {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestPutImage_keepsColours(t *testing.T) {
	t.Parallel()
	s := open(t)
	half := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		half.SetNRGBA(i%8, i/8, color.NRGBA{200, 100, 50, 128})
	}
	_, got, _ := put(t, s, asPNG(t, half))
	if c := color.NRGBAModel.Convert(got.At(3, 3)).(color.NRGBA); c.A != 128 || c.R < 198 || c.R > 202 {
		t.Errorf("half transparent orange became %v", c)
	}
	_, got, _ = put(t, s, solidWebP(3000, 3000))
	if r, g, b, _ := got.At(800, 800).RGBA(); r>>8 != 100 || g>>8 != 200 || b>>8 != 50 {
		t.Errorf("a plain colour made smaller became %d %d %d", r>>8, g>>8, b>>8)
	}
}

func TestPutPicture_isSquare(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, size := range [][3]int{{900, 600, 256}, {100, 300, 100}, {256, 256, 256}} {
		m, err := s.PutPicture(t.Context(), bytes.NewReader(asPNG(t, quarters(size[0], size[1]))), Limits{})
		if err != nil || m.Width != size[2] || m.Height != size[2] {
			t.Errorf("%v: %+v, %v", size, m, err)
		}
		f, _, err := s.Get(m.Name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(f)
		if err != nil || corners(got) != "RGBW" {
			t.Errorf("%v: not the middle: %v %v", size, corners(got), err)
		}
		f.Close()
	}
}

func TestPutImage_refuses(t *testing.T) {
	t.Parallel()
	bigPNG := asPNG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	copy(bigPNG[16:], []byte{0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff}) // 65,535 × 65,535
	binary.BigEndian.PutUint32(bigPNG[29:], crc32.ChecksumIEEE(bigPNG[12:29]))
	ftyp := func(brand string) []byte {
		return []byte("\x00\x00\x00\x18ftyp" + brand + "\x00\x00\x00\x00mif1" + brand)
	}
	tests := map[string]struct {
		data []byte
		key  string
	}{
		"nothing":     {nil, "blob.empty"},
		"words":       {[]byte("hello"), "blob.not_image"},
		"page":        {[]byte("<!doctype html><p>"), "blob.not_image"},
		"svg":         {[]byte("\ufeff <?xml version='1.0'?><SVG onload='x'>"), "blob.svg"},
		"heic":        {ftyp("heic"), "blob.heic"},
		"avif":        {ftyp("avif"), "blob.avif"},
		"film":        {[]byte("\x00\x00\x00\x14ftypisom\x00\x00\x00\x00mp42"), "blob.not_image"},
		"jxl":         {[]byte("\xff\x0a\x00\x00"), "blob.jxl"},
		"jxl, boxed":  {[]byte("\x00\x00\x00\x0cJXL \r\n\x87\n"), "blob.jxl"},
		"moving webp": {[]byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "blob.moving"},
		"bmp":         {[]byte("BM\x00\x00\x00\x00"), "blob.not_image"},
		"png bomb":    {bigPNG, "blob.too_many_pixels"},
		"webp bomb":   {solidWebP(16384, 16384), "blob.too_many_pixels"},
		"no head":     {[]byte("\xff\xd8\xff"), "blob.broken"},
		"heavy":       {append(asPNG(t, quarters(8, 8)), make([]byte, 12_000_000)...), "blob.too_large"},
	}
	s := open(t)
	for name, tt := range tests {
		_, err := s.PutImage(t.Context(), bytes.NewReader(tt.data), Limits{})
		if f := fault.From(err); err == nil || f.Kind != fault.Invalid || f.Key != tt.key || f.Field != "image" {
			t.Errorf("%s: got %v, want %s", name, err, tt.key)
		}
	}
	for name, whole := range map[string][]byte{"jpeg": asJPEG(t, photograph(90, 60)), "png": asPNG(t, photograph(90, 60)), "gif": asGIF(t, photograph(90, 60)), "webp": solidWebP(9, 6)} {
		for _, part := range []int{4, 20, len(whole) / 2, len(whole) * 9 / 10} {
			_, err := s.PutImage(t.Context(), bytes.NewReader(whole[:part]), Limits{})
			if err != nil && !fault.Is(err, fault.Invalid) || err == nil && name != "webp" {
				t.Errorf("%s cut at %d: %v", name, part, err)
			}
		}
	}
	_, err := s.PutImage(t.Context(), iotest.TimeoutReader(iotest.OneByteReader(bytes.NewReader(bigPNG))), Limits{})
	refused(t, err, fault.Invalid, "blob.broken")
	if left, err := os.ReadDir(s.dir); len(left) > 1 || err != nil {
		t.Errorf("refused uploads left %v %v", left, err)
	}
}

func TestPutImage_waitsForMemoryOnlyAsLongAsItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := open(t).PutImage(ctx, bytes.NewReader(asJPEG(t, photograph(40, 40))), Limits{})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
}

func TestCheck_refusesEveryPlantedPart(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, _, jpg := put(t, s, asJPEG(t, photograph(60, 40)))
	_, _, drawing := put(t, s, asPNG(t, quarters(60, 40)))
	for name, part := range plantedJPEGParts(t, 1) {
		if Check(insertJPEG(jpg, part), "image/jpeg") == nil {
			t.Errorf("JPEG with %s passes", name)
		}
	}
	for name, part := range plantedPNGParts(t, 1) {
		if Check(insertPNG(drawing, part), "image/png") == nil {
			t.Errorf("PNG with %s passes", name)
		}
	}
	plain := segment(0xe0, []byte("JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"))
	if err := Check(insertJPEG(jpg, plain), "image/jpeg"); err != nil {
		t.Errorf("a bare JFIF header is harmless: %v", err)
	}
	wide := bytes.Clone(jpg) // a table with room to spare
	wide = append(append(append([]byte{}, wide[:2]...), segment(0xdb, make([]byte, 65), []byte(canary))...), wide[2:]...)
	end := bytes.Index(drawing, []byte("IEND")) - 4
	packed := append(append(append([]byte{}, drawing[:end]...), chunk("IDAT", []byte(canary))...), drawing[end:]...)
	badSum := bytes.Clone(drawing)
	badSum[len(badSum)-1] ^= 1
	for name, data := range map[string][]byte{
		"nothing": nil, "after the end": append(bytes.Clone(drawing), 0), "wrong sum": badSum, "after the pixels": packed,
		"cut": drawing[:len(drawing)-1], "no end": drawing[:end],
	} {
		if Check(data, "image/png") == nil {
			t.Errorf("PNG with %s passes", name)
		}
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "after the end": append(bytes.Clone(jpg), 0), "wide table": wide, "cut": jpg[:len(jpg)-1], "two starts": insertJPEG(jpg, jpg[:2]),
		"no scan": {0xff, 0xd8, 0xff, 0xd9},
	} {
		if Check(data, "image/jpeg") == nil {
			t.Errorf("JPEG with %s passes", name)
		}
	}
	if Check(drawing, "image/jpeg") == nil || Check(jpg, "image/gif") == nil {
		t.Error("a wrong type passes")
	}
}

func FuzzPutImage(f *testing.F) {
	photo := photograph(12, 9)
	f.Add(append(insertJPEG(asJPEG(f, photo), slices.Collect(maps.Values(plantedJPEGParts(f, 6)))...), canary...))
	f.Add(append(insertPNG(asPNG(f, photo), slices.Collect(maps.Values(plantedPNGParts(f, 3)))...), canary...))
	f.Add(plantedGIF(f))
	f.Add(plantedWebP(f))
	f.Add(asJPEG(f, image.NewGray(image.Rect(0, 0, 9, 9))))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, kind := range []string{"image/jpeg", "image/png"} {
			_ = Check(data, kind)
		}
		m, out, err := remake(t.Context(), data, Limits{MaxPixels: 1 << 16, MaxSide: 64}.withDefaults(), len(data)%2 == 0)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("not a fault of the upload: %v", err)
			}
			return
		}
		if err := Check(out, m.Type); err != nil {
			t.Error(err)
		}
		if m.Width > 64 || m.Height > 64 || m.Width < 1 || m.Height < 1 {
			t.Errorf("%d × %d", m.Width, m.Height)
		}
	})
}

// A photograph of twelve million pixels, as telephones make them.
func BenchmarkPutImage_telephone(b *testing.B) {
	data := asJPEG(b, photograph(4000, 3000))
	s := open(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.PutImage(b.Context(), bytes.NewReader(data), Limits{MaxBytes: 1 << 30}); err != nil {
			b.Fatal(err)
		}
	}
}
