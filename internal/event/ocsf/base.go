package ocsf

import (
	"slices"
	"strings"

	"jobzero/internal/event"
)

// base is what a view begins with; profiles are those besides cloud.
func base(e *event.Event, class int, profiles ...string) Base {
	b := Base{
		ClassUID: class, Time: e.Time.UnixMilli(), SeverityID: 1, Severity: "Informational", Status: "Unknown",
		Metadata: Metadata{
			UID: string(e.ID), Version: Version, LogName: e.Log.String(), LogProvider: "AWS",
			Profiles: append([]string{"cloud"}, profiles...),
			Product:  Product{Name: product(e.Log), VendorName: "AWS"},
		},
		Cloud: Cloud{Provider: "AWS", Region: e.Region, Account: AccountOf(e.Account)},
	}
	if id := slices.Index(severities(), e.Severity); id > 0 {
		b.SeverityID, b.Severity = id, strings.ToUpper(e.Severity[:1])+e.Severity[1:]
	}
	switch class / 1000 {
	case 3:
		b.CategoryUID, b.CategoryName = 3, "Identity & Access Management"
	case 4:
		b.CategoryUID, b.CategoryName = 4, "Network Activity"
	default:
		b.CategoryUID, b.CategoryName = 6, "Application Activity"
	}
	b.ClassName = ClassName(class)
	return b
}

// severities are those of OCSF by their ID; what an event does not say has none.
func severities() []string { return []string{"", "informational", "low", "medium", "high", "critical"} }

// ClassName is the caption of a class, empty for one that there is not here.
func ClassName(class int) string {
	switch class {
	case AccountChangeUID:
		return "Account Change"
	case AuthenticationUID:
		return "Authentication"
	case NetworkActivityUID:
		return "Network Activity"
	case HTTPActivityUID:
		return "HTTP Activity"
	case DNSActivityUID:
		return "DNS Activity"
	case APIActivityUID:
		return "API Activity"
	}
	return ""
}

func product(l event.Log) string {
	switch l {
	case event.CloudTrail:
		return "CloudTrail"
	case event.VPCFlow:
		return "VPC Flow Logs"
	case event.Resolver:
		return "Route 53 Resolver"
	case event.S3Access:
		return "S3 Server Access Logs"
	case event.WAF:
		return "WAF"
	case event.LoadBalancer:
		return "Application Load Balancer"
	case event.CloudFront:
		return "CloudFront"
	case event.APIGateway:
		return "API Gateway"
	case event.EKSAudit:
		return "EKS"
	}
	return l.String()
}

func (b *Base) status(failed bool) {
	b.StatusID, b.Status = 1, "Success"
	if failed {
		b.StatusID, b.Status = 2, "Failure"
	}
}

// place fills in where it happened from the record, where the event does not know it.
func (b *Base) place(account, region string) {
	if b.Cloud.Account == nil {
		b.Cloud.Account = AccountOf(account)
	}
	if b.Cloud.Region == "" {
		b.Cloud.Region = region
	}
}

// stamp keeps the time as it was written. A number says no more than the time does.
func (b *Base) stamp(r *rest, keys ...string) {
	b.Metadata.OriginalTime = r.text(keys...)
}

// verdict says what a firewall decided, by its word. A firewall that only looks lets through.
func verdict(word string) Control {
	switch strings.ToUpper(word) {
	case "ACCEPT", "ALLOW":
		return decided(1, "Allowed", 1, "Allowed")
	case "REJECT", "BLOCK":
		return decided(2, "Denied", 2, "Blocked")
	case "ALERT":
		return decided(1, "Allowed", 19, "Alert")
	case "COUNT":
		return decided(1, "Allowed", 20, "Count")
	case "CAPTCHA":
		return decided(2, "Denied", 22, "Captcha")
	case "CHALLENGE":
		return decided(2, "Denied", 23, "Challenge")
	case "":
		return decided(0, "Unknown", 0, "Unknown")
	}
	return decided(other, word, other, word)
}

func decided(action int, name string, disposition int, what string) Control {
	return Control{ActionID: &action, Action: name, DispositionID: &disposition, Disposition: what}
}

// orNil leaves out an endpoint that nothing is known of. The schema wants one of the names, so one of which only the port or the
// network is known gets one that says so.
func orNil(e Endpoint) *Endpoint {
	if e.IP != "" || e.Hostname != "" || e.Name != "" || e.SvcName != "" || e.UID != "" || e.InstanceUID != "" || e.InterfaceUID != "" {
		return &e
	}
	if e.Port == nil && e.IntermediateIPs == nil && e.SubnetUID == "" && e.VPCUID == "" && e.Location == nil {
		return nil
	}
	e.Name = nameless
	return &e
}

// nameless stands for the name of what has to have one and has none.
const nameless = "unknown"
