package app

import (
	"fmt"
	"os"

	"jobzero/internal/detect/intel"
	"jobzero/internal/fault"
)

// Indicators reads threat intelligence: each path is a file (a STIX bundle, an event of MISP, a list) or the folder of a feed of
// MISP. bad is what could not be taken, which stops nothing; err is a path that cannot be read as a whole. Without paths there is
// no set.
func Indicators(paths []string, o intel.Options) (set *intel.Set, bad []error, err error) {
	if len(paths) == 0 {
		return nil, nil, nil
	}
	b := intel.NewBuilder(o)
	for _, path := range paths {
		r, err := readIndicators(b, path)
		if err != nil {
			return nil, append(bad, r.Errors...), err
		}
		bad = append(bad, r.Errors...)
		if more := r.Bad - len(r.Errors); more > 0 {
			bad = append(bad, fault.New(fault.Invalid, "%s: %d more indicators could not be taken", path, more))
		}
		if r.Taken == 0 {
			bad = append(bad, fault.New(fault.Invalid, "%s: it holds no indicator that can be used", path))
		}
	}
	return b.Set(), bad, nil
}

const wantIntel = "a file of threat intelligence, or the folder of a feed of MISP"

func readIndicators(b *intel.Builder, path string) (intel.Report, error) {
	info, err := os.Stat(path)
	if err != nil {
		return intel.Report{}, fault.Path(err, path, wantIntel)
	}
	if info.IsDir() {
		return b.ReadFeed(path, os.DirFS(path))
	}
	f, err := os.Open(path)
	if err != nil {
		return intel.Report{}, fault.Path(err, path, wantIntel)
	}
	r, err := b.Read(path, f)
	if bad := f.Close(); err == nil && bad != nil {
		err = fmt.Errorf("close %s: %w", path, bad)
	}
	return r, err
}
