package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
	"jobzero/internal/store/db"
)

// Person gives one person, also one who is gone, or fault.NotFound.
func (t *Tx) Person(ctx context.Context, id person.ID) (person.Person, error) {
	doc, err := t.q.Person(ctx, column(string(id)))
	return onePerson(t, doc, err, string(id))
}

// PersonNamed gives the person with a user name, whatever the case of its letters, or fault.NotFound. Who is gone has none.
func (t *Tx) PersonNamed(ctx context.Context, userName string) (person.Person, error) {
	doc, err := t.q.PersonNamed(ctx, column(person.Key(userName)))
	return onePerson(t, doc, err, userName)
}

func onePerson(t *Tx, doc string, err error, name string) (person.Person, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return person.Person{}, fault.New(fault.NotFound, "there is no person %s", name)
	}
	if err != nil {
		return person.Person{}, t.s.fail(err, "read person "+name)
	}
	return decode[person.Person]("person "+name, doc)
}

// PeopleOutside gives those whom their directory calls by an ID; directories do not promise that it is one.
func (t *Tx) PeopleOutside(ctx context.Context, external string) ([]person.Person, error) {
	docs, err := t.q.PeopleOutside(ctx, column(external))
	if err != nil {
		return nil, t.s.fail(err, "look who is "+external+" outside")
	}
	return decodeAll[person.Person]("person", docs)
}

// SavePerson keeps somebody and what changed of him. His version is one more than that of the row, or 1 for somebody new; fault.Conflict
// says that the row moved on, or that somebody else has the user name.
func (t *Tx) SavePerson(ctx context.Context, p person.Person, e person.Entry) error {
	doc, err := encode("person "+p.UserName, p)
	if err != nil {
		return err
	}
	n, err := t.q.SavePerson(ctx, db.SavePersonParams{
		ID: column(string(p.ID)), NameKey: column(person.Key(p.UserName)), ExternalID: column(p.ExternalID), Source: column(p.Source),
		Name: plain(p.Name()), GoneAt: stamp(p.Gone), Version: p.Version, Doc: doc,
	})
	if err != nil {
		return t.s.fail(err, "save person "+p.UserName)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "person %s was changed in between: read again", p.UserName)
	}
	if !p.Gone.IsZero() {
		if err := t.q.LeaveCircles(ctx, column(string(p.ID))); err != nil {
			return t.s.fail(err, "take person "+p.UserName+" out of the groups")
		}
	}
	return t.addPersonEntry(ctx, e)
}

func (t *Tx) addPersonEntry(ctx context.Context, e person.Entry) error {
	doc, err := encode("change of "+string(e.Subject), e)
	if err != nil {
		return err
	}
	err = t.q.AddPersonEntry(ctx, db.AddPersonEntryParams{
		Subject: column(string(e.Subject)), Seq: e.Seq, At: stamp(e.At), Kind: column(string(e.Kind)), Doc: doc,
	})
	return t.s.fail(err, "note what changed of "+string(e.Subject))
}

// People gives a page in the order of IDs, after one; with gone also those whom their directory has deleted.
func (t *Tx) People(ctx context.Context, after person.ID, gone bool, limit int) ([]person.Person, error) {
	arg := db.PeopleParams{After: column(string(after)), Most: most(limit)}
	if gone {
		arg.Gone = 1
	}
	rows, err := t.q.People(ctx, arg)
	if err != nil {
		return nil, t.s.fail(err, "list people")
	}
	docs := make([]string, len(rows))
	for i, r := range rows {
		docs[i] = r.Doc
	}
	return decodeAll[person.Person]("person", docs)
}

// PeopleFrom gives those who are not gone, in the order of IDs, without so many of the first, and how many there are.
func (t *Tx) PeopleFrom(ctx context.Context, skip, limit int) (page []person.Person, all int, err error) {
	n, err := t.q.CountPeople(ctx)
	if err != nil || limit <= 0 || int64(skip) >= n {
		return nil, int(n), t.s.fail(err, "count people")
	}
	docs, err := t.q.PeopleFrom(ctx, db.PeopleFromParams{Skip: int32(skip), Most: most(limit)}) //nolint:gosec // less than n, of which there are not that many
	if err != nil {
		return nil, int(n), t.s.fail(err, "list people")
	}
	page, err = decodeAll[person.Person]("person", docs)
	return page, int(n), err
}

// History gives what changed of a person or a group, newest first.
func (t *Tx) History(ctx context.Context, id person.ID, limit int) ([]person.Entry, error) {
	docs, err := t.q.PersonEntries(ctx, db.PersonEntriesParams{Subject: column(string(id)), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "read what changed of "+string(id))
	}
	return decodeAll[person.Entry]("change", docs)
}

// Happened gives the changes of a kind since a time, oldest first.
func (t *Tx) Happened(ctx context.Context, kind person.Kind, since time.Time, limit int) ([]person.Entry, error) {
	docs, err := t.q.PersonEntriesOf(ctx, db.PersonEntriesOfParams{Kind: column(string(kind)), Since: stamp(since), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "read who "+string(kind))
	}
	return decodeAll[person.Entry]("change", docs)
}
