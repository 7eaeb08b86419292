package awsorg

import (
	"net/netip"
	"net/url"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/fault"
)

// Config is how the accounts are reached.
type Config struct {
	Region        string `yaml:"region"`         // of the hub: its queues, and where roles are assumed
	Partition     string `yaml:"partition"`      // aws, aws-cn, aws-us-gov
	ReaderRole    string `yaml:"reader_role"`    // stands in every account; may only read
	ResponderRole string `yaml:"responder_role"` // stands only where enforcement is on
	// OrganizationRole changes what the whole organisation has: its policies, and Identity Center. It stands where those are administered.
	OrganizationRole string        `yaml:"organization_role"`
	ExternalID       string        `yaml:"external_id"`   // asked for by the roles' trust policies; may be empty
	SessionName      string        `yaml:"session_name"`  // what CloudTrail shows as the session; before a change, a ticket's ID comes behind it
	Endpoint         string        `yaml:"endpoint"`      // of an emulator, by IP address; empty for AWS
	Attempts         int           `yaml:"attempts"`      // tries of one call, the first included
	MaxBackoff       time.Duration `yaml:"max_backoff"`   // longest wait between two tries
	RateLimit        float64       `yaml:"rate_limit"`    // calls a second, for each account and service; S3 gets ten times as many
	Burst            int           `yaml:"burst"`         // calls that may come at once
	RoleDuration     time.Duration `yaml:"role_duration"` // of the reader's session; whoever changes something has 15 minutes

	// Credentials are the program's own. Nil means the SDK's usual chain: environment, files, instance, pod.
	Credentials aws.CredentialsProvider `yaml:"-"`
	// Observe, when it is not nil, is told of every attempt of every call. It must not block, and be safe for concurrent use.
	Observe func(Seen) `yaml:"-"`
}

// DefaultConfig is AWS itself, in its first region.
func DefaultConfig() Config {
	return Config{
		Region: "us-east-1", Partition: "aws", ReaderRole: "jobzero-reader", ResponderRole: "jobzero-responder",
		OrganizationRole: "jobzero-organization", SessionName: "jobzero", Attempts: 3, MaxBackoff: 20 * time.Second, RateLimit: 20, Burst: 100, RoleDuration: time.Hour,
	}
}

var (
	regionForm    = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)
	partitionForm = regexp.MustCompile(`^aws(-[a-z]+)*$`)
	roleForm      = regexp.MustCompile(`^[\w+=,.@/-]{1,512}$`)
	sessionForm   = regexp.MustCompile(`^[\w+=,.@-]{2,37}$`)
	externalForm  = regexp.MustCompile(`^[\w+=,.@:/-]+$`)
)

// Validate names the first setting that cannot work.
func (c Config) Validate() error {
	switch {
	case !regionForm.MatchString(c.Region):
		return fault.New(fault.Invalid, "region %q: want a region such as eu-central-1", c.Region)
	case !partitionForm.MatchString(c.Partition):
		return fault.New(fault.Invalid, "partition %q: want aws, aws-cn or aws-us-gov", c.Partition)
	case PartitionOf(c.Region) != c.Partition:
		return fault.New(fault.Invalid, "partition %q: region %s is in %s", c.Partition, c.Region, PartitionOf(c.Region))
	case !roleForm.MatchString(c.ReaderRole):
		return fault.New(fault.Invalid, "reader_role %q: want the name of a role, with its path if it has one", c.ReaderRole)
	case !roleForm.MatchString(c.ResponderRole):
		return fault.New(fault.Invalid, "responder_role %q: want the name of a role, with its path if it has one", c.ResponderRole)
	case !roleForm.MatchString(c.OrganizationRole):
		return fault.New(fault.Invalid, "organization_role %q: want the name of a role, with its path if it has one", c.OrganizationRole)
	case c.ReaderRole == c.ResponderRole:
		return fault.New(fault.Invalid, "reader_role and responder_role are both %q: plan mode is safe only when the reader cannot write", c.ReaderRole)
	case c.ReaderRole == c.OrganizationRole:
		return fault.New(fault.Invalid, "reader_role and organization_role are both %q: plan mode is safe only when the reader cannot write", c.ReaderRole)
	case c.ResponderRole == c.OrganizationRole:
		return fault.New(fault.Invalid, "responder_role and organization_role are both %q: what repairs one account must not change them all", c.ResponderRole)
	case !sessionForm.MatchString(c.SessionName):
		return fault.New(fault.Invalid, "session_name %q: want 2 to 37 letters, digits or +=,.@-_, so that a ticket's ID has room behind it", c.SessionName)
	case c.ExternalID != "" && (!externalForm.MatchString(c.ExternalID) || len(c.ExternalID) < 2 || len(c.ExternalID) > 1224):
		return fault.New(fault.Invalid, "external_id: want 2 to 1224 letters, digits or =,.@:/-_")
	case c.Attempts < 1 || c.Attempts > 10:
		return fault.New(fault.Invalid, "attempts %d: want 1 to 10", c.Attempts)
	case c.MaxBackoff <= 0 || c.MaxBackoff > 5*time.Minute:
		return fault.New(fault.Invalid, "max_backoff %s: want more than 0 and at most 5m", c.MaxBackoff)
	case c.RateLimit <= 0 || c.Burst < 1:
		return fault.New(fault.Invalid, "rate_limit %g and burst %d: want both above 0", c.RateLimit, c.Burst)
	case c.RoleDuration < 15*time.Minute || c.RoleDuration > 12*time.Hour:
		return fault.New(fault.Invalid, "role_duration %s: want 15m to 12h", c.RoleDuration)
	}
	return c.validateEndpoint()
}

// validateEndpoint wants an address, not a name: with a name S3 puts the bucket before the host.
func (c Config) validateEndpoint() error {
	if c.Endpoint == "" {
		return nil
	}
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fault.New(fault.Invalid, "endpoint %q: want a URL such as http://127.0.0.1:5000, or nothing for AWS", c.Endpoint)
	}
	if _, err := netip.ParseAddr(u.Hostname()); err != nil {
		return fault.New(fault.Invalid, "endpoint %q: want an IP address as its host, or nothing for AWS", c.Endpoint)
	}
	return nil
}
