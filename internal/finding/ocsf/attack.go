package ocsf

import (
	"regexp"
	"strings"
)

// matrix is the version of MITRE ATT&CK that the tags of SigmaHQ's rules refer to.
const matrix = "17"

var technique = regexp.MustCompile(`^attack\.(t\d{4})(\.\d{3})?$`)

// tactics are the words of Sigma's tags (https://sigmahq.io/docs/) with ATT&CK's IDs and names.
func tactics(word string) (id, name string) {
	switch strings.ReplaceAll(word, "_", "-") {
	case "reconnaissance":
		return "TA0043", "Reconnaissance"
	case "resource-development":
		return "TA0042", "Resource Development"
	case "initial-access":
		return "TA0001", "Initial Access"
	case "execution":
		return "TA0002", "Execution"
	case "persistence":
		return "TA0003", "Persistence"
	case "privilege-escalation":
		return "TA0004", "Privilege Escalation"
	case "defense-evasion":
		return "TA0005", "Defense Evasion"
	case "credential-access":
		return "TA0006", "Credential Access"
	case "discovery":
		return "TA0007", "Discovery"
	case "lateral-movement":
		return "TA0008", "Lateral Movement"
	case "collection":
		return "TA0009", "Collection"
	case "exfiltration":
		return "TA0010", "Exfiltration"
	case "command-and-control":
		return "TA0011", "Command and Control"
	case "impact":
		return "TA0040", "Impact"
	}
	return "", ""
}

// attacks reads Sigma's tags. A tag does not say which tactic a technique is meant for, so each stands by itself.
func attacks(tags []string) (out []attack) {
	for _, tag := range tags {
		tag = strings.ToLower(tag)
		if m := technique.FindStringSubmatch(tag); m != nil {
			id := strings.ToUpper(m[1])
			a := attack{Version: matrix, Technique: &entity{UID: id}}
			if m[2] != "" {
				a.SubTechnique = &entity{UID: id + m[2]}
			}
			out = append(out, a)
			continue
		}
		if id, name := tactics(strings.TrimPrefix(tag, "attack.")); id != "" && strings.HasPrefix(tag, "attack.") {
			out = append(out, attack{Version: matrix, Tactic: &entity{UID: id, Name: name}})
		}
	}
	return out
}
