package storetest

import (
	"testing"

	"jobzero/internal/expect/standing"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
	"jobzero/internal/store"
)

// canaries: the first run of a version of a playbook in an account is one row, of each account and version its own.
func canaries(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	first := playbook.Canary{Playbook: "close", Account: "111122223333", Hash: "a1", Run: "run-1"}
	proven := first
	proven.Proven = true
	do(t, s, func(tx *store.Tx) error { return tx.SaveCanary(t.Context(), first) })
	do(t, s, func(tx *store.Tx) error { return tx.SaveCanary(t.Context(), proven) })
	look(t, s, func(tx *store.Tx) error {
		got, ok, err := tx.Canary(t.Context(), "close", "111122223333", "a1")
		if err == nil && (!ok || got != proven) {
			t.Errorf("got %+v, %t", got, ok)
		}
		if _, ok, other := tx.Canary(t.Context(), "close", "111122223333", "a2"); other != nil || ok {
			t.Errorf("another version: %t, %v", ok, other)
		}
		return err
	})
}

// fleets: resources are counted by account and type, wherever they are.
func fleets(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	ref := func(account, region, id string, of resource.Type) resource.Ref {
		return resource.Ref{Type: of, Account: account, Region: region, ID: id}
	}
	do(t, s, func(tx *store.Tx) error {
		for _, r := range []resource.Ref{
			ref("111122223333", "us-east-1", "a", resource.Bucket), ref("111122223333", "eu-west-1", "b", resource.Bucket),
			ref("111122223333", "eu-west-1", "b", resource.User), ref("444455556666", "eu-west-1", "c", resource.Bucket),
		} {
			if err := tx.SaveStanding(t.Context(), standing.Row{Ref: r, ReadAt: noon(), JudgedAt: noon()}); err != nil {
				return err
			}
		}
		return nil
	})
	look(t, s, func(tx *store.Tx) error {
		n, err := tx.Fleet(t.Context(), ref("111122223333", "", "", resource.Bucket))
		if err == nil && n != 2 {
			t.Errorf("%d buckets, want 2", n)
		}
		return err
	})
}
