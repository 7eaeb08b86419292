package telemetry

import (
	"io"
	"log/slog"
	"strings"

	"jobzero/internal/fault"
)

// Log is how the program logs.
type Log struct {
	Level  string `yaml:"level" json:"level"`   // debug, info, warn or error; empty is info
	Format string `yaml:"format" json:"format"` // text, json or auto (text on a terminal, JSON elsewhere); empty is auto
}

// Validate says which of the settings is not understood.
func (l Log) Validate() error {
	if _, err := l.level(); err != nil {
		return err
	}
	switch l.Format {
	case "", "auto", "text", "json":
		return nil
	}
	return fault.New(fault.Invalid, "log.format %q: use auto, text or json", l.Format)
}

// Logger makes a logger that writes to w. Terminal says whether a person reads w.
func (l Log) Logger(w io.Writer, terminal bool) (*slog.Logger, error) {
	if err := l.Validate(); err != nil {
		return nil, err
	}
	level, err := l.level()
	if err != nil {
		return nil, err
	}
	opt := &slog.HandlerOptions{Level: level}
	if l.Format == "text" || terminal && l.Format != "json" {
		return slog.New(slog.NewTextHandler(w, opt)), nil
	}
	return slog.New(slog.NewJSONHandler(w, opt)), nil
}

func (l Log) level() (slog.Level, error) {
	switch strings.ToLower(l.Level) {
	case "debug":
		return slog.LevelDebug, nil
	case "", "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, fault.New(fault.Invalid, "log.level %q: use debug, info, warn or error", l.Level)
}
