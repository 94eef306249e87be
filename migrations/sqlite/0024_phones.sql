-- What a phone said of a check beside the check itself: the time by its own clock, and whether that clock goes wrong; and
-- whether somebody else looked at the same in the same minute.
ALTER TABLE checks ADD COLUMN device_at TEXT;
ALTER TABLE checks ADD COLUMN skewed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE checks ADD COLUMN doubled BOOLEAN NOT NULL DEFAULT FALSE;
