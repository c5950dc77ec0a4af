package blob

import (
	"bytes"
	"encoding/binary"
)

// orientation reads how the camera was held, 1 to 8 as EXIF counts, from the
// upload's metadata; 1 when it does not say. It is the one thing that is read
// from them.
func orientation(f format, data []byte) int {
	switch f {
	case formatJPEG:
		return tiffOrientation(jpegEXIF(data))
	case formatPNG:
		return tiffOrientation(pngEXIF(data))
	case formatWebP:
		return tiffOrientation(webpEXIF(data))
	}
	return 1
}

// jpegSegments calls f with every segment before the first scan.
func jpegSegments(data []byte, f func(marker byte, body []byte)) {
	rest := data[2:]
	for len(rest) >= 4 && rest[0] == 0xff {
		if rest[1] == 0xff { // a fill byte
			rest = rest[1:]
			continue
		}
		length := int(binary.BigEndian.Uint16(rest[2:]))
		if rest[1] == jpegSOS || length < 2 || 2+length > len(rest) {
			return
		}
		f(rest[1], rest[4:2+length])
		rest = rest[2+length:]
	}
}

func jpegEXIF(data []byte) (tiff []byte) {
	jpegSegments(data, func(marker byte, body []byte) {
		if marker == 0xe1 && tiff == nil && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			tiff = body[6:]
		}
	})
	return tiff
}

func pngEXIF(data []byte) []byte {
	rest := data[len(pngStart):]
	for len(rest) >= 12 {
		length := uint64(binary.BigEndian.Uint32(rest))
		if length+12 > uint64(len(rest)) {
			return nil
		}
		if string(rest[4:8]) == "eXIf" {
			return rest[8 : 8+length]
		}
		rest = rest[12+length:]
	}
	return nil
}

func webpEXIF(data []byte) []byte {
	rest := data[12:]
	for len(rest) >= 8 {
		length := uint64(binary.LittleEndian.Uint32(rest[4:]))
		if length+8 > uint64(len(rest)) {
			return nil
		}
		if string(rest[:4]) == "EXIF" {
			return bytes.TrimPrefix(rest[8:8+length], []byte("Exif\x00\x00"))
		}
		rest = rest[min(8+length+length&1, uint64(len(rest))):]
	}
	return nil
}

func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == 0x0112 && order.Uint16(entries[2:]) == 3 {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
		}
		entries = entries[12:]
	}
	return 1
}
