package fault

import (
	"errors"
	"io/fs"
	"syscall"
)

// Path says in a person's words why a file or folder could not be read, and what was wanted there, such as "a file of waivers". What has
// a code already is passed on; nil stays nil.
func Path(err error, name, want string) error {
	_, coded := errors.AsType[*Error](err)
	switch {
	case err == nil || coded:
		return err
	case errors.Is(err, fs.ErrNotExist):
		return New(NotFound, "%s does not exist: want %s", name, want)
	case errors.Is(err, fs.ErrPermission):
		return New(Denied, "%s may not be read by this user: want %s", name, want)
	case errors.Is(err, syscall.EISDIR):
		return New(Invalid, "%s is a folder: want %s", name, want)
	case errors.Is(err, syscall.ENOTDIR):
		return New(Invalid, "%s is a file, or goes through one: want %s", name, want)
	default:
		return Wrap(Invalid, err, "read %s", name)
	}
}
