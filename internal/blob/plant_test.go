package blob

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
)

// canary is planted wherever an upload can carry words.
const canary = "CANARY-52.520008N-13.404954E-ana"

// photograph makes a picture with many colours, seeded so that it is the same
// each time.
func photograph(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		m.Pix[i] = uint8(i/4%251 + rnd.IntN(5))
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	return m
}

// quarters is red, green, blue and white in its four corners.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, []color.Color{color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}, color.White}[x*2/w+y*2/h*2])
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asGIF(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment is one part of a JPEG.
func segment(marker byte, body ...[]byte) []byte {
	all := bytes.Join(body, nil)
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(all)+2)), all...)
}

// chunk is one part of a PNG.
func chunk(kind string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// boxed is one part of a WebP.
func boxed(kind string, body []byte) []byte {
	out := append([]byte(kind), binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...)
	out = append(out, body...)
	if len(body)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

// exif is a TIFF with an orientation, the canary as the camera's name and,
// behind a second directory, a thumbnail that carries it too.
func exif(t testing.TB, order binary.AppendByteOrder, o int) []byte {
	t.Helper()
	b := []byte("II*\x00")
	if order.String() == binary.BigEndian.String() {
		b = []byte("MM\x00*")
	}
	thumb := insertJPEG(asJPEG(t, quarters(16, 16)), segment(0xfe, []byte(canary)))
	const first, count = 8, 2
	words := uint32(first + 2 + 12*count + 4)
	b = order.AppendUint32(b, first)
	b = order.AppendUint16(b, count)
	b = order.AppendUint16(order.AppendUint16(b, 0x010f), 2) // make
	b = order.AppendUint32(order.AppendUint32(b, uint32(len(canary)+1)), words)
	b = order.AppendUint16(order.AppendUint16(b, 0x0112), 3) // orientation
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(order.AppendUint16(b, uint16(o)), 0)
	b = order.AppendUint32(b, words+uint32(len(canary)+1))
	b = append(append(b, canary...), 0)
	b = order.AppendUint16(b, 0)
	return append(b, thumb...)
}

func insertJPEG(data []byte, parts ...[]byte) []byte {
	return append(append(append([]byte{}, data[:2]...), bytes.Join(parts, nil)...), data[2:]...)
}

func insertPNG(data []byte, parts ...[]byte) []byte {
	at := len(pngStart) + 25 // after IHDR
	return append(append(append([]byte{}, data[:at]...), bytes.Join(parts, nil)...), data[at:]...)
}

// plantedJPEGParts are all the places of a JPEG that carry words.
func plantedJPEGParts(t testing.TB, o int) map[string][]byte {
	word := []byte(canary)
	return map[string][]byte{
		"EXIF":      segment(0xe1, []byte("Exif\x00\x00"), exif(t, binary.BigEndian, o)),
		"JFIF":      segment(0xe0, []byte("JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x04\x03"), []byte(canary + canary)[:36]),
		"JFXX":      segment(0xe0, []byte("JFXX\x00\x10"), word),
		"XMP":       segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"), word),
		"ICC":       segment(0xe2, []byte("ICC_PROFILE\x00\x01\x01"), word),
		"Photoshop": segment(0xed, []byte("Photoshop 3.0\x00"), word),
		"Comment":   segment(0xfe, word),
		"APP15":     segment(0xef, word),
	}
}

func plantedPNGParts(t testing.TB, o int) map[string][]byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write([]byte(canary)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	word := []byte(canary)
	return map[string][]byte{
		"tEXt": chunk("tEXt", append([]byte("Comment\x00"), word...)),
		"zTXt": chunk("zTXt", append([]byte("Comment\x00\x00"), packed.Bytes()...)),
		"iTXt": chunk("iTXt", append([]byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"), word...)),
		"eXIf": chunk("eXIf", exif(t, binary.LittleEndian, o)),
		"iCCP": chunk("iCCP", append([]byte(canary+"\x00\x00"), packed.Bytes()...)),
		"tIME": chunk("tIME", []byte{7, 228, 1, 2, 3, 4, 5}),
		"prVt": chunk("prVt", word),
	}
}

func plantedGIF(t testing.TB) []byte {
	data := asGIF(t, quarters(40, 24))
	at := 13 + 3<<(data[10]&7+1) // after the global palette
	if data[10]&0x80 == 0 {
		at = 13
	}
	word := append([]byte{byte(len(canary))}, canary...)
	comment := append(append([]byte{0x21, 0xfe}, word...), 0)
	application := append(append([]byte("\x21\xff\x0bXMP DataXMP"), word...), 0)
	out := append(append([]byte{}, data[:at]...), append(comment, application...)...)
	return append(append(out, data[at:]...), canary...)
}

// solidWebP is a lossless WebP of one colour: five codes of one symbol each, and
// no bits at all for the pixels. It makes a fine bomb: 16,384² in 40 bytes.
func solidWebP(w, h int, parts ...[]byte) []byte {
	var bits []byte
	n := 0
	put := func(value, count int) {
		for i := range count {
			if n%8 == 0 {
				bits = append(bits, 0)
			}
			bits[n/8] |= byte(value>>i&1) << (n % 8)
			n++
		}
	}
	put(0x2f, 8)
	put(w-1, 14)
	put(h-1, 14)
	put(0, 1+3+1+1+1) // alpha, version, no transform, no cache, no further codes
	for _, symbol := range []int{200, 100, 50, 255} {
		put(1, 1) // simple code
		put(0, 1) // of one symbol
		put(1, 1) // of eight bits
		put(symbol, 8)
	}
	put(1, 4) // distance: simple, one symbol, one bit, 0
	body := []byte("WEBP")
	if len(parts) > 0 {
		head := []byte{1<<2 | 1<<3 | 1<<5, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), 0, byte(h - 1), byte((h - 1) >> 8), 0}
		body = append(append(body, boxed("VP8X", head)...), parts[0]...)
		parts = parts[1:]
	}
	body = append(append(body, boxed("VP8L", bits)...), bytes.Join(parts, nil)...)
	return append(append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...), body...)
}

func plantedWebP(t testing.TB) []byte {
	word := []byte(canary)
	return append(solidWebP(30, 20, boxed("ICCP", word), boxed("EXIF", exif(t, binary.LittleEndian, 6)), boxed("XMP ", word)), canary...)
}
