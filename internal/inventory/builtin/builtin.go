// Package builtin is the one list of all readers.
//
// It is: what the product can read live, in order.
// It takes: nothing.
// It gives: the readers for inventory.New.
// Next door: app builds the catalogue from it.
package builtin

import (
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/ec2"
	"jobzero/internal/inventory/iam"
	"jobzero/internal/inventory/s3"
)

// Readers gives every reader there is.
func Readers() []inventory.Reader {
	return []inventory.Reader{s3.Buckets{}, s3.AccountBlocks{}, ec2.SecurityGroups{}, iam.AccessKeys{}}
}
