package store

import (
	"context"
	"database/sql"
	"errors"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
	"jobzero/internal/store/db"
)

// Group gives one group of people, or fault.NotFound.
func (t *Tx) Group(ctx context.Context, id person.ID) (person.Group, error) {
	doc, err := t.q.Circle(ctx, column(string(id)))
	return oneGroup(t, doc, err, string(id))
}

// GroupNamed gives the group with a name, whatever the case of its letters, or fault.NotFound.
func (t *Tx) GroupNamed(ctx context.Context, name string) (person.Group, error) {
	doc, err := t.q.CircleNamed(ctx, column(person.Key(name)))
	return oneGroup(t, doc, err, name)
}

func oneGroup(t *Tx, doc string, err error, name string) (person.Group, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return person.Group{}, fault.New(fault.NotFound, "there is no group %s", name)
	}
	if err != nil {
		return person.Group{}, t.s.fail(err, "read group "+name)
	}
	return decode[person.Group]("group "+name, doc)
}

// SaveGroup keeps a group and what changed of it, as SavePerson does.
func (t *Tx) SaveGroup(ctx context.Context, g person.Group, e person.Entry) error {
	doc, err := encode("group "+g.Name, g)
	if err != nil {
		return err
	}
	n, err := t.q.SaveCircle(ctx, db.SaveCircleParams{
		ID: column(string(g.ID)), NameKey: column(person.Key(g.Name)), ExternalID: column(g.ExternalID), Name: plain(g.Name),
		Version: g.Version, Doc: doc,
	})
	if err != nil {
		return t.s.fail(err, "save group "+g.Name)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "group %s was changed in between: read again", g.Name)
	}
	return t.addPersonEntry(ctx, e)
}

// DropGroup forgets a group and who was in it; what changed of it stays.
func (t *Tx) DropGroup(ctx context.Context, id person.ID, e person.Entry) error {
	key := column(string(id))
	if err := errors.Join(t.q.DropCircle(ctx, key), t.q.DropMembers(ctx, key), t.q.LeaveCircles(ctx, key)); err != nil {
		return t.s.fail(err, "drop group "+string(id))
	}
	return t.addPersonEntry(ctx, e)
}

// AddMember puts somebody, or a group, into a group; false when he was in it.
func (t *Tx) AddMember(ctx context.Context, group person.ID, m person.Member) (bool, error) {
	arg := db.AddMemberParams{Circle: column(string(group)), Member: column(string(m.ID))}
	if m.Group {
		arg.IsGroup = 1
	}
	n, err := t.q.AddMember(ctx, arg)
	return n > 0, t.s.fail(err, "put "+string(m.ID)+" into group "+string(group))
}

// DropMember takes somebody out of a group; false when he was not in it.
func (t *Tx) DropMember(ctx context.Context, group, member person.ID) (bool, error) {
	n, err := t.q.DropMember(ctx, db.DropMemberParams{Circle: column(string(group)), Member: column(string(member))})
	return n > 0, t.s.fail(err, "take "+string(member)+" out of group "+string(group))
}

// Members gives a page of those in a group, in the order of IDs, after one.
func (t *Tx) Members(ctx context.Context, group, after person.ID, limit int) ([]person.Member, error) {
	rows, err := t.q.Members(ctx, db.MembersParams{Circle: column(string(group)), After: column(string(after)), Most: most(limit)})
	out := make([]person.Member, len(rows))
	for i, r := range rows {
		out[i] = person.Member{ID: person.ID(r.Member), Name: r.Name, Group: r.IsGroup == 1}
	}
	return out, t.s.fail(err, "list who is in group "+string(group))
}

// GroupsOf gives the groups that somebody is in, at most 1,000.
func (t *Tx) GroupsOf(ctx context.Context, member person.ID) ([]person.Group, error) {
	docs, err := t.q.CirclesOf(ctx, column(string(member)))
	if err != nil {
		return nil, t.s.fail(err, "list the groups of "+string(member))
	}
	return decodeAll[person.Group]("group", docs)
}

// Groups gives a page of all groups in the order of IDs, after one.
func (t *Tx) Groups(ctx context.Context, after person.ID, limit int) ([]person.Group, error) {
	rows, err := t.q.Circles(ctx, db.CirclesParams{After: column(string(after)), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "list groups")
	}
	docs := make([]string, len(rows))
	for i, r := range rows {
		docs[i] = r.Doc
	}
	return decodeAll[person.Group]("group", docs)
}

// GroupsFrom gives groups in the order of IDs without so many of the first, and how many there are.
func (t *Tx) GroupsFrom(ctx context.Context, skip, limit int) (page []person.Group, all int, err error) {
	n, err := t.q.CountCircles(ctx)
	if err != nil || limit <= 0 || int64(skip) >= n {
		return nil, int(n), t.s.fail(err, "count groups")
	}
	docs, err := t.q.CirclesFrom(ctx, db.CirclesFromParams{Skip: int32(skip), Most: most(limit)}) //nolint:gosec // as in PeopleFrom
	if err != nil {
		return nil, int(n), t.s.fail(err, "list groups")
	}
	page, err = decodeAll[person.Group]("group", docs)
	return page, int(n), err
}
