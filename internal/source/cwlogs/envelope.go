package cwlogs

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/inflate"
	"jobzero/internal/rawjson"
	"jobzero/internal/source"
	"jobzero/internal/source/line"
)

// maxPlain is how much may come out of a packed envelope. CloudWatch Logs sends some megabytes at most.
const maxPlain = 32 << 20

// packed is how gzip in base64 begins.
var packed = []byte("H4sI")

// Open opens the reader of a log for the entries of one group.
type Open func(g Group, p line.Place) (line.Reader, error)

// Reader opens envelopes. It keeps the reader of each log stream, because a line may name the fields of those behind it; of
// those it keeps only the last ones.
type Reader struct {
	groups []Group
	open   Open
	place  line.Place
	known  map[string]stream // by owner, group and name
}

// stream is a log stream with its reader.
type stream struct {
	line.Reader
	log event.Log
}

// maxKnown is how many readers are kept.
const maxKnown = 4096

// New begins to read. Of several groups that fit a name the first counts, those of the caller before the defaults.
func New(p line.Place, groups []Group, open Open) *Reader {
	return &Reader{groups: append(append([]Group(nil), groups...), Defaults()...), open: open, place: p, known: map[string]stream{}}
}

// Said is what became of one log event.
type Said struct {
	Entry line.Entry
	Event *event.Event // nil with an error
	Err   error        // as those of line.Reader

	Beside event.Beside // what was known of the entry besides its text
}

// IsPacked reports whether a text is an envelope that is packed and written in base64.
func IsPacked(text []byte) bool { return bytes.HasPrefix(text, packed) }

// Looks reports whether a JSON object is an envelope: CloudWatch Logs' own, or the one that functions get.
func Looks(j line.JSON) bool {
	return j.Has("messageType") && j.Has("logGroup") && j.Has("logEvents") || j.Has("awslogs", "data")
}

// Open opens one envelope and gives each log event in it to a reader. The form is that of
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html: messageType, owner, logGroup, logStream,
// subscriptionFilters, and logEvents with id, timestamp (milliseconds) and message. Errors are about the envelope as a whole:
// *source.Other for messages that carry no log, fault.Invalid for what cannot be read.
func (r *Reader) Open(text []byte, origin event.Origin, give func(Said) error) error {
	j, err := unwrap(text)
	if err != nil {
		return err
	}
	switch kind := j.Text("messageType"); kind {
	case "DATA_MESSAGE":
	case "CONTROL_MESSAGE":
		return &source.Other{Name: "CONTROL_MESSAGE of CloudWatch Logs"}
	default:
		return fault.New(fault.Invalid, "messageType %.40q is neither DATA_MESSAGE nor CONTROL_MESSAGE", kind)
	}
	events := j.At("logEvents")
	if events.Kind() != "array" {
		return fault.New(fault.Invalid, "logEvents is of type %s, want array", events.Kind())
	}
	owner, err := line.Account("owner", j.Text("owner"))
	if err != nil {
		return err
	}
	group, name := j.Text("logGroup"), j.Text("logStream")
	from, err := r.stream(owner, group, name)
	if err != nil {
		return err
	}
	for it := rawjson.Over(events); it.Next(); {
		in, err := entry(line.Inside(it.Value), origin, owner+":"+group+":"+name)
		s := Said{Entry: in, Err: err, Beside: event.Beside{Log: from.log, Account: owner, Region: r.place.Region, Group: group, Time: in.Time}}
		if err == nil {
			s.Event, s.Err = from.Read(in)
		}
		if err := give(s); err != nil {
			return err
		}
	}
	return nil
}

// entry is one log event. Its place is where CloudWatch Logs has it, so that it stays the same however it is delivered.
func entry(j line.JSON, origin event.Origin, stream string) (line.Entry, error) {
	message, ok := j.At("message").Text()
	if !ok {
		return line.Entry{Origin: origin}, fault.New(fault.Invalid, "a log event without a message")
	}
	in := line.Entry{Text: []byte(message), Origin: event.Origin{Source: origin.Source, Place: "cloudwatch:" + stream + "#" + j.Text("id"), Offset: -1}}
	if ms, err := strconv.ParseInt(j.Text("timestamp"), 10, 64); err == nil {
		in.Time = time.UnixMilli(ms).UTC()
	}
	in.Text = bytes.TrimRight(in.Text, "\r\n")
	return in, nil
}

// Of gives the reader for the entries of a log group, as Open finds it. Errors are those of Open.
func (r *Reader) Of(owner, group string) (line.Reader, error) { return r.stream(owner, group, "") }

// stream is a log stream of a group.
func (r *Reader) stream(owner, group, name string) (stream, error) {
	key := owner + "\x00" + group + "\x00" + name
	if known, ok := r.known[key]; ok {
		return known, nil
	}
	for _, g := range r.groups {
		if !match(g.Pattern, group) {
			continue
		}
		p := line.Place{Account: owner, Region: r.place.Region, Group: group, Name: r.place.Name}
		made, err := r.readerOf(g, p)
		if err != nil {
			return stream{}, err
		}
		if len(r.known) >= maxKnown {
			clear(r.known)
		}
		r.known[key] = stream{made, g.Log}
		return r.known[key], nil
	}
	return stream{}, &source.Other{Name: "the log group " + group + ", for which no log is named"}
}

func (r *Reader) readerOf(g Group, p line.Place) (line.Reader, error) {
	if g.Fields != nil {
		return Application(g, p), nil
	}
	return r.open(g, p)
}

// unwrap takes off what is around an envelope: gzip in base64, or the object that functions get with such in it.
func unwrap(text []byte) (line.JSON, error) {
	text = bytes.TrimSpace(text)
	for layer := 0; ; layer++ {
		if IsPacked(text) {
			plain, err := unpack(text)
			if err != nil {
				return line.JSON{}, err
			}
			text = plain
		}
		if err := rawjson.Object(text, nil); err != nil {
			return line.JSON{}, fault.Wrap(fault.Invalid, err, "broken envelope of CloudWatch Logs")
		}
		j := line.Inside(text)
		data := []byte(j.Text("awslogs", "data"))
		switch {
		case len(data) == 0:
			return j, nil
		case layer > 0 || !IsPacked(data):
			return j, fault.New(fault.Invalid, "awslogs.data is no envelope in gzip and base64")
		}
		text = data
	}
}

// unpack takes base64 and gzip off.
func unpack(text []byte) ([]byte, error) {
	zipped := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(zipped, text)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "broken envelope of CloudWatch Logs: base64")
	}
	plain, err := new(inflate.Decoder).Gzip(nil, zipped[:n], maxPlain)
	return plain, fault.Wrap(fault.Invalid, err, "broken envelope of CloudWatch Logs: gzip")
}
