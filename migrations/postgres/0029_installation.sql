-- The installation's own short name: its cookies carry it, so that two installations on one host leave each other's alone.
CREATE TABLE installation (
    once BOOLEAN NOT NULL PRIMARY KEY CHECK (once),
    id TEXT NOT NULL DEFAULT left(gen_random_uuid()::text, 8)
);
INSERT INTO installation (once) VALUES (TRUE);
