package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source"
)

// letters keeps dead letters in a folder: NAME.json says what is known, NAME.raw holds the bytes. The name comes from where the
// record was, so that a second run writes the same files again.
type letters struct{ dir string }

// letterFile is what NAME.json holds.
type letterFile struct {
	Source string    `json:"source"`
	Place  string    `json:"place"`
	Offset int64     `json:"offset"` // in the decompressed stream; -1 when not known
	Reason string    `json:"reason"`
	Size   int64     `json:"size"`  // of the whole record; -1 when not known
	Whole  bool      `json:"whole"` // the .raw file holds all of it
	Raw    string    `json:"raw"`   // name of the file beside this one
	At     time.Time `json:"at"`

	Beside *event.Beside `json:"beside,omitempty"` // what was known of it besides its bytes
}

// lettersFlag adds --dead-letters to a command.
func lettersFlag(c *cobra.Command, dir *string) {
	const name = "dead-letters"
	c.Flags().StringVar(dir, name, "", "folder `DIR` to keep what could not be read in, made when it does not exist")
	if err := c.MarkFlagDirname(name); err != nil {
		panic(err) // the flag was made above
	}
}

// openLetters makes the folder. Without one there are no letters: they are only counted.
func openLetters(dir string) (*letters, error) {
	if dir == "" {
		return nil, nil //nolint:nilnil // nobody asked for them
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "--dead-letters")
	}
	return &letters{dir}, nil
}

func (l *letters) write(d source.DeadLetter) error {
	sum := sha256.Sum256([]byte(d.Origin.String() + "\x00" + d.Reason))
	name := hex.EncodeToString(sum[:8])
	text, err := json.MarshalIndent(letterFile{
		Source: d.Origin.Source, Place: d.Origin.Place, Offset: d.Origin.Offset, Reason: d.Reason,
		Size: d.Size, Whole: d.Whole(), Raw: name + ".raw", At: d.At.UTC(), Beside: d.Beside,
	}, "", "  ")
	if err != nil {
		return fault.Wrap(fault.Internal, err, "describe dead letter %s", name)
	}
	// Records hold what people did: they are for the one who asked for them.
	if err := os.WriteFile(filepath.Join(l.dir, name+".raw"), d.Bytes, 0o600); err != nil {
		return fault.Wrap(fault.Unavailable, err, "keep a dead letter")
	}
	return fault.Wrap(fault.Unavailable, os.WriteFile(filepath.Join(l.dir, name+".json"), append(text, '\n'), 0o600), "keep a dead letter")
}
