package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"slices"
	"time"

	"jobzero/content"
	"jobzero/internal/access/ask"
	actions "jobzero/internal/action/builtin"
	"jobzero/internal/config"
	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/detect/intel"
	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/org"
	"jobzero/internal/org/freeze"
	"jobzero/internal/playbook/book"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/resource"
	"jobzero/internal/store"
)

// Knowledge is everything that people write and that can be loaded again while the house runs. It is built whole and then
// swapped in: nobody ever sees half of a new one.
type Knowledge struct {
	Rules        []*sigma.Compiled
	Engine       detect.Engine
	Follow       *follow.Follower // the correlations over what the rules match
	Shards       correlate.Shards // of their windows
	Scopes       *scope.Scopes
	Indicators   *intel.Set // nil: there are none
	Expectations *expect.Set
	Playbooks    []book.Definition
	Verdicts     []verdict.Definition // in the order in which they are asked
	Org          *org.Org
	Intent       *org.Intent
	Waivers      *org.Waivers // in Org
	Freezes      *freeze.Calendar
	Rotas        *oncall.Set
	Access       *ask.Known // who may do what; nil: nobody has read it yet

	outside actions.Options // whom playbooks may tell and ask

	set    sigma.Set
	judges string                 // digest of what resources are judged by
	timely map[resource.Type]bool // whose verdicts depend on the day
	asking map[resource.Type]bool // whose verdicts depend on who may do what
	rights string                 // mark of what Access was read from
	learnt []store.Learnt         // what finds something, by what it finds; no times
}

// Learn loads the embedded content and what the configuration adds. Texts that do not load are left out and returned: a bad
// rule never stops the others. A bad organisation or intent is an error, because guessing who owns a thing or what may be
// public is worse than the last good answer.
func Learn(c config.Config) (*Knowledge, []error, error) {
	k := &Knowledge{}
	var bad []error
	set, errs, err := Rules(c)
	if err != nil {
		return nil, nil, err
	}
	bad = append(bad, errs...)
	k.Rules, k.set = set.Rules, set
	if errs, err = k.follow(set, c.Lateness); err != nil {
		return nil, append(bad, errs...), err
	}
	bad = append(bad, errs...)
	k.learnt = k.digests(c.Content.Intel)
	k.Indicators, errs, err = Indicators(c.Content.Intel, intel.Options{})
	bad = append(bad, errs...)
	if err != nil {
		bad = append(bad, err) // the rules go on without
	}
	k.Engine = k.engine(nil)

	k.Expectations, errs, err = expectations(c.Content.Expectations)
	bad = append(bad, errs...)
	if err != nil {
		return nil, bad, err
	}

	k.Playbooks, errs = Playbooks(c)
	bad = append(bad, errs...)
	k.Verdicts, errs = Verdicts(c)
	bad = append(bad, errs...)

	if err := k.people(c); err != nil {
		return nil, bad, err
	}
	k.outside = Outside(c, func() *org.Org { return k.Org }, time.Now)
	k.Scopes = scope.New(set, k.Org)
	bad = append(bad, k.Scopes.Problems()...)
	return k, append(bad, k.Check(Actions())...), nil
}

// Playbooks loads the embedded playbooks and those of the user's folders, of which each may run those of all others as steps. What cannot
// be used is left out and returned.
func Playbooks(c config.Config) ([]book.Definition, []error) {
	all, bad := fromAll(c.Content.Playbooks, "playbooks", book.Collect)
	all, said := unique(all, func(d book.Definition) (string, string) { return d.ID, d.File })
	all, errs := book.Complete(all)
	return all, append(append(bad, said...), errs...)
}

// Verdicts loads the embedded verdicts and those of the user's folders, in the order in which they are asked. What cannot be used is left out
// and returned.
func Verdicts(c config.Config) ([]verdict.Definition, []error) {
	all, bad := fromAll(c.Content.Verdicts, "verdicts", verdict.Load)
	all, said := unique(all, func(d verdict.Definition) (string, string) { return d.ID, d.File })
	return verdict.Sort(all), append(bad, said...)
}

// people loads what people declare about the organisation, and notes what resources are judged by.
func (k *Knowledge) people(c config.Config) (err error) {
	all := sha256.New()
	if k.Org, err = loadText(c.Org, org.Parse, all); err != nil {
		return fmt.Errorf("org: %w", err)
	}
	if k.Intent, err = loadText(c.Intent, org.ParseIntent, all); err != nil {
		return fmt.Errorf("intent: %w", err)
	}
	if k.Waivers, err = loadText(c.Waivers, org.ParseWaivers, all); err != nil {
		return fmt.Errorf("waivers: %w", err)
	}
	var freezes []*freeze.Calendar
	for _, file := range c.Playbooks.Freeze {
		one, err := loadText(file, freeze.Read, sha256.New()) // it judges no resource
		if err != nil {
			return fmt.Errorf("playbooks.freeze: %w", err)
		}
		freezes = append(freezes, one)
	}
	k.Freezes = freeze.Join(freezes...)
	if err := k.rotas(c, time.Now()); err != nil {
		return err
	}
	k.Waivers, k.timely = k.Waivers.In(k.Org), map[resource.Type]bool{}
	k.Expectations.Texts(func(types []resource.Type, text string) {
		fmt.Fprintf(all, "%q %q\n", types, text)
		if !timely.MatchString(text) {
			return
		}
		for _, t := range types {
			k.timely[t] = true
		}
	})
	k.asking = askingTypes(k.Expectations)
	k.judges = hex.EncodeToString(all.Sum(nil))
	return nil
}

