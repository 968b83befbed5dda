"""Notifiers: alerts go to a webhook, to an MQTT broker, to the log."""
