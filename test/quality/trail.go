package quality

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"jobzero/internal/event"
)

// Stratus reads what Stratus Red Team wrote down of its techniques: one sample each, and each wants an alert.
func Stratus(fsys fs.FS) (Corpus, error) {
	return files(Corpus{Name: "stratus-detonation"}, fsys, "detonation-logs", ".json", func(s *Sample) {
		s.Key, s.Want, s.Judged = strings.TrimSuffix(path.Base(s.Key), ".json"), true, true
	})
}

// TrailDiscover reads its examples of calls that attackers make, one file for each call. A call by itself is no attack, so
// nobody says whether it wants an alert.
func TrailDiscover(fsys fs.FS) (Corpus, error) {
	return files(Corpus{Name: "traildiscover"}, fsys, "events", ".cloudtrail", func(*Sample) {})
}

// Trails reads a folder of CloudTrail's files. Nobody says which events want an alert.
func Trails(name string, fsys fs.FS, root string) (Corpus, error) {
	return files(Corpus{Name: name}, fsys, root, ".json", func(*Sample) {})
}

// files makes a sample of each file with an ending.
func files(out Corpus, fsys fs.FS, root, ending string, judge func(*Sample)) (Corpus, error) {
	err := fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ending {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		s := Sample{Key: name}
		if err := s.addAll(text); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		judge(&s)
		if len(s.Events) > 0 { // many calls of TrailDiscover have no example
			out.Samples = append(out.Samples, s)
		}
		return nil
	})
	return out, err
}

// inOurWords gives an entry the names of fields that AWS gives it, where Panther has its own: flow logs in mixed case, and the
// request of S3's access logs in one word. What is not JSON is left as it is.
func inOurWords(log event.Log, raw []byte) []byte {
	if log != event.VPCFlow && log != event.S3Access {
		return raw
	}
	var theirs map[string]json.RawMessage
	if json.Unmarshal(raw, &theirs) != nil {
		return raw
	}
	ours := make(map[string]json.RawMessage, len(theirs))
	for name, v := range theirs {
		if name = strings.ToLower(name); name == "requesturi" {
			name = "request_uri"
		}
		ours[name] = v
	}
	out, err := json.Marshal(ours)
	if err != nil {
		return raw
	}
	return out
}
