package file

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// mostSorted is how many files are brought into order at once; of more, each so many are in order.
const mostSorted = 100_000

// delivered is the time in the name of an object that CloudTrail delivered, such as
// 111122223333_CloudTrail_eu-central-1_20261119T0005Z_aB3dE6gH9jK2mN5p.json.gz.
var delivered = regexp.MustCompile(`_([0-9]{8}T[0-9]{4}Z)_`)

// inTime brings files into the order in which they were delivered. Files whose names tell no time come first, as they were found.
type inTime struct {
	pass func(path string, size int64, named bool) error
	list []found
}

// found is a file that was found.
type found struct {
	at, path string
	size     int64
	named    bool
}

func newInTime(pass func(path string, size int64, named bool) error) *inTime {
	return &inTime{pass: pass}
}

func (o *inTime) found(path string, size int64, named bool) error {
	f := found{path: path, size: size, named: named}
	if m := delivered.FindStringSubmatch(filepath.Base(path)); m != nil {
		f.at = m[1]
	}
	if o.list = append(o.list, f); len(o.list) < mostSorted {
		return nil
	}
	return o.flush()
}

// flush passes on what was gathered.
func (o *inTime) flush() error {
	slices.SortStableFunc(o.list, func(a, b found) int { return strings.Compare(a.at, b.at) })
	for _, f := range o.list {
		if err := o.pass(f.path, f.size, f.named); err != nil {
			return err
		}
	}
	o.list = o.list[:0]
	return nil
}
