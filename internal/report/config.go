package report

import (
	"strings"

	"jobzero/internal/fault"
)

// Config is who may report in the browser and by e-mail, and how much.
type Config struct {
	// Open has the form of the console open to everybody who reaches it. Otherwise whoever wants to report there signs in.
	Open bool `yaml:"open"`
	// Each and All are how many reports an hour are taken through the open door: of one source, and of all together.
	Each int  `yaml:"each"`
	All  int  `yaml:"all"`
	Mail Mail `yaml:"mail"`
}

// Mail is where e-mails that are reports lie.
type Mail struct {
	Maildir string `yaml:"maildir"` // a folder with new, cur and tmp; empty: none
	Bucket  string `yaml:"bucket"`  // that Amazon SES puts received mail into; empty: none
	Prefix  string `yaml:"prefix"`  // of the objects' names
	Region  string `yaml:"region"`  // of the bucket; empty: the hub's own
	// Trusted is the name of the mail server (authserv-id) whose word in Authentication-Results counts; empty: nobody's does.
	Trusted string `yaml:"trusted"`
	Answer  bool   `yaml:"answer"` // whether the code is sent to whoever wrote; it needs notify.smtp
}

// On reports whether e-mail is taken in at all.
func (m Mail) On() bool { return m.Maildir != "" || m.Bucket != "" }

// DefaultConfig is what nobody has to say.
func DefaultConfig() Config { return Config{Each: 5, All: 30, Mail: Mail{Answer: true}} }

const mostAnHour = 10_000

// Validate says what is wrong first.
func (c Config) Validate() error {
	switch m := c.Mail; {
	case c.Each < 1 || c.Each > c.All:
		return fault.New(fault.Invalid, "each: %d: want how many reports an hour are taken of one source, at least 1 and not more than all", c.Each)
	case c.All > mostAnHour:
		return fault.New(fault.Invalid, "all: %d: want %d an hour at the most: a person reads each", c.All, mostAnHour)
	case m.Bucket == "" && (m.Prefix != "" || m.Region != ""):
		return fault.New(fault.Invalid, "mail.bucket: is empty, and mail.prefix or mail.region is not: name the bucket that Amazon SES writes to")
	case strings.ContainsAny(m.Bucket, "/: \t"):
		return fault.New(fault.Invalid, "mail.bucket: %q: want the name of a bucket, without s3://", m.Bucket)
	case strings.ContainsAny(m.Trusted, " ;\t"):
		return fault.New(fault.Invalid, "mail.trusted: %q: want the one word by which your mail server names itself in Authentication-Results", m.Trusted)
	}
	return nil
}
