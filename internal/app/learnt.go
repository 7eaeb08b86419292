package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/hunt"
	"jobzero/internal/store"
)

// The kinds of what is learnt.
const (
	aRule        = "rule"
	aCorrelation = "correlation"
	indicators   = "indicators"
)

// digests names everything that finds something by itself, as it is. Parts of correlations are in those, and what can never
// fire finds nothing.
func (k *Knowledge) digests(intel []string) (all []store.Learnt) {
	for _, r := range k.set.Rules {
		if !r.Part && r.Idle == "" {
			all = append(all, store.Learnt{Kind: aRule, ID: r.ID, Digest: r.Digest()})
		}
	}
	for _, c := range k.set.Correlations {
		if !c.Part && c.Idle == "" {
			all = append(all, store.Learnt{Kind: aCorrelation, ID: c.ID, Digest: c.Digest()})
		}
	}
	for _, path := range intel {
		if sum, err := digestOf(path); err == nil { // what cannot be read is told by who reads the indicators
			all = append(all, store.Learnt{Kind: indicators, ID: path, Digest: sum})
		}
	}
	return all
}

// digestOf hashes a file, or all files of a folder with their names, and the path.
func digestOf(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(real)
	if err != nil {
		return "", err
	}
	from := "."
	if !info.IsDir() {
		real, from = filepath.Dir(real), filepath.Base(real)
	}
	h, root := sha256.New(), os.DirFS(real)
	err = fs.WalkDir(root, from, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		f, err := root.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		one := sha256.New()
		if _, err := io.Copy(one, f); err != nil {
			return err
		}
		fmt.Fprintf(h, "%q %q %x\n", path, name, one.Sum(nil))
		return nil
	})
	return hex.EncodeToString(h.Sum(nil))[:32], err
}

// news is the part of the knowledge that a run takes over the archive.
type news struct {
	set     sigma.Set // the rules and correlations, and what those watch
	tells   map[string]bool
	sources []string // of indicators
	lacks   int      // that this process does not have
}

// newsOf finds what a run is about.
func (k *Knowledge) newsOf(all []store.Learnt) news {
	wanted := map[string]bool{}
	for _, l := range all {
		wanted[l.Digest] = true
	}
	n := news{tells: map[string]bool{}, lacks: len(wanted)}
	has := map[string]bool{} // rules and correlations, by kind and ID
	for _, l := range k.learnt {
		if !wanted[l.Digest] {
			continue
		}
		n.lacks--
		if l.Kind == indicators {
			n.sources = append(n.sources, l.ID)
			continue
		}
		n.tells[l.ID] = true
		has[l.Kind+l.ID] = true
	}
	n.set = k.only(has)
	return n
}

// only gives the rules and correlations that are named, by kind and ID, with what those watch.
func (k *Knowledge) only(has map[string]bool) (out sigma.Set) {
	for _, c := range k.set.Correlations {
		if has[aCorrelation+c.ID] {
			watched(c, has)
		}
	}
	for _, r := range k.set.Rules {
		if has[aRule+r.ID] {
			out.Rules = append(out.Rules, r)
		}
	}
	for _, c := range k.set.Correlations {
		if has[aCorrelation+c.ID] {
			out.Correlations = append(out.Correlations, c)
		}
	}
	return out
}

// watched adds what a correlation watches. Correlations never watch each other in circles.
func watched(c *sigma.Correlation, has map[string]bool) {
	for _, s := range c.Sources {
		switch {
		case s.Rule != nil:
			has[aRule+s.Rule.ID] = true
		case s.Correlation != nil:
			has[aCorrelation+s.Correlation.ID] = true
			watched(s.Correlation, has)
		}
	}
}

// logs are those that what is new is about; none: all of them.
func (n news) logs() []event.Log {
	if len(n.sources) > 0 {
		return nil // indicators are looked for in every log
	}
	return hunt.Logs(n.set)
}

func (n news) empty() bool { return len(n.tells)+len(n.sources) == 0 }

// told reports whether a match is news: of a rule that is, or of an indicator whose source is.
func (n news) told(r *detect.Rule) bool {
	if n.tells[r.ID] {
		return true
	}
	return strings.HasPrefix(r.ID, "intel/") && slices.ContainsFunc(n.sources, func(path string) bool {
		return r.Author == path || strings.HasPrefix(r.Author, filepath.ToSlash(filepath.Clean(path))+"/")
	})
}

// since says when all of it became known.
func since(all []store.Learnt, now time.Time) []store.Learnt {
	out := make([]store.Learnt, len(all))
	for i, l := range all {
		l.At = now
		out[i] = l
	}
	return out
}
