package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"
)

// BenchmarkReplay replays the folder in $JOBZERO_BENCH_LOGS by the embedded rules, or by those in $JOBZERO_BENCH_RULES, on as
// many processors as it is given. Make the logs with go run ./test/genlogs.
func BenchmarkReplay(b *testing.B) {
	logs := os.Getenv("JOBZERO_BENCH_LOGS")
	if logs == "" {
		b.Skip("JOBZERO_BENCH_LOGS names no folder: make one with go run ./test/genlogs")
	}
	args := []string{"replay", "--format", "json", "--stats"}
	if rules := os.Getenv("JOBZERO_BENCH_RULES"); rules != "" {
		args = append(args, "--rules", rules)
	}
	for b.Loop() {
		var said bytes.Buffer
		if code := Main(context.Background(), append(args, logs), bytes.NewReader(nil), io.Discard, &said); code != 0 {
			b.Fatalf("exit %d: %s", code, said.String())
		}
	}
}
