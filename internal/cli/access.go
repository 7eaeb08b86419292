package cli

import "github.com/spf13/cobra"

func (s *shell) access() *cobra.Command {
	return group("access", "Decide who can do what",
		`Decides over a call as AWS does, of all policies that have a say in it: those of the caller, of the resource, of the organisation,
of the network's endpoint, the permissions boundary and the policy of the session. A decision says on which statements it
rests; one that hangs on what is not known is Unknown, and says on what.`,
		`  jobzero access can arn:aws:iam::111122223333:role/deploy s3:PutObject arn:aws:s3:::shop/a.txt --from iam.json
  jobzero access who-can s3:GetObject arn:aws:s3:::payroll/2026.csv --from iam.json --from buckets.json
  jobzero access reach arn:aws:iam::111122223333:user/ana --from iam.json
  jobzero access least arn:aws:iam::111122223333:role/deploy --from iam.json --used uses.jsonl
  jobzero access who-did arn:aws:s3:::payroll ./AWSLogs
  jobzero access evaluate cases.json`,
		s.accessCan(), s.accessWho(), s.accessWhat(), s.accessEvaluate(), s.accessCollect(),
		s.accessEscalations(), s.accessReach(), s.accessReachedBy(), s.accessExposure(),
		s.accessMachines(), s.accessLedger(), s.accessUsed(), s.accessDid(), s.accessHumans(), s.accessClicks(),
		s.accessLeast(), s.accessApart(), s.accessGrants(), s.accessReplay())
}
