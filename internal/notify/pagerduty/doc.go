// Package pagerduty hands pages to PagerDuty.
//
// It is: the Events API v2: an alert is triggered, acknowledged and resolved under one key.
// It takes: the routing key of a service there, and letters of deliveries.
// It gives: one alert a thread, and what was refused for good apart from what may be tried again.
// Next door: notify carries deliveries by it.
package pagerduty
