package cloudtrail

import (
	"bytes"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// Quick reads plain records where they lie: compact ASCII, with every member that the view needs of the type that CloudTrail
// gives it. That is nearly every record; it takes no copy and makes no garbage. It is used for one buffer after another.
type Quick struct {
	q     rawjson.Quick
	b     []byte
	start int
	r     *event.Record
	// guess is, by the level and the member before, which member came next the last time: records of one log are much alike,
	// and to see that a guess is right is quicker than to look a name up.
	guess [levels][members + 1]uint8
}

// Reset turns to another buffer.
func (q *Quick) Reset(b []byte) {
	q.b = b
	q.q.Reset(b)
}

// Record reads the record that begins at the byte i into r. It gives the index behind the record, or -1, and then Parse says
// what the record is.
func (q *Quick) Record(i int, r *event.Record) int {
	r.Begin()
	q.start, q.r = i, r
	if q.q.At(i) != '{' {
		return -1
	}
	end := q.object(topLevel, i)
	if end < 0 || end-i > MaxBytes {
		return -1
	}
	r.Raw = q.b[i:end]
	r.Pack()
	if !isPlain(r) {
		return -1
	}
	return end
}

// object reads an object of a level, whose bracket is at i.
func (q *Quick) object(l *level, i int) int {
	if i++; q.q.At(i) == '}' {
		return i + 1
	}
	guess := &q.guess[l.number]
	var seen uint64
	for last := members; ; {
		next := int(guess[last])
		m := &l.members[next]
		at := i + len(m.name)
		if at >= len(q.b) || string(q.b[i:at]) != m.name {
			var name []byte
			if name, at = q.name(i); at < 0 {
				return -1
			}
			var known bool
			if next, known = l.find(name); !known {
				if i = q.other(name, at, l); q.q.At(i) == ',' {
					i++
					continue
				}
				return q.closed(i)
			}
			guess[last] = uint8(next) //nolint:gosec // there are 32 members at most
			m = &l.members[next]
		}
		if seen&m.once != 0 { // a member that stands there twice is for Parse to refuse
			return -1
		}
		seen |= m.once
		end := q.value(m, at)
		if end < 0 {
			return -1
		}
		if m.slot != noSlot {
			q.r.Set(m.slot, at-q.start, end-q.start)
		}
		if q.q.At(end) != ',' {
			return q.closed(end)
		}
		i, last = end+1, next
	}
}

// value reads the value of a member.
func (q *Quick) value(m *member, at int) int {
	kind := kindOf[q.b[at]]
	if kind&m.takes == 0 {
		return -1
	}
	switch {
	case kind == text:
		return q.q.Text(at + 1)
	case m.below == nil:
		return q.q.Value(at)
	case kind == object:
		return q.object(m.below, at)
	case kind == list:
		return q.objects(m.below, at)
	}
	return q.q.Value(at)
}

// closed gives the index behind the bracket of an object that should end at i.
func (q *Quick) closed(i int) int {
	if q.q.At(i) != '}' {
		return -1
	}
	return i + 1
}

// objects reads a list of objects of a level, whose bracket is at i.
func (q *Quick) objects(l *level, i int) int {
	if i++; q.q.At(i) == ']' {
		return i + 1
	}
	for q.q.At(i) == '{' {
		if i = q.object(l, i); i < 0 {
			return -1
		}
		switch q.q.At(i) {
		case ',':
			i++
		case ']':
			return i + 1
		default:
			return -1
		}
	}
	return -1
}

// name reads the name of a member and gives it as it was written, and where the value begins.
func (q *Quick) name(i int) ([]byte, int) {
	if q.q.At(i) != '"' {
		return nil, -1
	}
	end := q.q.Text(i + 1)
	if end < 0 || q.q.At(end) != ':' || end+1 >= len(q.b) {
		return nil, -1
	}
	return q.b[i+1 : end-1], end + 1
}

// other reads a member that the level does not know.
func (q *Quick) other(name []byte, at int, l *level) int {
	if bytes.IndexByte(name, '\\') >= 0 {
		return -1 // it may be one of ours in disguise
	}
	if l != resourceLevel { // no path of a slot leads through a list
		q.r.Other(name, l == topLevel)
	}
	return q.q.Value(at)
}
