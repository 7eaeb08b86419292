package config

import (
	"os"
	"regexp"
	"strings"
	"time"
)

// Audit says how our own log is held against what others say, and where its head is kept.
type Audit struct {
	After      time.Duration `yaml:"after"` // how long a call of ours that CloudTrail tells of waits for our own log before it counts as somebody else's
	Checkpoint Checkpoint    `yaml:"checkpoint"`
}

// Checkpoint says where the head of the log's chain is kept, signed.
type Checkpoint struct {
	Bucket  string        `yaml:"bucket"`  // with Object Lock; empty: there are no checkpoints
	Prefix  string        `yaml:"prefix"`  // of the objects' names
	Region  string        `yaml:"region"`  // of the bucket; empty: the hub's own
	Account string        `yaml:"account"` // whose the bucket is: not one that the hub is in
	Role    string        `yaml:"role"`    // of that account, taken on to write; empty: the hub's own credentials
	Key     string        `yaml:"key"`     // ARN or alias of an asymmetric key of KMS, or a file with a private key of Ed25519
	Every   time.Duration `yaml:"every"`
	Retain  time.Duration `yaml:"retain"` // how long nobody can take a checkpoint away
}

// KMS reports whether the key is one of KMS, and not a file.
func (c Checkpoint) KMS() bool {
	return strings.HasPrefix(c.Key, "arn:") || strings.HasPrefix(c.Key, "alias/")
}

// KeyRegion is the region that a key of KMS is in, as far as its name says so.
func (c Checkpoint) KeyRegion() string {
	if part := strings.Split(c.Key, ":"); len(part) == 6 {
		return part[3]
	}
	return ""
}

const (
	minAuditAfter, maxAuditAfter       = time.Second, 24 * time.Hour
	minCheckpointEvery                 = time.Second
	maxCheckpointEvery                 = 7 * 24 * time.Hour
	minRetain, maxRetain               = 24 * time.Hour, 10 * 366 * 24 * time.Hour
	bucketName, prefixText, roleInName = `^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`, `^[\w./=-]{0,200}$`, `^[\w+=,.@/-]{1,512}$`
)

var bucketForm, prefixForm, roleForm = regexp.MustCompile(bucketName), regexp.MustCompile(prefixText), regexp.MustCompile(roleInName)

func (c Config) checkAudit(p *problems) {
	if a := c.Audit.After; a < minAuditAfter || a > maxAuditAfter {
		p.add("audit.after", "%s: want %s to %s", a, minAuditAfter, maxAuditAfter)
	}
	k := c.Audit.Checkpoint
	if k.Every < minCheckpointEvery || k.Every > maxCheckpointEvery {
		p.add("audit.checkpoint.every", "%s: want %s to %s", k.Every, minCheckpointEvery, maxCheckpointEvery)
	}
	if k.Retain < minRetain || k.Retain > maxRetain || k.Retain < 2*k.Every {
		p.add("audit.checkpoint.retain", "%s: want %s to %s, and at least twice every", k.Retain, minRetain, maxRetain)
	}
	if k.Bucket == "" {
		return
	}
	switch {
	case !bucketForm.MatchString(k.Bucket):
		p.add("audit.checkpoint.bucket", "%q: want the name of a bucket", k.Bucket)
	case !accountForm.MatchString(k.Account):
		p.add("audit.checkpoint.account", "%q: want the twelve digits of the account that the bucket belongs to", k.Account)
	case !prefixForm.MatchString(k.Prefix) || k.Prefix != "" && !strings.HasSuffix(k.Prefix, "/"):
		p.add("audit.checkpoint.prefix", "%q: want letters, digits and _./=-, ending in a slash", k.Prefix)
	case k.Region != "" && !regionForm.MatchString(k.Region):
		p.add("audit.checkpoint.region", "%q: want a region such as eu-central-1", k.Region)
	case k.Role != "" && !roleForm.MatchString(k.Role):
		p.add("audit.checkpoint.role", "%q: want the name of a role, with its path if it has one", k.Role)
	case k.Key == "":
		p.add("audit.checkpoint.key", "want the ARN or alias of a key of KMS, or a file with a private key of Ed25519")
	case !k.KMS():
		if _, err := os.Stat(k.Key); err != nil {
			p.add("audit.checkpoint.key", "%q: want the ARN or alias of a key of KMS, or a file that can be read", k.Key)
		}
	}
}
