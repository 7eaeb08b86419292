package digest

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/klauspost/compress/gzip"
)

// DefaultSilence is how old the last digest may be: they come once an hour, some of them late.
const DefaultSilence = 2 * time.Hour

// Options say what to verify and by what.
type Options struct {
	Keys    Keys          // none: no signature can be proven
	Bucket  string        // the bucket that the objects are of; empty when that is not known
	Since   time.Time     // only digests that end after it; from the first one on when zero
	Until   time.Time     // only digests that start before it; up to the last one when zero
	Silence time.Duration // how long before Until the last digest may end; DefaultSilence when zero. Without Until it is not judged

	Progress func(read, total int64) // stored bytes; costs one more listing of everything. May be nil
}

// Verify looks at every account and region and calls done with what was found, one after another. Only one area's names are
// held at a time: some bytes for each log file that its digests list, besides its digests' names. An error is of the context,
// of done, or says that the accounts cannot be listed.
func Verify(ctx context.Context, objects Objects, o Options, done func(*Report) error) error {
	if o.Silence <= 0 {
		o.Silence = DefaultSilence
	}
	v := &verifier{ctx: ctx, objects: objects, o: o}
	areas, err := v.areas()
	if err != nil {
		return err
	}
	if o.Progress != nil {
		if err := v.measure(areas); err != nil {
			return err
		}
	}
	for _, a := range areas {
		r, err := v.inspect(a)
		if err != nil {
			return err
		}
		if !r.empty() {
			if err := done(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// verifier is one run.
type verifier struct {
	ctx     context.Context
	objects Objects
	o       Options

	unpack      gzip.Reader
	read, total int64
}

// took counts stored bytes.
func (v *verifier) took(n int) {
	v.read += int64(n)
	if v.o.Progress != nil && n > 0 {
		v.o.Progress(v.read, max(v.total, v.read))
	}
}

// measure adds up the sizes, for the progress.
func (v *verifier) measure(areas []area) error {
	for _, a := range areas {
		if a.region == "" {
			continue
		}
		for _, kind := range []string{digestsHere, logsHere} {
			err := v.objects.Below(v.ctx, a.folder(kind), func(o Object) error { v.total += o.Size; return v.ctx.Err() })
			if v.ctx.Err() != nil {
				return v.ctx.Err()
			}
			_ = err // the same listing is made again, and then it is told
		}
	}
	return nil
}

// areas finds the accounts and regions that have digests or logs, in order of their names.
func (v *verifier) areas() ([]area, error) {
	names, _, err := v.objects.Folder(v.ctx, top)
	if err != nil {
		return nil, err
	}
	var all []area
	for _, name := range names {
		switch {
		case isAccount.MatchString(name):
			all = append(all, v.regions(area{account: name})...)
		case isOrganisation.MatchString(name):
			accounts, _, err := v.objects.Folder(v.ctx, top+name+"/")
			if err != nil {
				all = append(all, area{organisation: name, err: err})
			}
			for _, account := range accounts {
				if isAccount.MatchString(account) {
					all = append(all, v.regions(area{organisation: name, account: account})...)
				}
			}
		}
	}
	return all, v.ctx.Err()
}

// regions are an account's. What lies beside the regions' folders, or cannot be listed, is an area without a region.
func (v *verifier) regions(a area) (all []area) {
	loose := a
	var regions []string
	for _, kind := range []string{digestsHere, logsHere} {
		folders, objects, err := v.objects.Folder(v.ctx, a.folder(kind))
		loose.loose = append(loose.loose, objects...)
		if err != nil {
			loose.err = err
		}
		regions = append(regions, folders...)
	}
	if len(loose.loose) > 0 || loose.err != nil {
		all = append(all, loose)
	}
	slices.Sort(regions)
	for _, region := range slices.Compact(regions) {
		a.region = region
		all = append(all, a)
	}
	return all
}

// bytesOf writes a size, exactly.
func bytesOf(n int64) string { return strconv.FormatInt(n, 10) + " bytes" }
