package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
	"jobzero/internal/store"
)

func aPerson(id person.ID, userName string) person.Person {
	return person.Person{
		ID: id, UserName: userName, ExternalID: "x-" + string(id), Display: "Ana \x00 Sousa", Active: true, Source: person.SCIM,
		Emails: []person.Email{{Value: "ana@example.com", Kind: "work", Primary: true}}, Created: noon(), Changed: noon(), Version: 1,
		Start: noon().Add(-time.Hour), Said: []byte(`{"locale":"de"}`),
	}
}

// savePerson keeps somebody as the rooms do.
func savePerson(t *testing.T, s *store.Store, before *person.Person, p person.Person) error {
	t.Helper()
	return s.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SavePerson(t.Context(), p, person.Between(before, p, "scim", noon()))
	})
}

// people: somebody is found by each of his names, changes only from what was read, and is kept when he is gone, without his user name.
func people(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	ana := aPerson("01A", "Ana@Example.com")
	if err := savePerson(t, s, nil, ana); err != nil {
		t.Fatal(err)
	}
	if err := savePerson(t, s, nil, aPerson("01B", "ana@example.COM")); !fault.Is(err, fault.Conflict) {
		t.Errorf("a user name twice: %v", err)
	}
	next := ana
	next.Version, next.Team = 2, "shop"
	if err := savePerson(t, s, &ana, next); err != nil {
		t.Fatal(err)
	}
	if err := savePerson(t, s, &ana, next); !fault.Is(err, fault.Conflict) {
		t.Errorf("a change of what has moved on: %v", err)
	}
	look(t, s, func(tx *store.Tx) error {
		for _, find := range []func() (person.Person, error){
			func() (person.Person, error) { return tx.Person(t.Context(), "01A") },
			func() (person.Person, error) { return tx.PersonNamed(t.Context(), "ANA@example.com") },
			func() (person.Person, error) {
				all, err := tx.PeopleOutside(t.Context(), "x-01A")
				return all[0], err
			},
		} {
			got, err := find()
			if d := cmp.Diff(next, got); d != "" || err != nil {
				t.Errorf("%v\n%s", err, d)
			}
		}
		_, err := tx.Person(t.Context(), "01B")
		_, other := tx.PersonNamed(t.Context(), "bo")
		if !fault.Is(err, fault.NotFound) || !fault.Is(other, fault.NotFound) {
			t.Errorf("somebody who is not there: %v, %v", err, other)
		}
		return nil
	})
	goes(t, s, next)
}

// goes deletes somebody who was changed once, and makes another one with his user name.
func goes(t *testing.T, s *store.Store, next person.Person) {
	t.Helper()
	gone := next
	gone.Version, gone.Gone = 3, noon()
	again := aPerson("01C", "ana@example.com")
	if err := errors.Join(savePerson(t, s, &next, gone), savePerson(t, s, nil, again)); err != nil {
		t.Fatalf("gone, and back under another ID: %v", err)
	}
	look(t, s, func(tx *store.Tx) error {
		named, err := tx.PersonNamed(t.Context(), "ana@example.com")
		page, n, err2 := tx.PeopleFrom(t.Context(), 0, 10)
		all, err3 := tx.People(t.Context(), "", true, 10)
		after, err4 := tx.People(t.Context(), "01A", true, 10)
		here, err5 := tx.People(t.Context(), "", false, 10)
		if named.ID != "01C" || len(page) != 1 || n != 1 || len(all) != 2 || len(after) != 1 || len(here) != 1 {
			t.Errorf("%v %v of %d, %v, %v, %v", named.ID, page, n, all, after, here)
		}
		return errors.Join(err, err2, err3, err4, err5)
	})
	look(t, s, func(tx *store.Tx) error {
		h, err := tx.History(t.Context(), "01A", 0)
		if len(h) != 3 || h[0].Kind != person.Departed || h[1].Changes[0].Is != "shop" || h[2].Kind != person.Joined {
			t.Errorf("history: %+v", h)
		}
		left, err2 := tx.Happened(t.Context(), person.Departed, noon(), 0)
		none, err3 := tx.Happened(t.Context(), person.Departed, noon().Add(1000), 0)
		if len(left) != 1 || len(none) != 0 {
			t.Errorf("who left: %v, after that %v", left, none)
		}
		return errors.Join(err, err2, err3)
	})
}

