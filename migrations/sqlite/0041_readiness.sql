-- One row, written to see whether anything can be.
CREATE TABLE readiness (
    id INTEGER PRIMARY KEY,
    tried_at TEXT NOT NULL
);
INSERT INTO readiness (id, tried_at) VALUES (1, '2026-11-26T00:00:00.000+00:00');
