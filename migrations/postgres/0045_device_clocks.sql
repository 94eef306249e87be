-- What the clocks showed around a check, beside device_at: the device's as it was sent, and the server's time as the device had
-- last heard it, with what its own clock showed then.
ALTER TABLE checks ADD COLUMN device_sent_at TIMESTAMPTZ;
ALTER TABLE checks ADD COLUMN heard_at TIMESTAMPTZ;
ALTER TABLE checks ADD COLUMN device_heard_at TIMESTAMPTZ;
