package estate

import "maps"

// beside is an estate for a part of what is read, with the same shelf.
func (e *Estate) beside() *Estate {
	part := New()
	part.shelf = e.shelf
	if e.listener != nil {
		part.listener = &notes{}
	}
	return part
}

// notes are what a listener is told when the part is joined: parts are read at the same time, and it is told in the order of the files.
type notes struct{ told []func(Listener) }

// User notes a user.
func (n *notes) User(u UserDetail) { n.told = append(n.told, func(l Listener) { l.User(u) }) }

// Role notes a role.
func (n *notes) Role(r RoleDetail) { n.told = append(n.told, func(l Listener) { l.Role(r) }) }

// Page notes the end of an answer.
func (n *notes) Page(truncated bool) { n.told = append(n.told, func(l Listener) { l.Page(truncated) }) }

// join adds what was read into a part, as if it had been read here: of two that are the same thing the later one counts.
func (e *Estate) join(part *Estate) {
	maps.Copy(e.holders, part.holders)
	maps.Copy(e.groups, part.groups)
	maps.Copy(e.documents, part.documents)
	maps.Copy(e.things, part.things)
	maps.Copy(e.levels, part.levels)
	maps.Copy(e.controls, part.controls)
	maps.Copy(e.seats, part.seats)
	maps.Copy(e.managers, part.managers)
	maps.Copy(e.assets, part.assets)
	maps.Copy(e.profiles, part.profiles)
	maps.Copy(e.blocks, part.blocks)
	if n, ok := part.listener.(*notes); ok {
		for _, tell := range n.told {
			tell(e.listener)
		}
	}
	for key, list := range part.keyGrants {
		e.keyGrants[key] = append(e.keyGrants[key], list...)
	}
}
