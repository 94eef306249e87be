-- The break of a check, found by the check: many checks written in one statement make SQLite look for it.
CREATE INDEX breaks_by_check ON breaks (check_id);