// follow prepares the correlations of a set. Those that cannot be run are returned and left out.
func (k *Knowledge) follow(set sigma.Set, lateness time.Duration) (bad []error, err error) {
	k.Follow, bad = follow.New(set, follow.Options{Lateness: lateness, Limits: shardLimits()})
	if k.Follow == nil {
		return bad, fault.New(fault.Internal, "no correlation can be run")
	}
	k.Shards, err = correlate.Split(k.Follow.Specs(), shards)
	return bad, err
}

// Rules loads the embedded rules and those of the user's folders with what the settings say about rules, and links them. What
// cannot be used is left out and returned. Of rules with one ID the last counts, and its text's filters and correlations are
// those of all.
// Placeholders or mappings that cannot be read are an error: rules would mean something else without them.
func Rules(c config.Config) (sigma.Set, []error, error) {
	o, err := c.RuleOptions()
	if err != nil {
		return sigma.Set{}, nil, err
	}
	var correlations []*sigma.Correlation
	var filters []*sigma.Filter
	rules, bad := fromAll(c.Content.Rules, "rules", func(fsys fs.FS, root string) ([]*sigma.Compiled, []error) {
		s, errs := sigma.LoadAll(fsys, root, o)
		correlations, filters = append(correlations, s.Correlations...), append(filters, s.Filters...)
		return s.Rules, errs
	})
	var errs []error
	all := sigma.Set{Filters: filters}
	all.Rules, errs = unique(rules, func(r *sigma.Compiled) (string, string) { return r.ID, r.File })
	bad = append(bad, errs...)
	all.Correlations, errs = unique(correlations, func(x *sigma.Correlation) (string, string) { return x.ID, x.File })
	bad = append(bad, errs...)
	if all, errs = all.Rescoped(c.Content.Rescopes()); len(errs) > 0 {
		bad = append(bad, errs...)
	}
	linked, errs := all.Link()
	return linked, append(bad, errs...), nil
}

// engine judges by the rules and by what others know to be bad.
func (k *Knowledge) engine(from sigma.Lineage) detect.Engine {
	rules := sigma.NewEngineWith(k.Rules, from)
	if k.Indicators == nil {
		return rules
	}
	return detect.Join(rules, k.Indicators)
}

// expectations are the embedded ones, each read when a resource of its type comes by, and those of the user's folders, read at once so
// that what is wrong with them is told now.
func expectations(dirs []string) (*expect.Set, []error, error) {
	embedded, err := expect.Open(content.FS(), "expectations")
	if err != nil {
		return nil, nil, err
	}
	own, bad := fromDirs(dirs, "expectations", func(fsys fs.FS, root string) ([]*expect.Expectation, []error) {
		set, errs := expect.Load(fsys, root)
		return set.All(), errs
	})
	own, errs := unique(own, func(e *expect.Expectation) (string, string) { return e.ID, e.File })
	bad = append(bad, errs...)
	for _, e := range own {
		if old, twice := embedded.File(e.ID); twice {
			bad = append(bad, replaces(e.File, old, e.ID))
		}
	}
	return expect.Join(embedded, expect.NewSet(own)), bad, nil
}

// replaces says that one text takes the place of another.
func replaces(file, old, id string) error {
	return fault.New(fault.Conflict, "%s replaces %s: both have the id %s", file, old, id)
}

// fromAll loads from the embedded folder and from each of the user's.
func fromAll[T any](dirs []string, embedded string, load func(fs.FS, string) ([]T, []error)) ([]T, []error) {
	all, bad := load(content.FS(), embedded)
	more, errs := fromDirs(dirs, embedded, load)
	return append(all, more...), append(bad, errs...)
}

// fromDirs loads from each of the user's folders.
func fromDirs[T any](dirs []string, name string, load func(fs.FS, string) ([]T, []error)) (all []T, bad []error) {
	for _, dir := range dirs {
		if _, err := os.Stat(dir); err != nil {
			bad = append(bad, fmt.Errorf("content.%s: %w", name, fault.Path(err, dir, "a folder of them")))
			continue
		}
		more, errs := load(os.DirFS(dir), ".")
		for _, err := range errs {
			bad = append(bad, fmt.Errorf("%s: %w", dir, err))
		}
		all = append(all, more...)
	}
	return all, bad
}

// unique keeps the last of those that share an ID, so that a user's text replaces an embedded one; it is said, not hidden.
func unique[T any](all []T, name func(T) (id, file string)) ([]T, []error) {
	var (
		kept []T
		said []error
	)
	at := map[string]int{}
	for _, v := range all {
		id, file := name(v)
		i, twice := at[id]
		if !twice {
			at[id] = len(kept)
			kept = append(kept, v)
			continue
		}
		_, old := name(kept[i])
		said = append(said, replaces(file, old, id))
		kept[i] = v
	}
	return slices.Clip(kept), said
}

// loadText reads one file, and adds it to a digest; no path means that there is none, and nobody owns or declares anything.
func loadText[T any](path string, parse func(string, []byte) (*T, error), all hash.Hash) (*T, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Path(err, path, "a file")
	}
	fmt.Fprintf(all, "%s %q\n", path, text)
	return parse(path, text)
}