// circles: a group keeps its members in pages, loses those who are gone, and is forgotten with them.
func circles(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	const many = 25
	g := person.Group{ID: "01G", Name: "Shop", ExternalID: "g1", Source: person.SCIM, Created: noon(), Changed: noon(), Version: 1}
	do(t, s, func(tx *store.Tx) error {
		all := []error{tx.SaveGroup(t.Context(), g, changeOf(1, person.Joined))}
		for i := range many {
			p := aPerson(person.ID(fmt.Sprintf("01P%02d", i)), fmt.Sprintf("p%d", i))
			all = append(all, tx.SavePerson(t.Context(), p, person.Between(nil, p, "scim", noon())))
			added, err := tx.AddMember(t.Context(), g.ID, person.Member{ID: p.ID})
			again, err2 := tx.AddMember(t.Context(), g.ID, person.Member{ID: p.ID})
			if !added || again {
				t.Errorf("%s: added %t, again %t", p.ID, added, again)
			}
			all = append(all, err, err2)
		}
		return errors.Join(all...)
	})
	if last := members(t, s, many); last.ID != "01P24" || last.Name != "Ana � Sousa" || last.Group {
		t.Errorf("the last: %+v", last)
	}
	gone := aPerson("01P03", "p3")
	gone.Version, gone.Gone = 2, noon()
	do(t, s, func(tx *store.Tx) error {
		out, err := tx.DropMember(t.Context(), g.ID, "01P02")
		not, err2 := tx.DropMember(t.Context(), g.ID, "01P02")
		of, err3 := tx.GroupsOf(t.Context(), "01P01")
		if !out || not || len(of) != 1 || of[0].Name != "Shop" {
			t.Errorf("out %t, again %t, groups %v", out, not, of)
		}
		return errors.Join(err, err2, err3, tx.SavePerson(t.Context(), gone, person.Between(&gone, gone, "scim", noon())))
	})
	members(t, s, many-2)
	renames(t, s, g)
}

// members goes through the members of the group of circles and gives the last.
func members(t *testing.T, s *store.Store, want int) (last person.Member) {
	t.Helper()
	n := 0
	look(t, s, func(tx *store.Tx) error {
		for {
			page, err := tx.Members(t.Context(), "01G", last.ID, 10)
			if err != nil || len(page) == 0 {
				return err
			}
			n, last = n+len(page), page[len(page)-1]
		}
	})
	if n != want {
		t.Errorf("%d members, want %d", n, want)
	}
	return last
}

// changeOf is what happened to the group of circles.
func changeOf(seq int64, k person.Kind) person.Entry {
	return person.Entry{Subject: "01G", Seq: seq, At: noon(), Actor: "scim", Kind: k}
}

// renames gives the group of circles another name, which is its own, and drops it.
func renames(t *testing.T, s *store.Store, g person.Group) {
	t.Helper()
	moved := g
	moved.Version, moved.Name = 2, "Shops"
	do(t, s, func(tx *store.Tx) error { return tx.SaveGroup(t.Context(), moved, changeOf(2, person.Changed)) })
	err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveGroup(t.Context(), moved, changeOf(3, person.Changed)) })
	twin := person.Group{ID: "01H", Name: "SHOPS", Version: 1}
	clash := s.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SaveGroup(t.Context(), twin, person.Entry{Subject: "01H", Seq: 1, Kind: person.Joined})
	})
	if !fault.Is(err, fault.Conflict) || !fault.Is(clash, fault.Conflict) {
		t.Errorf("a group that moved on: %v; its name twice: %v", err, clash)
	}
	look(t, s, func(tx *store.Tx) error {
		named, err := tx.GroupNamed(t.Context(), "shops")
		all, n, err2 := tx.GroupsFrom(t.Context(), 0, 5)
		page, err3 := tx.Groups(t.Context(), "", 5)
		if d := cmp.Diff(moved, named); d != "" || n != 1 || len(all) != 1 || len(page) != 1 {
			t.Errorf("%v of %d, %v\n%s", all, n, page, d)
		}
		return errors.Join(err, err2, err3)
	})
	do(t, s, func(tx *store.Tx) error { return tx.DropGroup(t.Context(), g.ID, changeOf(3, person.Removed)) })
	members(t, s, 0)
	look(t, s, func(tx *store.Tx) error {
		_, err := tx.Group(t.Context(), g.ID)
		h, err2 := tx.History(t.Context(), g.ID, 0)
		if !fault.Is(err, fault.NotFound) || len(h) != 3 {
			t.Errorf("dropped: %v, history %v", err, h)
		}
		return err2
	})
}
