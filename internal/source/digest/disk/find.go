package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"jobzero/internal/fault"
)

const logs = "AWSLogs"

// scope is what may be asked for below AWSLogs: everything, an organisation, or an account. Less than an account would leave out
// the log files that go with digests, or the other way round.
var scope = regexp.MustCompile(`^(o-[a-z0-9]+/)?(\d{12}/)?$`)

// Find opens the copies of buckets that the paths are in or hold. Paths into one copy are one folder.
func Find(ctx context.Context, paths []string) (all []*Copy, err error) {
	defer func() {
		if err != nil {
			_ = Close(all)
			all = nil
		}
	}()
	for _, given := range paths {
		places, err := find(ctx, given)
		if err != nil {
			return all, err
		}
		for _, p := range places {
			same, err := filepath.Abs(p.root)
			if err != nil {
				return all, fault.Wrap(fault.Invalid, err, "%s", given)
			}
			if i := slices.IndexFunc(all, func(c *Copy) bool { return c.whole == same }); i >= 0 {
				all[i].scopes = append(all[i].scopes, p.scope)
				continue
			}
			root, err := os.OpenRoot(p.root)
			if err != nil {
				return all, fault.Wrap(fault.Invalid, err, "%s", given)
			}
			all = append(all, &Copy{root: root, path: p.root, whole: same, scopes: []string{p.scope}})
		}
	}
	return all, nil
}

// Close closes all of them.
func Close(all []*Copy) error {
	var errs []error
	for _, c := range all {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// place is a folder that holds AWSLogs, and what of it was asked for.
type place struct{ root, scope string }

func find(ctx context.Context, given string) ([]place, error) {
	info, err := os.Stat(given)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.New(fault.NotFound, "%s does not exist", given)
	case err != nil:
		return nil, fault.Wrap(fault.Invalid, err, "%s", given)
	case !info.IsDir():
		return nil, fault.New(fault.Invalid, "%s is a file: name the folder %s that it is in, or an account's folder in that", given, logs)
	}
	for _, at := range []string{given, target(given)} {
		p, ok, err := inside(at)
		if ok || err != nil {
			return []place{p}, err
		}
	}
	return below(ctx, target(given))
}

// target is where a symbolic link leads; any other path is given back.
func target(given string) string {
	if info, err := os.Lstat(given); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return given
	}
	if real, err := filepath.EvalSymlinks(given); err == nil {
		return real
	}
	return given
}

// below looks for AWSLogs in a folder.
func below(ctx context.Context, given string) (all []place, err error) {
	err = filepath.WalkDir(given, func(at string, e fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return fault.Wrap(fault.Invalid, err, "look for %s", logs)
		case e.IsDir() && e.Name() == logs:
			all = append(all, place{filepath.Dir(at), logs + "/"})
			return fs.SkipDir
		}
		return nil
	})
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "%s holds no folder %s: copy the bucket with its folders, as `aws s3 sync s3://BUCKET %s` does", given, logs, given)
	}
	return all, err
}

// inside knows a path that is AWSLogs, or leads into it.
func inside(given string) (place, bool, error) {
	whole, err := filepath.Abs(given)
	if err != nil {
		return place{}, false, fault.Wrap(fault.Invalid, err, "%s", given)
	}
	rest := ""
	root := filepath.Clean(given) // as the person wrote it, so that files are named as they know them
	for ; filepath.Base(whole) != logs; whole, root = filepath.Dir(whole), up(root) {
		if whole == filepath.Dir(whole) {
			return place{}, false, nil
		}
		rest = filepath.Base(whole) + "/" + rest
	}
	if !scope.MatchString(rest) {
		return place{}, false, fault.New(fault.Invalid, "%s is no account's folder: digests and log files go together, name %s or %s/ACCOUNT", given, logs, logs)
	}
	return place{up(root), logs + "/" + rest}, true, nil
}

// up is the folder above, also for a path that begins with dots.
func up(at string) string {
	if at == "." || filepath.Base(at) == ".." {
		return filepath.Join(at, "..")
	}
	return filepath.Dir(at)
}
