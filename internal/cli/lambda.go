package cli

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jobzero/internal/check/gate"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// hookOptions are what a person can say to lambda hook.
type hookOptions struct {
	checkOptions
	mode      gate.Mode
	undecided gate.Word
	onTimeout gate.Word
	hosts     []string
}

// Every flag of lambda hook has a variable of this prefix: a function has an environment and no command line.
const hookPrefix = "JOBZERO_HOOK_"

// withinHook is how long one call may take: CloudFormation is promised an answer within three seconds.
const withinHook = 2500 * time.Millisecond

func (s *shell) lambda() *cobra.Command {
	return group("lambda", "Run in AWS Lambda", "Runs parts of jobzero as functions of AWS Lambda.", "  jobzero lambda hook --mode plan", s.lambdaHook())
}

func (s *shell) lambdaHook() *cobra.Command {
	o := hookOptions{checkOptions: checkOptions{failOn: finding.High}, mode: gate.Plan, undecided: gate.Warn, onTimeout: gate.Stop}
	c := &cobra.Command{
		Use:   "hook [--mode plan|enforce] [--fail-on SEVERITY] [--undecided warn|fail] [--on-timeout fail|pass]",
		Short: "Answer the calls of a CloudFormation hook, in AWS Lambda",
		Long: `Answers CloudFormation and the Cloud Control API when they ask, before a resource, a stack or a change set is made, whether it
may be. Everything is judged by the expectations that templates and the live account are judged by. It runs in AWS Lambda;
deploy/hook has a template that installs it.

In the mode plan, which is the default, nothing is ever stopped: what would be is said in the message and the annotations. What is
undecided is never a pass: it is counted and has an annotation with the reason. Each flag has a variable, such as
JOBZERO_HOOK_MODE for --mode; a list is separated by commas.`,
		Example: "  # As the function does, with its settings in the environment\n  JOBZERO_HOOK_MODE=enforce jobzero lambda hook",
		Args:    arguments(cobra.NoArgs),
		PreRunE: func(cmd *cobra.Command, _ []string) error { return fromEnvironment(cmd.LocalFlags()) },
		RunE:    func(cmd *cobra.Command, _ []string) error { return s.runHook(cmd, o) },
	}
	f := c.Flags()
	f.StringSliceVar(&o.dirs, "expectations", nil, "`DIR` of expectations, instead of the embedded ones; repeatable")
	f.StringVar(&o.org, "org", "", "`FILE` that says which accounts, units and teams there are")
	f.StringVar(&o.intent, "intent", "", "`FILE` that says what is meant to be public")
	f.StringVar(&o.waivers, "waivers", "", "`FILE` that says what need not be met, where, and until when")
	f.StringSliceVar(&o.hosts, "payload-host", nil, "`HOST` that templates may be fetched from, besides Amazon S3; repeatable")
	severityFlag(c, &o.failOn, "fail-on", "the mildest `SEVERITY` that stops a call")
	wordFlag(c, &o.mode, "mode", "whether anything is stopped", gate.Plan, gate.Enforce)
	wordFlag(c, &o.undecided, "undecided", "what is done about what is undecided", gate.Warn, gate.Stop)
	wordFlag(c, &o.onTimeout, "on-timeout", "what is done when a call is not judged in time", gate.Stop, gate.Pass)
	return c
}

// wordFlag adds a flag that takes one of a few words.
func wordFlag[T ~string](c *cobra.Command, into *T, name, text string, words ...T) {
	c.Flags().Var(&choice[T]{into, words}, name, text+": "+join(words))
	complete(c, name, words...)
}

// fromEnvironment sets the flags that the command line does not.
func fromEnvironment(f *pflag.FlagSet) error {
	var err error
	f.VisitAll(func(flag *pflag.Flag) {
		name := hookPrefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		if v, there := os.LookupEnv(name); there && v != "" && !flag.Changed && err == nil {
			if bad := f.Set(flag.Name, v); bad != nil {
				err = fault.New(fault.Invalid, "%s=%s: %v", name, v, bad)
			}
		}
	})
	return err
}

func (s *shell) runHook(cmd *cobra.Command, given hookOptions) error {
	if getenv("AWS_LAMBDA_RUNTIME_API") == "" {
		return fault.New(fault.Invalid, "this is not AWS Lambda: there is no AWS_LAMBDA_RUNTIME_API. To judge a call that was kept, use jobzero check CALL.json")
	}
	g, err := s.gate(given)
	if err != nil {
		return err
	}
	defer g.Wait()
	lambda.StartWithOptions(func(ctx context.Context, call json.RawMessage) (gate.Answer, error) {
		a := g.Answer(ctx, call)
		s.complain("jobzero: %s %s", a.Status, a.Message)
		return a, nil
	}, lambda.WithContext(cmd.Context()))
	return nil
}

func (s *shell) gate(o hookOptions) (*gate.Gate, error) {
	options, err := s.checking(o.checkOptions)
	if err != nil {
		return nil, err
	}
	return gate.New(gate.Options{
		Check: options, FailOn: o.failOn, Mode: o.mode, Undecided: o.undecided, OnTimeout: o.onTimeout, Within: withinHook,
		Fetch: gate.NewPayload(o.hosts).Fetch, Now: s.now,
	}), nil
}
