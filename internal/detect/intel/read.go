package intel

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"

	"jobzero/internal/fault"
)

// maxText is what one text may have.
const maxText = 4 << 30

// Read reads one text, whose beginning says whether it is a STIX bundle, an event of MISP or a list. What was read until an error
// stays in the set. Errors: fault.Invalid with file and line when the text as a whole is wrong or too large, fault.Unavailable when
// it cannot be read. What is wrong with single indicators is in the report and stops nothing.
func (b *Builder) Read(file string, in io.Reader) (Report, error) {
	r := &reading{file: file, take: b.take}
	buffered := bufio.NewReaderSize(io.LimitReader(in, maxText), 64<<10)
	head, err := buffered.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return r.report, fault.Wrap(fault.Unavailable, err, "read %s", file)
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(head) == 0:
		return r.report, fault.New(fault.Invalid, "%s: the file is empty", file)
	case head[0] == '{' || head[0] == '[':
		if bom, _ := buffered.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
			_, _ = buffered.Discard(3)
		}
		err = r.readJSON(newStream(file, buffered))
	default:
		err = r.readList(buffered)
	}
	return r.report, err
}

// readJSON reads a bundle, an event, or a list of events.
func (r *reading) readJSON(s *stream) error {
	if opened, err := s.json.Token(); err != nil {
		return s.wrong(err)
	} else if opened != json.Delim('{') {
		return s.wrong(fault.New(fault.Invalid, "%s:1: a list in JSON: want a STIX bundle or an event of MISP", r.file))
	}
	known := false
	for s.json.More() {
		t, err := s.json.Token()
		if err != nil {
			return s.wrong(err)
		}
		name, _ := t.(string)
		if err := r.member(s, name, &known); err != nil {
			return s.wrong(err)
		}
	}
	if _, err := s.json.Token(); err != nil {
		return s.wrong(err)
	}
	if _, err := s.json.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "%s:%d: something follows the end of the JSON object", r.file, s.here())
	}
	if !known {
		return fault.New(fault.Invalid, "%s: neither a STIX bundle (objects) nor an event of MISP (Event)", r.file)
	}
	return nil
}

// member reads a member of the text as a whole.
func (r *reading) member(s *stream, name string, known *bool) error {
	switch name {
	case "objects":
		*known, r.report.Format = true, "stix"
		return s.array(func() error {
			raw, line, err := s.value()
			if err != nil {
				return err
			}
			return r.stixObject(raw, line)
		})
	case "Event":
		*known, r.report.Format = true, "misp"
		return r.mispEvent(s)
	case "response":
		*known, r.report.Format = true, "misp"
		return s.array(func() error {
			return s.object(func(name string) error {
				if name == "Event" {
					return r.mispEvent(s)
				}
				_, _, err := s.value()
				return err
			})
		})
	}
	_, _, err := s.value()
	return err
}

// ReadFeed reads a feed of MISP: a folder with manifest.json and a file for each event that it names. An event that is missing or
// broken is an error in the report and stops no other.
func (b *Builder) ReadFeed(name string, fsys fs.FS) (Report, error) {
	const most = 64 << 20
	total := Report{Format: "misp"}
	manifest, err := readAll(fsys, "manifest.json", most)
	if err != nil {
		return total, fault.Path(err, path.Join(name, "manifest.json"), "the folder of a feed of MISP, which has one")
	}
	var events map[string]json.RawMessage
	if err := json.Unmarshal(manifest, &events); err != nil {
		return total, fault.New(fault.Invalid, "%s: broken JSON: %v", path.Join(name, "manifest.json"), err)
	}
	var names []string
	for uuid := range events {
		names = append(names, uuid+".json")
	}
	slices.Sort(names)
	for _, file := range names {
		one, err := b.readOne(path.Join(name, file), fsys, file)
		total.add(one)
		if errors.Is(err, ErrFull) {
			return total, err
		}
		if err != nil {
			total.Bad++
			total.Errors = append(total.Errors, err)
		}
	}
	total.Errors = total.Errors[:min(len(total.Errors), maxErrors)]
	return total, nil
}

func (b *Builder) readOne(name string, fsys fs.FS, file string) (Report, error) {
	if !fs.ValidPath(file) || path.Base(file) != file {
		return Report{}, fault.New(fault.Invalid, "%s: the manifest names a file outside of the feed", name)
	}
	f, err := fsys.Open(file)
	if err != nil {
		return Report{}, fault.Wrap(fault.NotFound, err, "the manifest names %s", name)
	}
	defer f.Close()
	return b.Read(name, f)
}

func readAll(fsys fs.FS, name string, most int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("it has more than %d bytes", most)
	}
	return data, err
}

func (r *Report) add(o Report) {
	r.Taken, r.Passed, r.Bad = r.Taken+o.Taken, r.Passed+o.Passed, r.Bad+o.Bad
	r.Errors = append(r.Errors, o.Errors...)
}
