package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/telemetry"
)

// keyFile is where the key of subscriptions is when the settings have none.
const keyFile = "webhook.key"

// Subscribing are the settings of subscriptions with their key: that of the settings, or of a file beside the embedded database, which is made
// when it is first asked for. Processes that share a database elsewhere would each make their own, so that the settings have to have it then.
func (c Config) Subscribing() (subscription.Config, error) {
	out := c.Subscriptions
	if out.Key != "" {
		return out, nil
	}
	path, inside := strings.CutPrefix(c.DatabaseURL().Reveal(), "sqlite://")
	if !inside {
		return out, fault.New(fault.Invalid, "subscriptions.key: is empty: the secrets of webhooks follow from it, and all who share a database need the same: "+
			"make one with `openssl rand -base64 32`")
	}
	text, err := keyIn(filepath.Join(filepath.Dir(path), keyFile))
	out.Key = telemetry.Secret(text)
	return out, err
}

// keyIn reads a file, or makes it where it is not there. It is linked into its place whole: of two who make it, one wins, and both read that.
func keyIn(path string) (string, error) {
	text, err := firstLine(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return text, fault.Path(err, path, "the key that secrets of webhooks follow from")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fault.Path(err, path, "a folder for the key of webhooks")
	}
	f, err := os.CreateTemp(filepath.Dir(path), keyFile+".*") // only its owner reads it
	if err != nil {
		return "", fault.Path(err, path, "a place for the key of webhooks")
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString(subscription.NewKey().Reveal() + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", fault.Path(err, path, "a place for the key of webhooks")
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fault.Path(err, path, "a place for the key of webhooks")
	}
	return firstLine(path)
}
