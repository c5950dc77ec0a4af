package blob

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

// Check reads the bytes of a stored picture and returns nil when they hold what
// is needed to draw it and nothing else. It is written apart from the encoders
// and shares nothing with them: it knows which parts may be there, so a part
// nobody thought of is refused too.
func Check(data []byte, contentType string) error {
	switch contentType {
	case "image/jpeg":
		return checkJPEG(data)
	case "image/png":
		return checkPNG(data)
	}
	return errors.New("blob: neither JPEG nor PNG")
}

// JPEG markers.
const (
	jpegSOI  = 0xd8
	jpegEOI  = 0xd9
	jpegSOS  = 0xda
	jpegAPP0 = 0xe0
)

// jpegParts are the segments a stored JPEG may have: quantisation, baseline and
// progressive frame, Huffman tables, restart interval, scan.
var jpegParts = []byte{0xdb, 0xc0, 0xc2, 0xc4, 0xdd, jpegSOS}

// jfif is the only APP0: version 1.1 or 1.2, no density, no thumbnail.
var jfif = []byte("JFIF\x00\x01")

func checkJPEG(data []byte) error {
	if !bytes.HasPrefix(data, []byte{0xff, jpegSOI}) {
		return errors.New("blob: JPEG without a start")
	}
	rest, scans := data[2:], 0
	for {
		if len(rest) < 2 || rest[0] != 0xff {
			return errors.New("blob: JPEG marker missing")
		}
		marker := rest[1]
		if marker == jpegEOI {
			if len(rest) != 2 {
				return fmt.Errorf("blob: %d bytes after the end of a JPEG", len(rest)-2)
			}
			if scans == 0 {
				return errors.New("blob: JPEG without a scan")
			}
			return nil
		}
		if len(rest) < 4 {
			return errors.New("blob: JPEG cut short")
		}
		length := int(binary.BigEndian.Uint16(rest[2:]))
		if length < 2 || 2+length > len(rest) {
			return errors.New("blob: JPEG segment longer than the file")
		}
		if err := checkJPEGPart(marker, rest[4:2+length]); err != nil {
			return err
		}
		rest = rest[2+length:]
		if marker == jpegSOS {
			scans++
			rest = afterScan(rest)
		}
	}
}

func checkJPEGPart(marker byte, body []byte) error {
	if marker == jpegAPP0 {
		if len(body) != 14 || !bytes.HasPrefix(body, jfif) || body[12] != 0 || body[13] != 0 {
			return errors.New("blob: JPEG header with more than a version")
		}
		return nil
	}
	if !slices.Contains(jpegParts, marker) {
		return fmt.Errorf("blob: JPEG with a part %#x", marker)
	}
	return jpegPartLength(marker, body)
}

// jpegPartLength recounts what a part must hold: a table with bytes to spare
// would be a place to write in.
func jpegPartLength(marker byte, body []byte) error {
	ok := true
	switch marker {
	case 0xdb: // tables of 64 numbers of one or two bytes
		for len(body) > 0 && ok {
			size := 65 + 64*int(body[0]>>4&1)
			if ok = len(body) >= size; ok {
				body = body[size:]
			}
		}
	case 0xc4: // sixteen counts and that many symbols
		for len(body) > 0 && ok {
			size := 17
			for i := 1; i < min(17, len(body)); i++ {
				size += int(body[i])
			}
			if ok = len(body) >= size; ok {
				body = body[size:]
			}
		}
	case 0xc0, 0xc2:
		ok = len(body) >= 6 && len(body) == 6+3*int(body[5])
	case 0xdd:
		ok = len(body) == 2
	case jpegSOS:
		ok = len(body) >= 1 && len(body) == 4+2*int(body[0])
	}
	if !ok {
		return fmt.Errorf("blob: JPEG part %#x of a wrong length", marker)
	}
	return nil
}

