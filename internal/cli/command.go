package cli

import (
	"io"
	"time"

	"github.com/spf13/cobra"
)

// Command is the whole tree of commands, for those who describe it. It does not run anything by itself.
func Command() *cobra.Command {
	s := &shell{in: nil, out: io.Discard, err: io.Discard, now: time.Now}
	return s.root()
}
