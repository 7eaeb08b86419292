package playbooks_test

// incidents are the scenes of playbooks that people begin in an incident.
func incidents() map[string][]scene {
	return map[string][]scene{
		"cluster-closed":          {{name: "open to the world", make: openCluster}},
		"cluster-answers-anybody": {{name: "open to the world", make: openCluster}},
		"coin-mining": {
			{name: "on a machine", make: mining(instance), reply: domainLists},
			{name: "in a function", make: mining(function), reply: domainLists},
		},
		"compromised-instance": {{name: "with a role", make: roleFrom(instance)}},
		"malware-on-instance":  {{name: "with a role", make: roleFrom(instance)}},
		"database-exposed":     {{name: "a database", make: database}, {name: "a copy of one", make: publicDatabaseCopy}},
		"malicious-function":   {{name: "open in every way", make: stolenFrom(strangeFunction)}},
		"trail-lost":           {{name: "all that watches is off", make: stolenFrom(dark)}},
	}
}

// strangeFunction lets everybody in by a permission and by an address.
func strangeFunction(w *town) met {
	m := function(w)
	w.permit("open", "*")
	w.address()
	return m
}

// mining has the list of names that are blocked, which the incident's is to come onto.
func mining(of func(*town) met) func(*town) met {
	return func(w *town) met {
		m := stolenFrom(of)(w)
		if m.tags == nil {
			m.tags = map[string]string{}
		}
		m.tags["jobzero:blocked-names"] = listID
		return m
	}
}

// dark has a trail that was stopped, a recorder that was stopped, and no detector.
func dark(w *town) met {
	m := stoppedTrail(w)
	stoppedRecorder(w)
	return m
}
