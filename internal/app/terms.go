package app

import (
	"encoding/json"
	"fmt"

	"guildhall/internal/terms/watch"
)

// termsCommand is "guildhall terms".
type termsCommand struct {
	Replay termsReplayCommand `cmd:"" help:"Say which changes in recorded histories somebody would have been told of."`
}

// termsReplayCommand is "guildhall terms replay".
type termsReplayCommand struct {
	Dirs []string `arg:"" name:"dir" help:"Directories with a history.json and the texts it names." type:"existingdir"`
}

// Run prints one line of JSON for each history, as watch.Replay says.
func (c termsReplayCommand) Run(s streams) error {
	out := json.NewEncoder(s.out)
	out.SetEscapeHTML(false)
	for _, dir := range c.Dirs {
		r, err := watch.ReplayDir(dir)
		if err != nil {
			return fmt.Errorf("terms replay: %s: %w", dir, err)
		}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
