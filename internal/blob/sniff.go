package blob

import (
	"bytes"
	"encoding/binary"
	"strings"

	"guildhall/internal/fault"
)

// format is what an upload is, told by its first bytes; what the sender called
// it does not matter.
type format string

const (
	formatJPEG format = "jpeg"
	formatPNG  format = "png"
	formatGIF  format = "gif"
	formatWebP format = "webp"
)

// sniff tells the format, or refuses with what the person can do instead.
func sniff(data []byte) (format, error) {
	has := func(start string) bool { return bytes.HasPrefix(data, []byte(start)) }
	switch {
	case len(data) == 0:
		return "", refuse("blob.empty")
	case has("\xff\xd8\xff"):
		return formatJPEG, nil
	case has(pngStart):
		return formatPNG, nil
	case has("GIF87a"), has("GIF89a"):
		return formatGIF, nil
	case has("RIFF") && len(data) >= 16 && string(data[8:12]) == "WEBP":
		if string(data[12:16]) == "VP8X" && len(data) > 20 && data[20]&2 != 0 {
			return "", refuse("blob.moving")
		}
		return formatWebP, nil
	case has("\xff\x0a"), has("\x00\x00\x00\x0cJXL "):
		return "", refuse("blob.jxl")
	case len(data) >= 12 && string(data[4:8]) == "ftyp":
		return "", refuse(boxedKey(data))
	case drawn(data):
		return "", refuse("blob.svg")
	}
	return "", refuse("blob.not_image")
}

func refuse(key string, args ...any) error {
	return fault.On("image", fault.Invalid, key, args...)
}

// boxedKey names what is wrong with a file of the family of HEIC, AVIF and MP4:
// its brands stand in the first box.
func boxedKey(data []byte) string {
	end := min(len(data), 64, int(max(binary.BigEndian.Uint32(data), 12)))
	for i := 8; i+4 <= end; i += 4 {
		switch string(data[i : i+4]) {
		case "avif", "avis":
			return "blob.avif"
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
			return "blob.heic"
		}
	}
	return "blob.not_image"
}

// drawn recognises SVG, which is a program rather than a picture.
func drawn(data []byte) bool {
	head := strings.TrimLeft(strings.TrimPrefix(string(data[:min(len(data), 1024)]), "\ufeff"), " \t\r\n")
	return strings.HasPrefix(head, "<") && strings.Contains(strings.ToLower(head), "<svg")
}
