-- The installation's own short name: its cookies carry it, so that two installations on one host leave each other's alone.
CREATE TABLE installation (
    once BOOLEAN NOT NULL PRIMARY KEY CHECK (once),
    id TEXT NOT NULL DEFAULT (lower(hex(randomblob(4))))
);
INSERT INTO installation (once) VALUES (TRUE);
