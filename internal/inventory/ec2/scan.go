package ec2

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	inspector "github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Scans reads jobzero::Inspector::Instance: an instance that is there, and what Inspector says of scanning it. It begins with the
// instances, not with Inspector's list: what is missing there is what matters.
type Scans struct{}

// Type is the type of ours.
func (Scans) Type() resource.Type { return resource.InstanceScan }

// Needs lists what the reader calls.
func (Scans) Needs() []string {
	return []string{"ec2:DescribeInstances", "inspector2:BatchGetAccountStatus", "inspector2:ListCoverage"}
}

// Read reads an instance and its line in Inspector's list. ScanStatus is absent when Inspector answered and does not know it.
func (Scans) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	out, err := ec2.NewFromConfig(cfg).DescribeInstances(ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{ref.ID}})
	if noInstance(err) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	}
	x := only(out.Reservations, ref.ID)
	if x == nil || x.State == nil {
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered without the instance and its state", ref)
	}
	if x.State.Name == types.InstanceStateNameTerminated {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	res := resource.Resource{Ref: ref, Tags: map[string]string{}, Related: map[string]any{}, Properties: map[string]any{"InstanceState": string(x.State.Name)}}
	if x.LaunchTime != nil {
		res.Properties["LaunchTime"] = x.LaunchTime.UTC().Format(time.RFC3339)
	}
	for _, t := range x.Tags {
		res.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	scanned(ctx, inspector2.NewFromConfig(cfg), &res)
	return res, nil
}

// scanned fills in what Inspector says. What it would not say is unknown, each part of it.
func scanned(ctx context.Context, client *inspector2.Client, res *resource.Resource) {
	var found map[string]any
	inventory.Together(ctx, res, []inventory.Part{{Path: "properties.ScanStatus", Read: func(ctx context.Context) (inventory.Found, error) {
		var err error
		if found, err = coverage(ctx, client, res.ID); err != nil && !off(ctx, client, res.Account, err) {
			return inventory.Found{}, err
		}
		return inventory.Found{Value: found["ScanStatus"], Absent: len(found) == 0}, nil
	}}}, func(error) bool { return false })
	for name, v := range found {
		res.Properties[name] = v
	}
	for _, u := range res.Unknown {
		for _, name := range []string{"ScanReason", "ScanMode", "LastScannedAt"} {
			res.Unknown = append(res.Unknown, resource.Unknown{Path: "properties." + name, Cause: u.Cause, Code: u.Code})
		}
	}
}

// off reports whether the list was refused because Inspector is off in the account, and scans nothing: it says access denied then, as
// it does where the role may not ask.
func off(ctx context.Context, client *inspector2.Client, account string, err error) bool {
	if code, _ := awsorg.Classify(err); code != fault.Denied {
		return false
	}
	out, err := client.BatchGetAccountStatus(ctx, &inspector2.BatchGetAccountStatusInput{AccountIds: []string{account}})
	if err != nil || len(out.Accounts) != 1 {
		return false
	}
	a := out.Accounts[0]
	return aws.ToString(a.AccountId) == account && a.State != nil && a.State.Status == inspector.StatusDisabled
}

// coverage gives Inspector's line of an instance, nothing when there is none. The type of the resource is asked for too, because
// an instance may have lines of other types, such as those of a benchmark.
func coverage(ctx context.Context, client *inspector2.Client, id string) (map[string]any, error) {
	equal := func(s string) []inspector.CoverageStringFilter {
		return []inspector.CoverageStringFilter{{Comparison: inspector.CoverageStringComparisonEquals, Value: &s}}
	}
	pages := inspector2.NewListCoveragePaginator(client, &inspector2.ListCoverageInput{FilterCriteria: &inspector.CoverageFilterCriteria{
		ResourceId: equal(id), ResourceType: equal(string(inspector.CoverageResourceTypeAwsEc2Instance)), ScanType: equal(string(inspector.ScanTypePackage)),
	}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range page.CoveredResources {
			if aws.ToString(c.ResourceId) != id {
				continue
			}
			if c.ScanStatus == nil {
				return nil, fault.New(fault.Unavailable, "Inspector knows %s and does not say whether it is scanned", id)
			}
			m := map[string]any{"ScanStatus": string(c.ScanStatus.StatusCode), "ScanReason": string(c.ScanStatus.Reason), "ScanMode": string(c.ScanMode)}
			if c.LastScannedAt != nil {
				m["LastScannedAt"] = c.LastScannedAt.UTC().Format(time.RFC3339)
			}
			return m, nil
		}
	}
	return nil, nil
}

func only(list []types.Reservation, id string) *types.Instance {
	for _, r := range list {
		for i := range r.Instances {
			if aws.ToString(r.Instances[i].InstanceId) == id {
				return &r.Instances[i]
			}
		}
	}
	return nil
}

func noInstance(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (api.ErrorCode() == "InvalidInstanceID.NotFound" || api.ErrorCode() == "InvalidInstanceID.Malformed")
}

// List gives all instances, whatever Inspector knows of them.
func (s Scans) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	return gathered(ctx, s, cfg, inventory.Place{Account: account, Region: region, Type: s.Type()})
}

// Pages gives them in parts.
func (Scans) Pages(ctx context.Context, cfg aws.Config, p inventory.Place, from string, do inventory.Page) error {
	client := ec2.NewFromConfig(cfg)
	return paged(from, func(token *string) (refs []resource.Ref, next *string, err error) {
		out, err := client.DescribeInstances(ctx, &ec2.DescribeInstancesInput{MaxResults: aws.Int32(1000), NextToken: token})
		if err != nil {
			return nil, nil, awsorg.Fault(err, "list instances of %s in %s", p.Account, p.Region)
		}
		for _, r := range out.Reservations {
			for _, x := range r.Instances {
				if x.State == nil || x.State.Name != types.InstanceStateNameTerminated {
					refs = append(refs, resource.Ref{Type: resource.InstanceScan, Account: p.Account, Region: p.Region, ID: aws.ToString(x.InstanceId)})
				}
			}
		}
		return refs, out.NextToken, nil
	}, do)
}
