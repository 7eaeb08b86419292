package slack

import (
	"encoding/json"

	"jobzero/internal/notify"
)

// Blocks is a message as it is posted.
func Blocks(l notify.Letter) string {
	text, err := json.Marshal(blocks(l, true))
	if err != nil {
		return err.Error()
	}
	return string(text)
}