// afterScan skips the coded pixels: in them, 0xff is followed by 0 or by a
// restart marker; anything else is the next part.
func afterScan(rest []byte) []byte {
	for i := 0; i+1 < len(rest); i++ {
		if rest[i] == 0xff && rest[i+1] != 0 && (rest[i+1] < 0xd0 || rest[i+1] > 0xd7) {
			return rest[i:]
		}
	}
	return nil
}

const pngStart = "\x89PNG\r\n\x1a\n"

// pngParts are the chunks a stored PNG may have, in the order they must come.
var pngParts = []string{"IHDR", "PLTE", "tRNS", "IDAT", "IEND"}

func checkPNG(data []byte) error {
	if !bytes.HasPrefix(data, []byte(pngStart)) {
		return errors.New("blob: PNG without a start")
	}
	rest, last := data[len(pngStart):], -1
	for {
		if len(rest) < 12 {
			return errors.New("blob: PNG cut short")
		}
		length := binary.BigEndian.Uint32(rest)
		if uint64(length)+12 > uint64(len(rest)) {
			return errors.New("blob: PNG chunk longer than the file")
		}
		kind, body := string(rest[4:8]), rest[8:8+length]
		place := slices.Index(pngParts, kind)
		if place < 0 {
			return fmt.Errorf("blob: PNG with a chunk %q", kind)
		}
		if place < last || place == last && kind != "IDAT" || last < 0 && kind != "IHDR" {
			return fmt.Errorf("blob: PNG chunk %q out of place", kind)
		}
		if crc32.ChecksumIEEE(rest[4:8+length]) != binary.BigEndian.Uint32(rest[8+length:]) {
			return fmt.Errorf("blob: PNG chunk %q with a wrong sum", kind)
		}
		if err := pngPartLength(kind, len(body)); err != nil {
			return err
		}
		rest, last = rest[12+length:], place
		if kind == "IEND" {
			break
		}
	}
	if len(rest) > 0 {
		return fmt.Errorf("blob: %d bytes after the end of a PNG", len(rest))
	}
	return pngPixels(data)
}

func pngPartLength(kind string, n int) error {
	ok := true
	switch kind {
	case "IHDR":
		ok = n == 13
	case "PLTE":
		ok = n > 0 && n <= 3*256 && n%3 == 0
	case "tRNS":
		ok = n > 0 && n <= 256
	case "IEND":
		ok = n == 0
	}
	if !ok {
		return fmt.Errorf("blob: PNG chunk %q of a wrong length", kind)
	}
	return nil
}

// pngPixels unpacks the pixels of a PNG and counts them: neither the packed nor
// the unpacked stream may hold more than the picture.
func pngPixels(data []byte) error {
	head := data[len(pngStart)+8:]
	width, height := binary.BigEndian.Uint32(head), binary.BigEndian.Uint32(head[4:])
	depth, samples := int64(head[8]), map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[head[9]]
	if samples == 0 || head[10] != 0 || head[11] != 0 || head[12] != 0 || width-1 >= 1<<16 || height-1 >= 1<<16 ||
		depth > 16 || depth&(depth-1) != 0 {
		return errors.New("blob: PNG of a kind that is not kept")
	}
	want := int64(height) * (1 + (int64(width)*depth*samples+7)/8)
	var packed bytes.Buffer
	for rest := data[len(pngStart):]; len(rest) > 0; {
		length := binary.BigEndian.Uint32(rest)
		if string(rest[4:8]) == "IDAT" {
			packed.Write(rest[8 : 8+length])
		}
		rest = rest[12+length:]
	}
	pixels, err := zlib.NewReader(&packed)
	if err != nil {
		return fmt.Errorf("blob: PNG pixels: %w", err)
	}
	got, err := io.Copy(io.Discard, io.LimitReader(pixels, want+1))
	if err != nil {
		return fmt.Errorf("blob: PNG pixels: %w", err)
	}
	if got != want || packed.Len() != 0 {
		return errors.New("blob: PNG with more or less than its pixels")
	}
	return nil
}
