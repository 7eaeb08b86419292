package inflate

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/testcorpus"
)

// TestCorpus reads every packed file of the corpus, and packs the CloudTrail files of a real account, which come unpacked.
func TestCorpus(t *testing.T) {
	real := testcorpus.Path(t, "invictus-cloudtrail", "CloudTrail")
	var d Decoder
	packed, plain := 0, 0
	err := filepath.WalkDir(testcorpus.Path(t), func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		isPacked, isReal := strings.HasSuffix(path, ".gz"), filepath.Dir(path) == real
		if !isPacked && !isReal {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if isPacked {
			packed++
			agree(t, &d, src, 1<<30)
			return nil
		}
		plain++
		for _, level := range []int{1, 6, 9} {
			got, err := d.Gzip(nil, pack(t, src, level), len(src))
			if err != nil || !bytes.Equal(got, src) {
				t.Errorf("%s, level %d: %v: %d bytes, want %d", path, level, err, len(got), len(src))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if plain == 0 {
		t.Errorf("%s has no files", real)
	}
	t.Logf("%d packed files, %d packed here", packed, plain)
}
