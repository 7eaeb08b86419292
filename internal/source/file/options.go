package file

import (
	"time"

	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/span"
)

// The defaults of Options.
const (
	DefaultMaxBytes   = 8 << 30
	DefaultMaxRatio   = 1000
	DefaultRatioAfter = 64 << 20
	maxDirectory      = 16 << 20 // bytes of a zip's directory that are read
	maxLinks          = 64       // symbolic links to folders inside one another
)

// Sink takes what is found, in order. An error from it ends the reading. The event belongs to the sink.
type Sink interface {
	Event(*event.Event) error
	DeadLetter(source.DeadLetter) error
	Skipped(path, reason string)
}

// Options are the settings of a reading; the zero value is usable.
type Options struct {
	Source     string                  // for Origin.Source; file when empty
	MaxRecord  int                     // largest record in bytes; 1 MiB when zero
	MaxBytes   int64                   // largest file or archive, decompressed; 8 GiB when zero
	MaxRatio   int64                   // largest ratio of decompressed to compressed, looked at after RatioAfter bytes; 1000 when zero
	RatioAfter int64                   // 64 MiB when zero
	InTime     bool                    // Spread alone: files in the order of the times in their names, not in that of paths
	Now        func() time.Time        // for the time of dead letters; time.Now when nil
	Progress   func(read, total int64) // bytes on disk, called as reading goes on; costs a look at all sizes beforehand
}

func (o Options) filled() Options {
	if o.Source == "" {
		o.Source = "file"
	}
	if o.MaxRecord <= 0 {
		o.MaxRecord = span.MaxRecord
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.MaxRatio <= 0 {
		o.MaxRatio = DefaultMaxRatio
	}
	if o.RatioAfter <= 0 {
		o.RatioAfter = DefaultRatioAfter
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Stats count what was read.
type Stats struct {
	Files           int64 // files and archive members read as JSON
	FilesSkipped    int64 // named to the sink: no JSON, no CloudTrail, digests
	Events          int64
	RecordsSkipped  int64 // JSON values that are no CloudTrail records, in files that hold such too
	DeadLetters     int64
	BytesCompressed int64 // as they were on disk
	BytesJSON       int64 // after decompression
}
