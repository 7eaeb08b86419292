package file

import (
	"runtime"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/logs"
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
	Logs       logs.Options            // what only the owner of other logs than CloudTrail's knows
	InTime     bool                    // Spread alone: files in the order of the times in their names, not in that of paths
	Now        func() time.Time        // for the time of dead letters; time.Now when nil
	Progress   func(read, total int64) // bytes on disk, called as reading goes on; costs a look at all sizes beforehand
	// Leave says that a file, or a folder with all below it, is left out without a word; nil leaves nothing out. Paths that a
	// person named are read whatever it says.
	Leave func(path string) bool
	// After is the place of a file that Spread begins behind, in its order: what was done before. An error when it is not met.
	After   string
	Workers int // of Spread: files that are read at once; one for each processor when zero
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
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return o
}

// Stats count what was read.
type Stats struct {
	Files           int64 // files and archive members that were read
	FilesSkipped    int64 // named to the sink: no log, digests
	Events          int64
	RecordsSkipped  int64 // values and lines that tell of nothing, in files that hold records too
	DeadLetters     int64
	BytesCompressed int64  // as they were on disk
	BytesJSON       int64  // after decompression
	Last            string // the place of the last file that was read to its end
}
