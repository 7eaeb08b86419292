package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/source/digest"
)

// Copy is a copy of one bucket.
type Copy struct {
	root   *os.Root // what holds AWSLogs; names that lead out of it are refused by the system
	path   string   // as it was given
	whole  string   // the same from the root of the file system
	scopes []string // keys of the folders that were asked for, each ends with a slash
}

// Close closes it.
func (c *Copy) Close() error { return c.root.Close() }

// Path is where an object is on disk.
func (c *Copy) Path(key string) string { return filepath.Join(c.path, filepath.FromSlash(key)) }

// Folder names what lies directly in a folder, in order, as far as it was asked for.
func (c *Copy) Folder(_ context.Context, key string) (folders, objects []string, err error) {
	entries, err := fs.ReadDir(c.root.FS(), strings.TrimSuffix(key, "/"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	for _, e := range entries {
		at := key + e.Name()
		switch {
		case e.IsDir() && c.leads(at+"/"):
			folders = append(folders, e.Name())
		case !e.IsDir() && c.asked(at):
			objects = append(objects, at)
		}
	}
	return folders, objects, err
}

// Below calls found for each file of a folder, by name. Links are not followed.
func (c *Copy) Below(_ context.Context, key string, found func(digest.Object) error) error {
	start := strings.TrimSuffix(key, "/")
	return fs.WalkDir(c.root.FS(), start, func(at string, e fs.DirEntry, err error) error {
		switch {
		case err != nil && at == start && errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll
		case err != nil:
			return err
		case e.IsDir() || !c.asked(at) || isBeside(at):
			return nil
		}
		o := digest.Object{Key: at}
		if info, err := e.Info(); err == nil {
			o.Size = info.Size()
		}
		return found(o)
	})
}

// Open opens a file, and reads what is kept beside a digest.
func (c *Copy) Open(_ context.Context, key string) (*digest.Content, error) {
	if !fs.ValidPath(key) {
		return nil, fault.New(fault.Invalid, "%q is no key of an object", key)
	}
	file, err := c.open(key)
	if err != nil {
		return nil, err
	}
	content := &digest.Content{ReadCloser: file}
	if isDigest(key) {
		content.Metadata = c.metadata(key)
	}
	return content, nil
}

// open opens a regular file. Anything else could lead elsewhere or never end.
func (c *Copy) open(key string) (*os.File, error) {
	name := filepath.FromSlash(key)
	info, err := c.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fault.New(fault.Invalid, "%s is no regular file (%s)", path.Base(key), info.Mode().Type())
	}
	return c.root.Open(name)
}

// asked says whether a key is in a folder that was asked for.
func (c *Copy) asked(key string) bool {
	return slices.ContainsFunc(c.scopes, func(s string) bool { return strings.HasPrefix(key, s) })
}

// leads says whether a folder is, holds or lies in one that was asked for.
func (c *Copy) leads(key string) bool {
	return c.asked(key) || slices.ContainsFunc(c.scopes, func(s string) bool { return strings.HasPrefix(s, key) })
}
