package digest

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// inspection is the verifying of one area.
type inspection struct {
	*verifier
	area
	*Report
	listed  map[mark]struct{} // log files that some digest lists
	covered []spans           // of each trail, merged
}

// mark stands for a key. Keys are chosen by whoever can write to the bucket: a mark is too long to find two keys of the same.
type mark [16]byte

func markOf(key string) mark {
	sum := sha256.Sum256([]byte(key))
	return mark(sum[:16])
}

// inspect verifies one account in one region.
func (v *verifier) inspect(a area) (*Report, error) {
	r := &Report{
		Organisation: a.organisation, Account: a.account, Region: a.region, Trails: []string{}, Problems: []Problem{},
		grouped: map[string]int{},
	}
	in := &inspection{verifier: v, area: a, Report: r, listed: map[mark]struct{}{}}
	if a.region == "" {
		in.besides()
		return r, v.ctx.Err()
	}
	trails, err := in.trails()
	if err != nil {
		return nil, err
	}
	for _, names := range trails {
		c := chain{inspection: in, names: names}
		if err := c.verify(); err != nil {
			return nil, err
		}
	}
	return r, in.unlisted()
}

// besides tells what lies where CloudTrail puts no files.
func (in *inspection) besides() {
	if in.err != nil {
		in.add(Unread, in.folder(logsHere), "it can not be listed: "+in.err.Error(), "")
	}
	for _, key := range in.loose {
		in.Logs.Unlisted++
		in.add(LogUnlisted, key, "CloudTrail delivers into the folder of a region, this lies beside them", "")
	}
}

// trails are the names of the area's digests, oldest first, for each trail.
func (in *inspection) trails() ([][]name, error) {
	found := map[string][]name{}
	folder := in.folder(digestsHere)
	err := in.objects.Below(in.ctx, folder, func(o Object) error {
		n, ok := in.digestName(o.Key)
		if !ok {
			in.add(DigestStray, o.Key, "it lies among the digests, and by its name it is none of this account and region", "")
			return in.ctx.Err()
		}
		found[n.trail] = append(found[n.trail], n)
		return in.ctx.Err()
	})
	if in.ctx.Err() != nil {
		return nil, in.ctx.Err()
	}
	if err != nil {
		in.add(Unread, folder, "it can not be listed: "+err.Error(), "")
	}
	var all [][]name
	for trail, names := range found {
		in.Trails = append(in.Trails, trail)
		byTime(names)
		all = append(all, names)
	}
	slices.Sort(in.Trails)
	slices.SortFunc(all, func(a, b []name) int { return strings.Compare(a[0].trail, b[0].trail) })
	return all, nil
}

// unlisted looks for log files that no digest lists.
func (in *inspection) unlisted() error {
	folder := in.folder(logsHere)
	err := in.objects.Below(in.ctx, folder, func(o Object) error {
		if _, ok := in.listed[markOf(o.Key)]; !ok {
			in.stranger(o.Key)
		}
		return in.ctx.Err()
	})
	if in.ctx.Err() != nil {
		return in.ctx.Err()
	}
	if err != nil {
		in.add(Unread, folder, "it can not be listed: "+err.Error(), "")
	}
	return nil
}

// stranger judges an object among the logs that no digest lists.
func (in *inspection) stranger(key string) {
	at, named := logTime(key)
	if !named {
		in.Logs.Unlisted++
		in.add(LogUnlisted, key, "no digest lists it, and CloudTrail's files have other names", "")
		return
	}
	if !in.o.Since.IsZero() && at.Before(in.o.Since) || !in.o.Until.IsZero() && at.After(in.o.Until) {
		return
	}
	for _, s := range in.covered {
		if s.delivered(at) {
			in.Logs.Unlisted++
			in.add(LogUnlisted, key, "no digest of its time lists it", "")
			return
		}
	}
	in.Logs.Uncovered++
	in.add(LogUncovered, key, in.why(), "uncovered")
}

func (in *inspection) why() string {
	if in.Digests.Found == 0 {
		return "there are log files, and no digest to hold them against"
	}
	return "log files of a time that no digest is about: before the first, in a gap, or too new for the last one"
}

// logs holds the log files that a digest lists against their hashes.
func (in *inspection) logs(d *Digest, of name, s standing) error {
	for _, l := range d.Logs {
		key := place(l.Object)
		in.listed[markOf(key)] = struct{}{}
		in.Logs.Listed++
		if s == bad {
			in.Logs.Unknown++
			in.add(LogUnproven, key, "only digests that are wrong list it; the first of them: "+of.key, "bad")
			continue
		}
		if err := in.log(l, key, of, s); err != nil {
			return err
		}
	}
	return nil
}

// log holds one log file against its hash.
func (in *inspection) log(l Log, key string, of name, s standing) error {
	hash, _, err := in.plain(key, maxLog, io.Discard)
	if in.ctx.Err() != nil {
		return in.ctx.Err()
	}
	u, unread := errors.AsType[*unreadable](err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		in.Logs.Wrong++
		in.add(LogMissing, key, "the digest "+base(of.key)+" lists it, and it is not there", "")
	case unread:
		in.Logs.Unknown++
		in.add(u.kind, key, u.text, "")
	case err != nil:
		in.Logs.Wrong++
		in.add(LogChanged, key, err.Error()+": what was delivered was not", "")
	case l.Algorithm != hashAlgorithm:
		in.Logs.Unknown++
		in.add(AlgorithmNew, key, "its hash is of the algorithm "+quoted(l.Algorithm), l.Algorithm)
	case hash != l.Hash:
		in.Logs.Wrong++
		in.add(LogChanged, key, "its SHA-256 is "+hash+", the digest "+base(of.key)+" says "+quoted(l.Hash), "")
	case s == unknown:
		in.Logs.Unknown++
		in.add(LogUnproven, key, "it is as a digest lists it, which is not proven; the first of them: "+of.key, "unknown")
	default:
		in.Logs.Verified++
	}
	return nil
}
