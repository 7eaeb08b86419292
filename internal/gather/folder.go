package gather

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"

	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/kms"
	"jobzero/internal/inventory/organizations"
	"jobzero/internal/resource"
)

// Folder reads who there is and what they may do into the files of a folder, each as a whole.
type Folder struct {
	Gatherer
	Resources *inventory.Catalogue
	Dir       string
	// Count is told how many resources of an account were read so far; nil: nobody wants to know.
	Count func(account string, resources int)
}

// Account is one that is read.
type Account struct {
	ID      string
	Regions []string
}

// Tree reads the organisation through the account that may list it.
func (c Folder) Tree(ctx context.Context, through string) error {
	cfg, err := c.Entry.Reader(ctx, through, "")
	if err != nil {
		return c.Miss(err)
	}
	root, err := organizations.Tree(ctx, cfg)
	if err != nil {
		return c.Miss(err)
	}
	return c.write("organisation.json", func(w io.Writer) error { return json.NewEncoder(w).Encode(root) })
}

// Account reads one account.
func (c Folder) Account(ctx context.Context, of Account) error {
	account, regions := of.ID, of.Regions
	var users []string
	err := c.write(account+".iam.json", func(w io.Writer) (err error) {
		users, err = c.Details(ctx, account, w)
		return err
	})
	if err != nil {
		if err := c.Miss(err); err != nil {
			return err
		}
	}
	if err := c.seats(ctx, account, regions, users); err != nil {
		return err
	}
	var keys []resource.Ref
	err = c.write(account+".resources.json", func(w io.Writer) error {
		return c.resources(ctx, w, account, regions, &keys)
	})
	if err != nil {
		return err
	}
	return c.write(account+".grants.json", func(w io.Writer) error { return c.grants(ctx, w, keys) })
}

// seats reads what the users of an account sign in and call with, and the directory of Identity Center where the account has it.
func (c Folder) seats(ctx context.Context, account string, regions, users []string) error {
	for _, part := range []struct {
		file string
		read func(io.Writer) error
	}{
		{".credentials.json", func(w io.Writer) error { return c.Credentials(ctx, account, users, w) }},
		{".report.json", func(w io.Writer) error { return c.Report(ctx, account, w) }},
		{".directory.json", func(w io.Writer) error {
			all, err := c.Instances(ctx, account, regions)
			for _, at := range all {
				if err == nil {
					err = c.Directory(ctx, at, w)
				}
			}
			return err
		}},
	} {
		if err := c.write(account+part.file, part.read); err != nil {
			if err := c.Miss(err); err != nil {
				return err
			}
		}
	}
	return nil
}

// resources writes a list of what has policies, data or code.
func (c Folder) resources(ctx context.Context, w io.Writer, account string, regions []string, keys *[]resource.Ref) error {
	types := slices.DeleteFunc(slices.Concat(estate.Types(), estate.Beside()), func(t resource.Type) bool { return !c.Resources.Reads(t) })
	out, sep := json.NewEncoder(w), "["
	done := 0
	err := c.Resources.Sweep(ctx, []string{account}, regions, types, func(r resource.Resource) error {
		if r.Type == resource.Key {
			*keys = append(*keys, resource.Ref{Type: r.Type, Account: account, Region: r.Region, ID: r.ARN})
		}
		if done++; c.Count != nil {
			c.Count(account, done)
		}
		_, err := io.WriteString(w, sep)
		sep = ","
		if err != nil {
			return err
		}
		return out.Encode(r)
	})
	if err != nil {
		if err := c.Miss(err); err != nil {
			return err
		}
	}
	if sep == "[" {
		_, err = io.WriteString(w, "[]")
	} else {
		_, err = io.WriteString(w, "]")
	}
	return err
}

// grants writes those of keys, one answer for each key.
func (c Folder) grants(ctx context.Context, w io.Writer, keys []resource.Ref) error {
	for _, k := range keys {
		cfg, err := c.Entry.Reader(ctx, k.Account, k.Region)
		if err != nil {
			return err
		}
		list, err := kms.Grants(ctx, cfg, k.ID)
		if err != nil {
			if err := c.Miss(err); err != nil {
				return err
			}
			continue
		}
		if len(list) == 0 {
			continue
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"Grants": list}); err != nil {
			return err
		}
	}
	return nil
}

// write makes a file as a whole, or leaves the one that was there. One without contents is not made.
func (c Folder) write(name string, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(c.Dir, "."+name+"-*")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "write into %s", c.Dir)
	}
	defer os.Remove(f.Name())
	if err := fill(f); err != nil {
		_ = f.Close()
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = f.Close()
	}
	target := filepath.Join(c.Dir, name)
	switch {
	case err != nil:
	case info.Size() == 0:
		if err = os.Remove(target); os.IsNotExist(err) {
			err = nil
		}
	default:
		err = os.Rename(f.Name(), target)
	}
	return fault.Wrap(fault.Invalid, err, "write %s", target)
}
