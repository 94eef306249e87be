-- One row, written to see whether anything can be.
CREATE TABLE readiness (
    id INTEGER PRIMARY KEY,
    tried_at TEXT NOT NULL
);
