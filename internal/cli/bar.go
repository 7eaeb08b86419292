package cli

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar is a progress bar for a person; without one it does nothing.
type bar struct {
	mu     sync.Mutex
	line   *progressbar.ProgressBar // nil: nobody is watching
	shared bool                     // findings go to the same screen
}

// newBar draws on the standard error when that is a terminal.
func (s *shell) newBar() *bar {
	width, is := terminal(s.err)
	if !is {
		return &bar{}
	}
	_, shared := terminal(s.out)
	return &bar{shared: shared, line: progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(s.err),
		progressbar.OptionSetDescription("reading"),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetWidth(max(10, min(40, width-60))),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(true),
	)}
}

// newCounter is newBar for things that are counted.
func (s *shell) newCounter(what string) *bar {
	width, is := terminal(s.err)
	if !is {
		return &bar{}
	}
	_, shared := terminal(s.out)
	return &bar{shared: shared, line: progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(s.err),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(max(10, min(40, width-60))),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)}
}

// counts is what the work on one thing calls with how many of how many are done, or nil when nobody is watching.
func (b *bar) counts(name string) func(done, all int) {
	if b.line == nil {
		return nil
	}
	return func(done, all int) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.line.Describe(clean(shorten(name, 30)))
		if b.line.GetMax64() != int64(all) {
			b.line.ChangeMax64(int64(all))
		}
		_ = b.line.Set64(int64(done)) // a terminal that takes no more takes no complaint either
	}
}

// step says that one more of nobody knows how many is done.
func (b *bar) step() {
	if b.line == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.line.Add64(1) // a terminal that takes no more takes no complaint either
}

// progress is what the reading calls, or nil when nobody is watching: then it need not look at all sizes first.
func (b *bar) progress() func(read, total int64) {
	if b.line == nil {
		return nil
	}
	return func(read, total int64) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.line.GetMax64() != total {
			b.line.ChangeMax64(total)
		}
		_ = b.line.Set64(read) // a terminal that takes no more takes no complaint either
	}
}

// hide takes the bar off the screen until the next progress.
func (b *bar) hide() {
	if b.line == nil || !b.shared {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.line.Clear()
}

func (b *bar) close() {
	if b.line == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.line.Clear()
}
