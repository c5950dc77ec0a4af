package app

import "strings"

// dashed lets ids that begin with a dash stand where an id is wanted: an id is 22
// signs of base64url, one in 64 begins with a dash, and a parser takes it for a flag.
func dashed(args []string) []string {
	var out, last []string
	for i, a := range args {
		switch {
		case len(a) != 22 || a[0] != '-' || strings.HasPrefix(a, "--"):
			out = append(out, a)
		case i > 0 && strings.HasPrefix(args[i-1], "--") && args[i-1] != "--undo" && args[i-1] != "--html" && !strings.Contains(args[i-1], "="):
			out[len(out)-1] += "=" + a
		default:
			last = append(last, a)
		}
	}
	if last != nil {
		out = append(append(out, "--"), last...)
	}
	return out
}
