package doc

import (
	"github.com/rogpeppe/go-internal/txtar"

	"jobzero/internal/fault"
)

// Archive reads a .test file: free text, then cases, each behind a line such as -- fire/name.json --. The library panics on
// some broken markers, such as "-- --", which are a user's typing error.
func Archive(name string, data []byte) (a *txtar.Archive, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Invalid, "%s:1:1: a line such as -- fire/name.json -- is broken (%v)", name, p)
		}
	}()
	if a = txtar.Parse(data); len(a.Files) == 0 {
		return nil, fault.New(fault.Invalid, "%s:1:1: no case: add a line such as -- fire/name.json --", name)
	}
	return a, nil
}
