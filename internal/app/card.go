package app

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"guildhall/internal/card"
)

// cardCommand is "guildhall card".
type cardCommand struct {
	Convert *cardConvertCommand `arg:"subcommand" help:"Write contact cards of any program as vCard 4 or 3."`
}

// cardConvertCommand is "guildhall card convert".
type cardConvertCommand struct {
	To   cardVersion `default:"4" placeholder:"4|3" help:"Which vCard to write."`
	File string      `arg:"positional,required" help:"File of vCards, of version 2.1, 3.0 or 4.0."`
}

// cardVersion is a version of vCard that is written.
type cardVersion string

// UnmarshalText refuses what is not written.
func (v *cardVersion) UnmarshalText(b []byte) error { return among(v, b, "4", "3") }

// Run prints all cards of the file, or none: with file, line and reason.
func (c cardConvertCommand) Run(_ context.Context, s streams) error {
	info, err := os.Stat(c.File)
	if err == nil && info.Size() > card.MaxBytes {
		return fmt.Errorf("%s: line 1: the file is larger than %d MB", c.File, card.MaxBytes>>20)
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(c.File)
	}
	if err != nil {
		return err
	}
	cards, err := card.Read(b)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	version := card.V4
	if c.To == "3" {
		version = card.V3
	}
	var out bytes.Buffer
	if err := card.Write(&out, cards, version); err != nil {
		return err
	}
	_, err = s.out.Write(out.Bytes())
	return err
}
