package awsorg

import (
	"context"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"jobzero/internal/fault"
)

// Org hands out SDK configurations for the accounts of an organisation. It is safe for concurrent use.
type Org struct {
	conf   Config
	base   aws.Config // the program's own credentials
	sts    *sts.Client
	wire   *wire
	limits *limits

	mu    sync.Mutex
	self  string // whom the program's own credentials are, once it was asked
	roles map[string]*aws.CredentialsCache
	order []string // keys of narrowed sessions, oldest first
}

// New prepares the way in. It calls nothing: the first use of an account does.
func New(ctx context.Context, c Config) (*Org, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	options := []func(*awsconfig.LoadOptions) error{
		awsconfig.WithRegion(c.Region),
		awsconfig.WithHTTPClient(awshttp.NewBuildableClient()),
		awsconfig.WithAppID("jobzero"),
		awsconfig.WithRetryer(func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = c.Attempts, c.MaxBackoff })
		}),
	}
	if c.Credentials != nil {
		options = append(options, awsconfig.WithCredentialsProvider(c.Credentials))
	}
	if c.Endpoint != "" {
		options = append(options, awsconfig.WithBaseEndpoint(c.Endpoint))
	}
	base, err := awsconfig.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "AWS settings of the environment")
	}
	client, ok := base.HTTPClient.(interface{ GetTransport() *http.Transport })
	if !ok {
		return nil, fault.New(fault.Internal, "the SDK's HTTP client is a %T without a transport", base.HTTPClient)
	}
	w := newWire(client.GetTransport())
	base.HTTPClient = w.client
	w.pin(aws.ToString(base.BaseEndpoint))
	base.APIOptions = append(base.APIOptions, taped)
	if c.Observe != nil {
		base.APIOptions = append(base.APIOptions, observed(c.Observe))
	}
	o := &Org{conf: c, base: base, wire: w, limits: newLimits(c.RateLimit, c.Burst), roles: map[string]*aws.CredentialsCache{}}
	o.sts = sts.NewFromConfig(base)
	return o, nil
}

// Close gives idle connections back.
func (o *Org) Close() { o.wire.close() }

// Hub is the program's own credentials in a region; empty means the hub's own region.
func (o *Org) Hub(region string) aws.Config { return o.in(o.base, "hub", region) }

var accountForm = regexp.MustCompile(`^\d{12}$`)

// Reader is the reader role of an account, in a region; empty means the hub's own region. It asks for credentials right
// away, so that an account that cannot be entered says so here.
func (o *Org) Reader(ctx context.Context, account, region string) (aws.Config, error) {
	return o.enter(ctx, account, region, role{name: o.conf.ReaderRole, lasts: o.conf.RoleDuration, session: o.conf.SessionName})
}

// Writer is the role of an account that an errand takes, narrowed by a session policy to exactly the permissions. Plan mode never
// comes here.
func (o *Org) Writer(ctx context.Context, e Errand) (aws.Config, error) {
	policy, err := sessionPolicy(e.May)
	if err != nil {
		return aws.Config{}, err
	}
	r := role{name: o.conf.ResponderRole, lasts: 15 * time.Minute, policy: policy, session: sessionFor(o.conf.SessionName, e.Ticket)}
	switch e.Role {
	case Responder:
	case Organization:
		r.name = o.conf.OrganizationRole
	default:
		return aws.Config{}, fault.New(fault.Internal, "no role %q changes anything", e.Role)
	}
	return o.enter(ctx, e.Account, e.Region, r)
}

func (o *Org) enter(ctx context.Context, account, region string, r role) (aws.Config, error) {
	if !accountForm.MatchString(account) {
		return aws.Config{}, fault.New(fault.Invalid, "account %q: want twelve digits", account)
	}
	if region != "" && !regionForm.MatchString(region) {
		return aws.Config{}, fault.New(fault.Invalid, "region %q: want a region such as eu-central-1", region)
	}
	provider := o.provider(account, r)
	if _, err := provider.Retrieve(ctx); err != nil {
		o.forget(account, r, provider)
		return aws.Config{}, Fault(err, "assume role %s in account %s", r.name, account)
	}
	cfg := o.base.Copy()
	cfg.Credentials = provider
	return o.in(cfg, account, region), nil
}

// in sets the region and the account's throttle.
func (o *Org) in(cfg aws.Config, account, region string) aws.Config {
	cfg = cfg.Copy()
	if region != "" {
		cfg.Region = region
	}
	cfg.APIOptions = append(cfg.APIOptions[:len(cfg.APIOptions):len(cfg.APIOptions)], o.limits.middleware(account))
	return cfg
}
