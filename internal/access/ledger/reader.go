package ledger

import (
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/policy/names"
	"jobzero/internal/policy/trail"
	"jobzero/internal/principal/lineage"
)

// Reader makes entries of records. It remembers sessions and names of events, so that a record that is like others costs little;
// it is for one goroutine, and any number of readers may share a graph.
type Reader struct {
	graph   *lineage.Graph
	version uint64
	touch   *trail.Toucher
	touches []trail.Touch
	callers map[string]*who // by what a record says of who calls
	whos    same[who]
	wheres  same[where]
	acts    same[Act]
	here    where // of the last record
	uses    []use // room for those to come
	hash    [64]byte
}

// maxCallers is how many sessions a reader remembers; beyond it, it begins anew. A session's record has some 700 bytes.
const maxCallers = 1 << 12

// usesAtOnce is for how many uses room is made at once.
const usesAtOnce = 512

// NewReader makes a reader. Without a graph only what a record says by itself is known of who was behind it.
func NewReader(g *lineage.Graph) *Reader {
	if g == nil {
		g = lineage.New(lineage.Options{})
	}
	return &Reader{graph: g, touch: trail.NewToucher(), callers: map[string]*who{}}
}

// Read makes an entry of a record, or says why there is none. The record's bytes are not kept.
func (d *Reader) Read(r *event.Record) (Entry, Reason) {
	at, ok := instant(plain(r, event.EventTime))
	return d.read(r, at, ok)
}

// Event is Read for an event, whose source may have found its time where CloudTrail does not write it.
func (d *Reader) Event(e *event.Event) (Entry, Reason) {
	at := e.Time.Unix()
	return d.read(e.Record(), at, !e.Time.IsZero() && at > 0 && at <= latest)
}

func (d *Reader) read(r *event.Record, at int64, timed bool) (Entry, Reason) {
	if r.Log != event.CloudTrail {
		return Entry{}, OtherLog
	}
	kind := plain(r, event.EventType)
	switch string(kind) {
	case "", "AwsApiCall", "AwsConsoleAction", "AwsConsoleSignIn":
	case "AwsVpceEvent":
		return Entry{}, Endpoint
	default:
		return Entry{}, NoCall
	}
	if !timed {
		return Entry{}, NoTime
	}
	d.touches = d.touch.Read(d.touches[:0], r)
	if len(d.touches) == 0 {
		return Entry{}, NoName
	}
	c := d.caller(r)
	if c == nil {
		return Entry{}, NoCaller
	}
	account := plain(r, event.RecipientAccountID)
	e := Entry{
		stamp: d.stamp(account, plain(r, event.EventID)), at: at, who: c, where: d.where(account, plain(r, event.AWSRegion)),
		refused: refused(r), console: fromConsole(r, kind), uses: d.room(len(d.touches)),
	}
	data, reads := isData(r), string(r.Part(event.ReadOnly)) == "true"
	for i := range d.touches {
		t := &d.touches[i]
		act := Act{Name: t.Action, Level: t.Level, Data: data || stored(t.Action), Free: t.Free}
		if act.Level == "" && reads {
			act.Level = names.Read
		}
		e.uses[i] = use{d.acts.one(act), t.Resources}
	}
	return e, Kept
}

// room gives room for some uses.
func (d *Reader) room(n int) []use {
	if n > len(d.uses) {
		d.uses = make([]use, max(n, usesAtOnce))
	}
	out := d.uses[:n:n]
	d.uses = d.uses[n:]
	return out
}

// where is the account and region of a record: often those of the one before.
func (d *Reader) where(account, region []byte) *where {
	account, region = account[:min(len(account), maxName)], region[:min(len(region), maxName)]
	if d.here.account != string(account) {
		d.here.account = string(account)
	}
	if d.here.region != string(region) {
		d.here.region = string(region)
	}
	return d.wheres.one(d.here)
}

// plain is the content of a slot; of a text with escapes too, and nothing of what is no text.
func plain(r *event.Record, s event.Slot) []byte {
	v := r.Part(s)
	if t, ok := v.Plain(); ok {
		return t
	}
	t, _ := v.Text()
	return []byte(t)
}

// stamp stands for the event: a hash of the account and the ID. Zero when the record has no ID: then it cannot be told from a copy of itself.
func (d *Reader) stamp(account, id []byte) uint64 {
	if len(id) == 0 {
		return 0
	}
	b := append(d.hash[:0], account...)
	b = append(append(b, '/'), id...)
	return hashOf(b)
}

const second = "2006-01-02T15:04:05Z"

// latest is as late as times are kept: the year 2106. Nothing real is later.
const latest = 1<<32 - 1

// instant reads a time, quickly as CloudTrail writes it.
func instant(b []byte) (int64, bool) {
	if len(b) == len(second) && b[4] == '-' && b[10] == 'T' && b[19] == 'Z' {
		two := func(i int) int { return int(b[i]-'0')*10 + int(b[i+1]-'0') }
		if at, ok := seconds(two(0)*100+two(2), two(5), two(8), two(11)*3600+two(14)*60+two(17)); ok && digits(b) && two(14) < 60 && two(17) < 60 {
			return at, true
		}
	}
	t, err := time.Parse(time.RFC3339Nano, string(b))
	return t.Unix(), err == nil && t.Unix() > 0 && t.Unix() <= latest
}

func digits(b []byte) bool {
	for i, c := range b {
		if second[i] >= '0' && second[i] <= '9' && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// seconds counts from 1970, by the days of the civil calendar; false for what may be none of its days.
func seconds(y, m, d, rest int) (int64, bool) {
	if y < 1970 || m < 1 || m > 12 || d < 1 || d > 28 || rest >= day || y > 2100 {
		return 0, false // the calendar shall say
	}
	if m <= 2 {
		y--
		m += 12
	}
	days := 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 719469
	return int64(days)*day + int64(rest), true
}

const day = 24 * 60 * 60

// refused reports whether the call was not allowed. Services have words of their own for it, and the sign-in page none.
func refused(r *event.Record) bool {
	code := string(plain(r, event.ErrorCode))
	if code == "" {
		return string(plain(r, event.ErrorMessage)) != "" && string(plain(r, event.EventSource)) == "signin.amazonaws.com"
	}
	for _, word := range []string{"AccessDenied", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError", "Forbidden", "UnauthorizedAccess"} {
		if strings.Contains(code, word) {
			return true
		}
	}
	return false
}

// isData reports whether CloudTrail itself says that what is stored was read or written.
func isData(r *event.Record) bool {
	return string(plain(r, event.EventCategory)) == "Data" || string(r.Part(event.ManagementEvent)) == "false"
}
