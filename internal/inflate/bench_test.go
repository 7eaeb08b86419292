package inflate

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"testing"
	"time"

	klauspost "github.com/klauspost/compress/gzip"
)

// BenchmarkGzip decompresses the same object with this package and two libraries in turn. Of each the fastest round counts, because
// whatever else the machine does only makes a round slower: so the ratio holds on a busy machine too. The libraries are kept and
// reset and write into a slice that is long enough.
func BenchmarkGzip(b *testing.B) {
	for _, size := range []int{64 << 10, 512 << 10, 4 << 20} {
		content := trail(size, 7)
		src := pack(b, content, gzip.DefaultCompression)
		out := make([]byte, len(content))
		var d Decoder
		var other klauspost.Reader
		rounds := []struct {
			name string
			run  func() error
		}{
			{"inflate", func() error { _, err := d.Gzip(out, src, len(out)); return err }},
			{"klauspost", func() error { return readAll(&other, src, out) }},
			{"stdlib", func() error { return readAll(&standard, src, out) }},
		}
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			best := make([]time.Duration, len(rounds))
			for b.Loop() {
				for i, round := range rounds {
					clear(out)
					start := time.Now()
					err := round.run()
					took := time.Since(start)
					if err != nil || !bytes.Equal(out, content) {
						b.Fatalf("%s: %v", round.name, err)
					}
					if best[i] == 0 || took < best[i] {
						best[i] = took
					}
				}
			}
			for i, round := range rounds {
				b.ReportMetric(float64(len(content))/1e6/best[i].Seconds(), round.name+"-MB/s")
				if i > 0 {
					b.ReportMetric(float64(best[i])/float64(best[0]), "x-"+round.name)
				}
			}
			b.ReportMetric(0, "ns/op") // that of all three says nothing
		})
	}
}

// readAll reads src with a library, up to its checksum.
func readAll(r interface {
	io.Reader
	Reset(src io.Reader) error
}, src, out []byte,
) error {
	if err := r.Reset(bytes.NewReader(src)); err != nil {
		return err
	}
	if _, err := io.ReadFull(r, out); err != nil {
		return err
	}
	_, err := io.ReadFull(r, make([]byte, 1)) // what comes last is the checksum
	if err != io.EOF {
		return fmt.Errorf("after the content: %w", err)
	}
	return nil
}
