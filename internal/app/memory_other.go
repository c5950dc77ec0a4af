//go:build !linux

package app

// unmapProgram does nothing: only Linux is told.
func unmapProgram() {}
