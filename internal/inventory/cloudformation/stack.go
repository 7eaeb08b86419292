package cloudformation

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// Stack is one stack as CloudFormation keeps it.
type Stack struct {
	Account, Region, Name string

	ID         string // its ARN
	State      string
	Template   []byte // as it was written, or as transforms have made it
	Processed  bool   // transforms have made it: its lines are nobody's
	Parameters map[string]string
	Tags       map[string]string
	Outputs    map[string]string
	Exports    map[string]string // of the region, when the template imports some
	Members    []Member
}

// Member is one resource of a stack.
type Member struct {
	Name  string // logical ID
	ID    string // physical ID
	Type  resource.Type
	State string
}

// maxMembers is how many resources of a stack are read. CloudFormation itself allows 500.
const maxMembers = 1000

// Busy reports whether the stack is being changed: what it says and what is there are then two moments.
func (s Stack) Busy() bool {
	return strings.HasSuffix(s.State, "_IN_PROGRESS") && !strings.HasPrefix(s.State, "REVIEW_")
}

// Made reports whether the stack stands: it was made, and is not being taken away or half taken away.
func (s Stack) Made() bool {
	switch types.StackStatus(s.State) {
	case types.StackStatusCreateComplete, types.StackStatusUpdateComplete, types.StackStatusUpdateFailed, types.StackStatusUpdateRollbackComplete,
		types.StackStatusUpdateRollbackFailed, types.StackStatusImportComplete, types.StackStatusImportRollbackComplete, types.StackStatusImportRollbackFailed:
		return true
	default:
		return s.Busy()
	}
}

// List names the stacks that stand in the session's account and region, nested ones too.
func List(ctx context.Context, cfg aws.Config) ([]string, error) {
	var out []string
	pages := cloudformation.NewDescribeStacksPaginator(cloudformation.NewFromConfig(cfg), &cloudformation.DescribeStacksInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list the stacks of %s", cfg.Region)
		}
		for _, s := range page.Stacks {
			if (Stack{State: string(s.StackStatus)}).Made() {
				out = append(out, aws.ToString(s.StackName))
			}
		}
	}
	return out, nil
}

// Read reads a stack by its name or ARN. One that does not exist, or was deleted, is fault.NotFound. The template of a stack that is
// busy or does not stand is not read.
func Read(ctx context.Context, cfg aws.Config, account, name string) (Stack, error) {
	client := cloudformation.NewFromConfig(cfg)
	out, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	switch {
	case gone(err), err == nil && len(out.Stacks) == 1 && out.Stacks[0].StackStatus == types.StackStatusDeleteComplete:
		return Stack{}, fault.New(fault.NotFound, "there is no stack %s in %s %s", name, account, cfg.Region)
	case err != nil:
		return Stack{}, awsorg.Fault(err, "read the stack %s", name)
	case len(out.Stacks) != 1:
		return Stack{}, fault.New(fault.Unavailable, "read the stack %s: the API answered with %d stacks", name, len(out.Stacks))
	}
	s := described(out.Stacks[0])
	s.Account, s.Region = account, cfg.Region
	if s.Busy() || !s.Made() {
		return s, nil
	}
	if err := s.template(ctx, client); err != nil {
		return s, awsorg.Fault(err, "read the template of %s", name)
	}
	if err := s.members(ctx, client); err != nil {
		return s, awsorg.Fault(err, "list the resources of %s", name)
	}
	if bytes.Contains(s.Template, []byte("ImportValue")) {
		if err := s.exports(ctx, client); err != nil {
			return s, awsorg.Fault(err, "list the exports of %s", cfg.Region)
		}
	}
	return s, nil
}

func described(d types.Stack) Stack {
	s := Stack{
		Name: aws.ToString(d.StackName), ID: aws.ToString(d.StackId), State: string(d.StackStatus),
		Parameters: map[string]string{}, Tags: map[string]string{}, Outputs: map[string]string{},
	}
	for _, p := range d.Parameters { // one with NoEcho is ****
		s.Parameters[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
	}
	for _, t := range d.Tags {
		s.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	for _, o := range d.Outputs {
		s.Outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return s
}

// template reads what was written. Where transforms were at work, what they have made is read instead.
func (s *Stack) template(ctx context.Context, client *cloudformation.Client) error {
	out, err := client.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &s.ID, TemplateStage: types.TemplateStageOriginal})
	if err != nil {
		return err
	}
	s.Template = []byte(aws.ToString(out.TemplateBody))
	if len(s.Template) == 0 {
		return fault.New(fault.Unavailable, "the API answered without a template")
	}
	if !bytes.Contains(s.Template, []byte("Transform")) {
		return nil
	}
	out, err = client.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &s.ID, TemplateStage: types.TemplateStageProcessed})
	if err != nil {
		return err
	}
	if text := []byte(aws.ToString(out.TemplateBody)); len(text) > 0 && !bytes.Equal(text, s.Template) {
		s.Template, s.Processed = text, true
	}
	return nil
}

func (s *Stack) members(ctx context.Context, client *cloudformation.Client) error {
	pages := cloudformation.NewListStackResourcesPaginator(client, &cloudformation.ListStackResourcesInput{StackName: &s.ID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, r := range page.StackResourceSummaries {
			if r.ResourceStatus == types.ResourceStatusDeleteComplete || r.ResourceStatus == types.ResourceStatusDeleteSkipped {
				continue
			}
			s.Members = append(s.Members, Member{
				Name: aws.ToString(r.LogicalResourceId), ID: aws.ToString(r.PhysicalResourceId),
				Type: resource.Type(aws.ToString(r.ResourceType)), State: string(r.ResourceStatus),
			})
		}
		if len(s.Members) > maxMembers {
			return fault.New(fault.Invalid, "it has more than %d resources", maxMembers)
		}
	}
	return nil
}

func (s *Stack) exports(ctx context.Context, client *cloudformation.Client) error {
	s.Exports = map[string]string{}
	pages := cloudformation.NewListExportsPaginator(client, &cloudformation.ListExportsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, e := range page.Exports {
			s.Exports[aws.ToString(e.Name)] = aws.ToString(e.Value)
		}
	}
	return nil
}

// gone reports whether the API said that there is no such stack: it has no code of its own for that.
func gone(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == "ValidationError" && strings.Contains(api.ErrorMessage(), "does not exist")
}
