package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
)

// ReportNeed is what Report calls.
var ReportNeed = []string{"iam:GenerateCredentialReport", "iam:GetCredentialReport"} //nolint:gochecknoglobals // a constant that Go has no constants for

// CredentialReport is what GetCredentialReport answers; its content is CSV.
type CredentialReport struct {
	Content       []byte
	GeneratedTime time.Time
}

// reportTries and reportPause bound the waiting for a report, which IAM makes within seconds.
const (
	reportTries = 30
	reportPause = 2 * time.Second
)

// Report has IAM make the credential report of an account and gives it. IAM makes a new one only when the last is four hours old
// (docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html): it says when each credential was used, and is no proof of
// what is there now.
func Report(ctx context.Context, cfg aws.Config, account string) (CredentialReport, error) {
	client := iam.NewFromConfig(cfg)
	for range reportTries {
		out, err := client.GenerateCredentialReport(ctx, &iam.GenerateCredentialReportInput{})
		if err != nil {
			return CredentialReport{}, awsorg.Fault(err, "have the credential report of %s made", account)
		}
		if out.State != types.ReportStateTypeComplete {
			select {
			case <-ctx.Done():
				return CredentialReport{}, context.Cause(ctx)
			case <-time.After(reportPause):
			}
			continue
		}
		got, err := client.GetCredentialReport(ctx, &iam.GetCredentialReportInput{})
		if err != nil {
			return CredentialReport{}, awsorg.Fault(err, "read the credential report of %s", account)
		}
		return CredentialReport{got.Content, aws.ToTime(got.GeneratedTime)}, nil
	}
	return CredentialReport{}, fault.New(fault.Unavailable, "the credential report of %s was not made within %s: try again", account, reportTries*reportPause)
}
