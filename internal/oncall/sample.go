package oncall

import (
	_ "embed"
	"time"

	// The zones of the sites: a machine need not have them.
	_ "time/tzdata"

	"jobzero/internal/fault"
)

//go:embed sample.yaml
var sample []byte

// SampleText is the text of the built-in rota.
func SampleText() []byte { return sample }

// Sample is the built-in rota, which counts where nobody has written one.
func Sample() (*Set, error) {
	s, err := Parse("the built-in rota", sample, nil, func(path string) ([]byte, error) {
		return nil, fault.New(fault.NotFound, "%s: the built-in rota has no files beside it", path)
	})
	if err != nil {
		return nil, err
	}
	s.sample = true
	return s, nil
}

// Year is how far ahead a rota is proved.
func Year(from time.Time) (until time.Time) { return from.AddDate(1, 0, 0) }
