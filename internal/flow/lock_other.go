//go:build !unix

package flow

import "jobzero/internal/fault"

// lockFolder cannot promise on this system that a folder is ours alone, and a promise that does not hold loses work.
func lockFolder(string) (unlock func(), err error) {
	return nil, fault.New(fault.Invalid, "the embedded bus needs a Unix system: use PostgreSQL and a NATS cluster instead")
}
