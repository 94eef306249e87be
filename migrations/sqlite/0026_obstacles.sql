-- What stood in the way of kept promises, for the board where it is answered; and the answers, which are added and never
-- changed. Each is known by the id of its break. Where the check was corrected since, it has left the board.
CREATE TABLE obstacles (
    id BLOB PRIMARY KEY REFERENCES breaks (id),
    business_id BLOB NOT NULL REFERENCES businesses (id),
    guarantee_id BLOB NOT NULL REFERENCES guarantees (id),
    place_id BLOB NOT NULL REFERENCES places (id),
    check_id BLOB NOT NULL REFERENCES checks (id),
    obstacle TEXT NOT NULL,
    known_at TEXT NOT NULL,
    answered_at TEXT,
    left_at TEXT
);
CREATE INDEX obstacles_waiting ON obstacles (business_id, known_at, id) WHERE answered_at IS NULL AND left_at IS NULL;
CREATE INDEX obstacles_answered ON obstacles (business_id, answered_at, id) WHERE answered_at IS NOT NULL AND left_at IS NULL;
CREATE INDEX obstacles_by_check ON obstacles (check_id);

CREATE TABLE obstacle_answers (
    id BLOB PRIMARY KEY,
    business_id BLOB NOT NULL REFERENCES businesses (id),
    obstacle_id BLOB NOT NULL REFERENCES obstacles (id),
    number INTEGER NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('done', 'planned', 'not_now')),
    words TEXT NOT NULL,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    UNIQUE (obstacle_id, number)
);

-- What was logged before there was a board.
INSERT INTO obstacles (id, business_id, guarantee_id, place_id, check_id, obstacle, known_at, left_at)
    SELECT b.id, b.business_id, b.guarantee_id, b.place_id, b.check_id, c.obstacle, b.known_at,
        (SELECT MIN(k.at) FROM corrections k WHERE k.business_id = b.business_id AND k.check_id = c.id)
    FROM checks c JOIN breaks b ON b.business_id = c.business_id AND b.id = c.break_id WHERE c.obstacle IS NOT NULL;
