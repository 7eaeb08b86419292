package cli

import "github.com/spf13/cobra"

func (s *shell) guardrails() *cobra.Command {
	return group(
		"guardrails", "Write guardrails from what is expected, and try them on what happened",
		`Writes what prevents a violation before it is made: service control policies, resource control policies, rules of CloudFormation
Guard, and conformance packs of AWS Config. They are derived from the expectations that resources are judged by, and say of each
expectation what they prevent, which part of it they leave open, and why. What cannot be prevented can only be detected.

replay says which calls of the past a policy would have denied, and who made them. Nothing is attached or changed in AWS.`,
		`  jobzero guardrails scp --out guardrails/
  jobzero guardrails replay --policy guardrails/scp-1.json ./AWSLogs`,
		s.guardrailsSCP(), s.guardrailsRCP(), s.guardrailsGuard(), s.guardrailsConfig(), s.guardrailsReplay(),
	)
}
