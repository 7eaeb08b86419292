// Package wide tells people through the many services that a library of ours knows.
//
// It is: Discord, Google Chat, Teams, Telegram, Mattermost, Matrix, ntfy, Opsgenie and others, by their addresses as shoutrrr writes them.
// It takes: an address of the settings, which holds the service's secrets, and letters of deliveries.
// It gives: that the service took it. It hears nothing back, and has no buttons: what pages better goes by a channel of its own.
// Next door: notify carries deliveries by it.
package wide
